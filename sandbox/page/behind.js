// A look behind one message or one issue: what went over the wire, how the bot understood it.

import { get } from "./api.js";
import { byId, el } from "./dom.js";

export async function behindMessage(entry) {
  open(el("p", {}, "…"));
  const [posted, understood] = await Promise.all([
    get(`deliveries?msgid=${encodeURIComponent(entry.id)}`), ask(`messages/${encodeURIComponent(entry.id)}`),
  ]);
  const last = posted.deliveries.at(-1);
  open(
    section("投递", posted.deliveries.map((one) => `第 ${one.attempt} 次 → ${one.status || one.error}(${one.ms} ms)`).join("\n")),
    section("加密的回调", last ? last.body : "没有投递"),
    section("解密后", last ? pretty(last.plain) : ""),
    section("机器人的理解", JSON.stringify(understood, null, 2)));
}

export async function behindIssue(number) {
  open(el("p", {}, "…"));
  open(section(`问题 #${number}`, JSON.stringify(await ask(`issues/${number}`), null, 2)));
}

function open(...nodes) {
  byId("behind-body").replaceChildren(...nodes);
  if (!byId("behind").open) byId("behind").showModal();
}

function section(title, text) {
  return el("section", {}, el("h3", {}, title), el("pre", {}, text));
}

function ask(path) {
  return get(path).catch((error) => ({ error: error.message }));
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
