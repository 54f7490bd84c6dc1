// One phone: a person, his chats, the chat that is open, and where he writes.

import { post } from "./api.js";
import { Composer } from "./composer.js";
import { el, notice } from "./dom.js";
import { stripped } from "./markdown.js";
import { messageNode } from "./message.js";
import { emptyChat } from "./welcome.js";

const BANNER = 7000;

export class Column {
  constructor(town, store, street, person, onBehind) {
    Object.assign(this, { town, store, street, person, onBehind, unread: new Map() });
    this.composer = new Composer(town, () => ({ person: this.person, chat: this.chat }));
    this.select = el("select", { "aria-label": "人物", onchange: () => this.setPerson(this.select.value) });
    this.tabs = el("div", { class: "tabs", role: "tablist", "aria-label": "会话", onkeydown: (event) => this.arrow(event) });
    this.list = el("ol", { class: "messages", "aria-live": "off", tabindex: "0", "aria-label": "消息" });
    this.followEnd();
    this.banner = el("button", { type: "button", class: "banner", hidden: true });
    this.role = el("span", { class: "role" });
    this.node = el("section", { class: "phone" },
      el("div", { class: "top" }, this.select, this.role), this.tabs,
      el("div", { class: "screen" }, this.list, this.banner), this.composer.node);
    // read aloud only the phone one is at: three would say everything three times
    this.node.addEventListener("focusin", () => this.list.setAttribute("aria-live", "polite"));
    this.node.addEventListener("focusout", () => this.list.setAttribute("aria-live", "off"));
    this.fillPeople();
    this.setPerson(person);
  }

  fillPeople() {
    this.select.replaceChildren(...this.town.choices(this.street).map(({ label, people }) =>
      el("optgroup", { label }, ...people.map((p) => el("option", { value: p.userid }, this.town.label(p))))));
  }

  setStreet(street, person) {
    this.street = street;
    this.fillPeople();
    this.setPerson(person);
  }

  setPerson(person) {
    this.person = person;
    this.select.value = person;
    this.role.textContent = this.town.title(person);
    this.node.setAttribute("aria-label", this.town.name(person));
    this.unread.clear();
    this.chats = this.town.chatsOf(person);
    this.openStreet();
    this.node.dispatchEvent(new CustomEvent("person", { bubbles: true }));
  }

  // The street's group, or whatever this person has first.
  openStreet() {
    this.open(this.chats.find((chat) => chat.id === this.street.chat_id) || this.chats[0]);
  }

  open(chat) {
    this.chat = chat;
    this.unread.delete(chat.id);
    this.banner.hidden = true;
    this.composer.setChat(chat);
    this.showTabs();
    const entries = this.store.ofChat(chat.id);
    this.list.replaceChildren(...(entries.length ? entries.map((entry) => this.draw(entry)) : [emptyChat(this)]));
    this.toEnd();
  }

  showTabs() {
    this.tabs.replaceChildren(...this.chats.map((chat) => {
      const count = this.unread.get(chat.id);
      return el("button", { type: "button", role: "tab", "aria-selected": String(chat === this.chat),
        tabindex: chat === this.chat ? "0" : "-1",
        onclick: () => this.open(chat) }, chat.name, count && el("b", { class: "badge" }, String(count)));
    }));
  }

  draw(entry) {
    return messageNode(entry, { me: this.person, town: this.town, onQuote: (one) => this.composer.quote(one),
      onPress: (one, button) => this.press(one, button), onBehind: this.onBehind });
  }

  take(entry, isNew) {
    if (entry.chat !== this.chat.id) return isNew && this.elsewhere(entry);
    const old = [...this.list.children].find((node) => node.dataset.id === entry.id);
    if (old) return old.replaceWith(this.draw(entry));
    const stay = !this.atEnd && entry.userid !== this.person;
    this.list.querySelector(".hint")?.remove();
    this.list.append(this.draw(entry));
    if (!stay) this.toEnd();
  }

  // Something new in another chat: a number on its tab, and a banner as a phone shows it.
  elsewhere(entry) {
    const chat = this.chats.find((one) => one.id === entry.chat);
    if (!chat) return;
    this.unread.set(chat.id, (this.unread.get(chat.id) || 0) + 1);
    this.showTabs();
    if (entry.sender === "person") return;
    this.banner.replaceChildren(el("b", {}, chat.name), el("span", {}, stripped(entry.text) || "[图片]"));
    this.banner.onclick = () => this.open(chat);
    this.banner.hidden = false;
    clearTimeout(this.fading);
    this.fading = setTimeout(() => { this.banner.hidden = true; }, BANNER);
  }

  // Arrow keys go from chat to chat, as in any list of tabs.
  arrow(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = this.chats[(this.chats.indexOf(this.chat) + step + this.chats.length) % this.chats.length];
    this.open(next);
    this.tabs.querySelector("[aria-selected=true]").focus();
  }

  // Whoever reads the newest stays with it when a picture arrives or the screen changes.
  followEnd() {
    this.atEnd = true;
    this.list.addEventListener("scroll", () => {
      this.atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
    });
    const stick = () => this.atEnd && this.toEnd();
    this.list.addEventListener("load", stick, true);
    new ResizeObserver(stick).observe(this.list);
  }

  toEnd() {
    this.atEnd = true;
    requestAnimationFrame(() => { this.list.scrollTop = this.list.scrollHeight; });
  }

  async press(entry, button) {
    await post("press", { message: entry.id, key: button.key })
      .then(() => notice(""), (error) => notice(`没有按下:${error.message}`));
  }
}
