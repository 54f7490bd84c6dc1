// The bot's business clock: where it stands, jumps, and what comes next.

import { get, post } from "./api.js";
import { byId, el, notice, panel } from "./dom.js";
import { iso, moment, shifted } from "./moment.js";

const DAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
const STEPS = {
  unclaimed: "10 分钟没人认领,催责任人", before: "还剩 15 分钟,提醒责任人", deadline: "到处理时限,催责任人",
  late: "超时未办,继续催、逐级上报", reminder: "提醒责任人", officer: "部门协办中,到时催部门、续计时限",
  auto_close: "上报人没回复,按已处理结案",
  returned: "退回待派,催重新指派", review: "到复核日,问督导", daily: "日报发到督导群", weekly: "周报", monthly: "月报",
};
let offset = 0;
let quiet = null; // when quiet hours begin and end, "HH:MM"

// The town's clock, now or at a moment.
const town = (ms = Date.now() + offset) => shifted(ms);

function at(hour, dayShift) {
  const date = town();
  date.setUTCDate(date.getUTCDate() + dayShift);
  date.setUTCHours(hour, 0, 0, 0);
  return date;
}

// The nearest deadline still ahead, or "" when nothing is open.
async function deadline() {
  const now = Date.now() + offset;
  const { steps } = await get("upcoming");
  const ahead = steps.map((step) => Date.parse(step.deadline)).filter((moment) => moment > now);
  if (!ahead.length) throw new Error("没有还没到时限的问题,先上报一件试试");
  return { set: iso(town(Math.min(...ahead) + 1000)) };
}

const morning = async () => ({ set: iso(at(9, town().getUTCHours() >= 9 ? 1 : 0)) });

const JUMPS = [
  ["+15 分", async () => ({ advance: "15m" })],
  ["+1 小时", async () => ({ advance: "1h" })],
  ["到时限", deadline],
  ["到 18:00", async () => ({ set: iso(at(18, town().getUTCHours() >= 18 ? 1 : 0)) })],
  ["明天 9:00", async () => ({ set: iso(at(9, 1)) })],
];

export async function startClock() {
  byId("jumps").replaceChildren(...JUMPS.map(([label, move]) =>
    el("button", { type: "button", onclick: (event) => press(event.currentTarget, move) }, label)));
  byId("quiet").addEventListener("click", (event) => press(event.currentTarget, morning));
  panel(byId("next-button"), byId("next"), showNext);
  quiet = (await get("upcoming").catch(() => ({}))).quiet_hours || null;
  await learn();
  setInterval(show, 1000);
}

// Moves the clock and waits until what became due was said; a refusal is an Error with a sentence.
export async function moveClock(move) {
  await post("clock", move);
  await learn();
  if (!byId("next").hidden) await showNext();
}

// Milliseconds of the town's clock.
export const townNow = () => Date.now() + offset;

async function learn() {
  const { now } = await get("state");
  offset = Date.parse(now) - Date.now();
  show();
}

function show() {
  const now = town();
  const text = now.toISOString();
  byId("now").textContent = `${text.slice(5, 10)} ${DAYS[now.getUTCDay()]} ${text.slice(11, 16)}`;
  byId("now").setAttribute("datetime", iso(now));
  const night = Boolean(quiet) && within(text.slice(11, 16), ...quiet);
  byId("quiet").hidden = !night;
  byId("jumps").lastElementChild.hidden = night; // the same jump, and after midnight its name would mislead
}

function within(moment, from, to) {
  return from < to ? from <= moment && moment < to : from <= moment || moment < to;
}

async function press(button, move) {
  const buttons = [...byId("jumps").children];
  buttons.forEach((one) => { one.disabled = true; });
  button.classList.add("busy");
  try {
    await moveClock(await move());
    notice("");
  } catch (error) {
    notice(`时钟没有动:${error.message}`);
  }
  button.classList.remove("busy");
  buttons.forEach((one) => { one.disabled = false; });
}

async function showNext() {
  const answer = await get("upcoming").catch((error) => ({ error: error.message }));
  const steps = answer.steps || [];
  const lines = steps.slice(0, 30).map((step) => el("li", {}, jumpTo(step), " ", el("span", {}, what(step))));
  const nothing = answer.error ? "机器人没有应答" : "暂时没有要做的事";
  byId("next").replaceChildren(el("h2", {}, "接下来"), el("p", { class: "soft" }, "点时间就跳到那一刻"),
    lines.length ? el("ol", {}, ...lines) : el("p", {}, nothing));
}

function jumpTo(step) {
  const move = async () => ({ set: iso(town(Date.parse(step.at) + 1000)) });
  return el("button", { type: "button", onclick: (event) => press(event.currentTarget, move) }, moment(step.at));
}

function what(step) {
  const words = step.what === "held" ? `夜间攒下的 ${step.count} 条通知一起发出` : STEPS[step.what] || step.what || "到点检查";
  return step.issue ? `#${step.issue} ${words}` : words;
}
