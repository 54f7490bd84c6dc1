// Bad weather on the way between platform and bot, and the count that nothing gets lost in it.

import { get, post } from "./api.js";
import { byId, el, notice, panel } from "./dom.js";

const OUT = ["aibot_response", "webhook", "message_send", "connect_send"];
// What the platform does to the bot's calls; about every second one, so that something gets through.
const SKIES = {
  fair: ["正常", null],
  slow: ["慢:每次要等 2 秒", { delay: 2 }],
  down: ["出错:一半回 503", { status: 503, probability: 0.5 }],
  busy: ["限流:一半回 45009", { errcode: 45009, probability: 0.5 }],
  lost: ["做了,但一半的应答丢在路上", { lose_answer: true, probability: 0.5 }],
};
// What happens to messages on their way to the bot.
const WAYS = {
  lose_answer: ["机器人的应答丢了,平台再投一次", true],
  duplicate: ["同一条消息同时投三份", 2],
  reorder: ["前后两条颠倒着投", true],
};
// What may befall the robot's long connection, where it has one.
const BLOWS = {
  close: "服务器重启",
  drop: "网线断了",
  freeze: "半开:谁也没断,但什么都不通",
  kick: "别处用同一个机器人连接",
};
let asked = null;

export async function startWeather(store) {
  const { connect } = await get("state");
  byId("weather").replaceChildren(el("h2", {}, "天气"), el("p", { class: "soft" }, "让平台出毛病,看会不会丢消息"),
    skies(), ways(), spoil(), ...(connect ? [blows()] : []));
  panel(byId("weather-button"), byId("weather"));
  store.listeners.add(() => countSoon());
  await learn();
  await count();
}

function skies() {
  return el("fieldset", {}, el("legend", {}, "机器人调用平台时"), ...Object.entries(SKIES).map(([name, [label]]) =>
    el("label", {}, el("input", { type: "radio", name: "sky", value: name, onchange: () => change() }), label)));
}

function ways() {
  return el("fieldset", {}, el("legend", {}, "平台把消息投给机器人时"), ...Object.entries(WAYS).map(([name, [label]]) =>
    el("label", {}, el("input", { type: "checkbox", name: "way", value: name, onchange: () => change() }), label)));
}

function spoil() {
  return el("button", { type: "button", class: "pill", onclick: () => act(post("tokens", { action: "expire" })) }, "让访问令牌现在过期");
}

function blows() {
  return el("fieldset", {}, el("legend", {}, "长连接"), ...Object.entries(BLOWS).map(([action, label]) =>
    el("button", { type: "button", class: "pill", onclick: () => act(post("connection", { action })) }, label)));
}

const inputs = (name) => [...byId("weather").querySelectorAll(`input[name=${name}]`)];

async function change() {
  const sky = SKIES[inputs("sky").find((one) => one.checked).value][1];
  const ways = inputs("way").filter((one) => one.checked).map((one) => [one.value, WAYS[one.value][1]]);
  const faults = sky ? OUT.map((endpoint) => ({ endpoint, ...sky })) : [];
  if (ways.length) faults.push({ endpoint: "callback", ...Object.fromEntries(ways) });
  await act((async () => {
    await fetch("/sandbox-api/faults", { method: "DELETE" });
    for (const fault of faults) await post("faults", fault);
  })());
  mark();
}

// The switches stand as the sandbox has them, also after the page was loaded again.
async function learn() {
  const { faults } = await get("faults");
  const out = faults.find((fault) => OUT.includes(fault.endpoint));
  const called = faults.find((fault) => fault.endpoint === "callback") || {};
  const sky = Object.keys(SKIES).find((name) => out && Object.entries(SKIES[name][1] || { x: 1 }).every(([key, value]) => out[key] === value));
  inputs("sky").forEach((one) => { one.checked = one.value === (sky || "fair"); });
  inputs("way").forEach((one) => { one.checked = Boolean(called[one.value]); });
  mark();
}

function mark() {
  const bad = inputs("way").some((one) => one.checked) || !inputs("sky")[0].checked;
  byId("weather-button").textContent = bad ? "天气:坏" : "天气:好";
  byId("weather-button").classList.toggle("storm", bad);
}

function act(promise) {
  return promise.then(() => notice(""), (error) => notice(`没有做成:${error.message}`));
}

function countSoon(pause = 500) {
  asked ??= setTimeout(() => { asked = null; count(); }, pause);
}

// Asked again until every message is dealt with.
async function count() {
  const tally = await get("tally").catch(() => null);
  if (!tally) return countSoon(3000);
  const { said, posts, acknowledged, handled, answered, silent, lost } = tally;
  const extra = posts > said ? `(投了 ${posts} 次)` : "";
  const still = silent ? `(${silent} 条无需答复)` : "";
  byId("tally").replaceChildren(`说了 ${said} 条${extra} · 收到 ${acknowledged} · 办完 ${handled} · 答复 ${answered}${still} · `,
    el("b", { class: lost ? "bad" : "good" }, `丢失 ${lost}`));
  if (handled < acknowledged) countSoon(1200);
}
