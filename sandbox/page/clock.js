// The bot's business clock, jumps, and what comes next.

import { get, post } from "./api.js";
import { byId, el, notice } from "./dom.js";

const DAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
const MINUTE = 60_000;
let offset = 0;

// The clock of Zhengzhou, whatever the browser's zone is.
function town(ms = Date.now() + offset) {
  return new Date(ms + 8 * 60 * MINUTE);
}

function iso(date) {
  return `${date.toISOString().slice(0, 19)}+08:00`;
}

function at(hour, dayShift) {
  const date = town();
  date.setUTCDate(date.getUTCDate() + dayShift);
  date.setUTCHours(hour, 0, 0, 0);
  return date;
}

const JUMPS = [
  ["+15 分", () => ({ advance: "15m" })],
  ["+1 小时", () => ({ advance: "1h" })],
  ["到 18:00", () => ({ set: iso(at(18, town().getUTCHours() >= 18 ? 1 : 0)) })],
  ["明天 9:00", () => ({ set: iso(at(9, 1)) })],
];

export async function startClock() {
  byId("jumps").replaceChildren(...JUMPS.map(([label, body]) =>
    el("button", { type: "button", onclick: (event) => jump(event.currentTarget, body()) }, label)));
  byId("next-button").addEventListener("click", toggleNext);
  await get("upcoming").catch(() => null);
  await learn();
  show();
  setInterval(show, 1000);
}

async function learn() {
  const { now } = await get("state");
  offset = Date.parse(now) - Date.now();
}

function show() {
  const now = town();
  const text = now.toISOString();
  byId("now").textContent = `${text.slice(5, 10)} ${DAYS[now.getUTCDay()]} ${text.slice(11, 16)}`;
  byId("now").setAttribute("datetime", iso(now));
}

async function jump(button, body) {
  const buttons = [...byId("jumps").children];
  buttons.forEach((one) => { one.disabled = true; });
  button.classList.add("busy");
  await post("clock", body).then(() => notice(""), (error) => notice(`时钟没有动:${error.message}`));
  await learn();
  show();
  button.classList.remove("busy");
  buttons.forEach((one) => { one.disabled = false; });
  if (!byId("next").hidden) await showNext();
}

async function toggleNext() {
  byId("next").hidden = !byId("next").hidden;
  byId("next-button").setAttribute("aria-expanded", String(!byId("next").hidden));
  if (!byId("next").hidden) await showNext();
}

async function showNext() {
  const answer = await get("upcoming").catch((error) => ({ error: error.message }));
  const steps = answer.steps || [];
  const lines = steps.slice(0, 30).map((step) => el("li", {}, el("time", {}, moment(step.at)), ` ${what(step)}`));
  const nothing = answer.error ? "机器人没有应答" : "暂时没有要做的事";
  byId("next").replaceChildren(el("h2", {}, "接下来"),
    lines.length ? el("ol", {}, ...lines) : el("p", {}, nothing));
}

function moment(text) {
  const shown = town(Date.parse(text)).toISOString();
  return `${shown.slice(5, 10)} ${shown.slice(11, 16)}`;
}

function what(step) {
  return [step.issue && `#${step.issue}`, step.what || (step.issue && "到点检查")].filter(Boolean).join(" ");
}
