// All messages, kept fresh by server-sent events.

import { get } from "./api.js";

export class Store {
  constructor() {
    this.entries = new Map();
    this.listeners = new Set();
  }

  async start(onState) {
    const { last } = await get("state");
    const { messages } = await get("transcript");
    messages.forEach((entry) => this.entries.set(entry.id, entry));
    const live = new EventSource(`/sandbox-api/stream?since=${last}`);
    live.addEventListener("message", (event) => this.take(JSON.parse(event.data)));
    live.addEventListener("open", () => onState(true));
    live.addEventListener("error", () => onState(false));
  }

  take(entry) {
    const known = this.entries.get(entry.id);
    if (known && known.rev > entry.rev) return;
    this.entries.set(entry.id, entry);
    this.listeners.forEach((listener) => listener(entry, !known));
  }

  ofChat(chat) {
    return [...this.entries.values()].filter((entry) => entry.chat === chat);
  }
}
