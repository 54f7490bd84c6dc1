// A look behind one message or one issue: what went over the wire, how the bot understood it, what it did.

import { get } from "./api.js";
import { callsBehind } from "./calls.js";
import { byId, el } from "./dom.js";
import { moment } from "./moment.js";
import { CATEGORIES, INTENTS, ROUTES, STATES } from "./words.js";

let town = null;

// Names of people come from the town.
export function lookBehindIn(known) {
  town = known;
}

export async function behindMessage(entry) {
  open("一条消息的幕后", el("p", { class: "soft" }, "…"));
  const [posted, understood, { calls }] = await Promise.all([
    get(`deliveries?msgid=${encodeURIComponent(entry.id)}`), ask(`messages/${encodeURIComponent(entry.id)}`), get("calls"),
  ]);
  const numbers = [...new Set((understood.outbox || []).map((row) => row.issue).filter(Boolean))];
  const issues = await Promise.all(numbers.map((number) => ask(`issues/${number}`)));
  open("一条消息的幕后",
    el("blockquote", {}, `${entry.name}:${entry.text || "[图片]"}`),
    delivered(posted.deliveries),
    reading(understood),
    done(understood),
    callsBehind(calls, { since: posted.deliveries[0]?.at || Infinity, numbers, message: understood.message }),
    ...issues.map(history));
}

export async function behindIssue(number) {
  open(`#${number}`, el("p", { class: "soft" }, "…"));
  const found = await ask(`issues/${number}`);
  if (found.error) return open(`#${number}`, el("p", {}, found.error));
  const { issue, outbox } = found;
  open(`#${number} ${issue.state_zh}`,
    el("blockquote", {}, issue.text),
    facts([["路段", issue.section || "待核"], ["地点", [issue.house_number && `${issue.house_number}号`, issue.shop].filter(Boolean).join(" ")],
      ["责任人", issue.owner && town.name(issue.owner)], ["上报", moment(issue.reported_at)], ["时限", moment(issue.deadline)],
      ["按时", issue.on_time == null ? "" : issue.on_time ? "是" : "否"]]),
    history(found),
    section("为它发出的消息", sent(outbox)),
    raw("全部字段", issue));
}

function open(title, ...nodes) {
  byId("behind-title").textContent = title;
  byId("behind-body").replaceChildren(...nodes.filter(Boolean));
  if (!byId("behind").open) byId("behind").showModal();
  byId("behind-body").scrollTop = 0;
}

function section(title, ...nodes) {
  return el("section", {}, el("h3", {}, title), ...nodes);
}

// Folded away, for those who want the bytes.
function raw(title, value) {
  const text = typeof value === "string" ? pretty(value) : JSON.stringify(value, null, 2);
  return el("details", {}, el("summary", {}, title), el("pre", { tabindex: "0" }, text));
}

function facts(rows) {
  const shown = rows.filter(([, value]) => value);
  return el("dl", {}, ...shown.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

function delivered(deliveries) {
  if (!deliveries.length) return section("投递", el("p", {}, "没有投递:群里没有 @ 机器人的消息,平台不会给它。"));
  const last = deliveries.at(-1);
  const lines = deliveries.map((one) => el("li", { class: one.status === 200 ? "good" : "bad" },
    `第 ${one.attempt} 次${one.copy > 1 ? `(第 ${one.copy} 份)` : ""}:${said(one)}`));
  return section("1 平台加密投递", el("ul", {}, ...lines), raw("加密的回调", last.body), raw("签名", last.query),
    raw("解密后", last.plain));
}

function said(one) {
  const lost = one.lost ? ",应答在路上丢了,平台会再投一次" : "";
  return one.status ? `机器人 ${one.ms} ms 后应答 ${one.status}${lost}` : `没有应答(${one.error})`;
}

function reading(understood) {
  if (understood.error) return section("2 机器人的理解", el("p", {}, "按钮和进入会话不需要理解文字。"));
  const read = parse(understood.reading);
  if (!read) return section("2 机器人的理解", el("p", {}, understood.state === "waiting" ? "还在排队" : "没有文字要理解"));
  const words = (read.matched || []).map((word) => el("mark", {}, word));
  return section("2 机器人的理解",
    facts([["意图", `${INTENTS[read.intent] || read.intent}(把握 ${Math.round(read.confidence * 100)}%)`],
      ["指令", read.command], ["类别", CATEGORIES[read.category]], ["路段", read.section],
      ["编号", (read.numbers || []).join("、")], ["危险", read.danger ? "是" : ""]]),
    words.length ? el("p", {}, "决定它的词:", ...words.flatMap((word) => [word, " "])) : null,
    raw("原样", read));
}

function done(understood) {
  if (understood.error) return null;
  const words = understood.outbox.length ? sent(understood.outbox) : el("p", {}, "没有要说的话。");
  return section("3 写下结果,一次事务", el("p", { class: "soft" }, `结果:${understood.outcome || understood.state}`), words);
}

function sent(outbox) {
  return el("ul", {}, ...outbox.map((row) => el("li", { class: row.state === "failed" ? "bad" : "good" },
    `${ROUTES[row.route] || row.route} · ${STATES[row.state] || row.state}${row.attempts > 1 ? `(${row.attempts} 次)` : ""}${row.reason ? ` · ${row.reason}` : ""}`,
    el("div", { class: "soft" }, row.text))));
}

function history(found) {
  if (found.error) return null;
  const lines = found.history.map((event) => el("li", {}, el("time", {}, moment(event.at)),
    ` ${event.action} · ${event.actor_name || "系统"}${event.reason ? ` · ${event.reason}` : ""}`));
  return section(`办理经过 #${found.issue.number}`, el("ol", {}, ...lines));
}

function ask(path) {
  return get(path).catch((error) => ({ error: error.message }));
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function pretty(text) {
  const value = parse(text);
  return value === null ? text : JSON.stringify(value, null, 2);
}
