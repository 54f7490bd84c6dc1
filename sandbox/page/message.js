// One message as a chat shows it.

import { el } from "./dom.js";
import { markdown, plainText, stripped } from "./markdown.js";

const KINDS = { voice: "[语音] ", location: "[位置] " };
const COLOURS = ["#3f7fbf", "#b0683c", "#5f8a3a", "#8a5aa8", "#b34f6b", "#2f8f8a", "#9a7b1f"];
const MACHINES = { robot: ["路", "机器人"], push: ["推", "消息推送"], app: ["应", "应用"], mp: ["公", "公众号"] };
const DONE = {
  press: (text) => `点了「${text}」`, enter: () => "进入会话", click: (text) => `点了菜单「${text}」`, unfollow: () => "取消了关注",
  follow: (text) => (text ? `扫了${text}的码,关注了` : "关注了"), scan: (text) => `又扫了${text}的码`,
};

// hooks: {me, town, onQuote, onPress, onBehind}
export function messageNode(entry, hooks) {
  if (DONE[entry.kind]) return trace(entry, hooks);
  const mine = entry.sender === "person" && entry.userid === hooks.me;
  const classes = ["message", entry.sender, mine ? "mine" : "", entry.heard ? "" : "unheard"];
  return el("li", { class: classes.join(" "), "data-id": entry.id },
    avatar(entry, hooks.town),
    el("div", { class: "said" },
      el("div", { class: "who" }, who(entry, hooks.town), el("time", {}, entry.at.slice(11, 16))),
      bubble(entry, hooks),
      entry.quote && quote(entry.quote),
      foot(entry, hooks)));
}

function trace(entry, hooks) {
  const words = DONE[entry.kind](entry.text);
  return el("li", { class: "trace", "data-id": entry.id }, el("button", { type: "button", class: "plain", title: "看幕后",
    onclick: () => hooks.onBehind(entry) }, `${entry.name} ${words}`));
}

function avatar(entry, town) {
  const [letter] = MACHINES[entry.sender] || [surname(entry, town)];
  const node = el("div", { class: "avatar", "aria-hidden": "true" }, letter);
  if (entry.sender === "person") node.style.background = colour(entry.userid);
  return node;
}

function surname(entry, town) {
  return { 商户: "商", 路长: "长", 督导: "督", 九员: "员", 管理员: "管" }[town.byId.get(entry.userid)?.role] || "客";
}

function colour(userid) {
  const sum = [...userid].reduce((total, letter) => total * 31 + letter.codePointAt(0), 7);
  return COLOURS[Math.abs(sum % 9973) % COLOURS.length];
}

function who(entry, town) {
  const label = MACHINES[entry.sender]?.[1] || town.title(entry.userid);
  return el("span", {}, entry.name, label && label !== entry.name && el("i", { class: "tag" }, label));
}

function bubble(entry, hooks) {
  if (entry.card) return card(entry, hooks);
  return el("div", { class: "bubble" },
    words(entry, hooks.town),
    ...entry.pictures.map((src) => el("a", { href: src, target: "_blank", rel: "noopener" },
      el("img", { src, alt: "照片", loading: "eager" }))),
    entry.file && file(entry));
}

function file(entry) {
  const kind = entry.text.split(".").at(-1).toUpperCase();
  return el("a", { class: "file", href: entry.file, download: entry.text }, el("b", { "aria-hidden": "true" }, kind.slice(0, 4)),
    el("span", {}, entry.text, el("small", {}, "点击下载")));
}

function words(entry, town) {
  if (entry.file || !entry.text) return null;
  const rich = entry.kind.startsWith("markdown");
  const body = rich ? markdown(entry.text, town)
    : [KINDS[entry.kind] || "", ...plainText(entry.text, town.botNames)];
  const names = rich ? [] : entry.mentions.map((id) => ` @${id === "@all" ? "所有人" : town.name(id)}`);
  return el("div", { class: "words" }, ...body, ...names.map((name) => el("b", { class: "mention" }, name)));
}

function card(entry, hooks) {
  const { title, desc, buttons, done } = entry.card;
  const press = (button) => () => hooks.onPress(entry, button);
  return el("div", { class: "bubble card" },
    title && el("div", { class: "card-title" }, ...plainText(title)),
    desc && el("div", { class: "words" }, ...plainText(desc)),
    el("div", { class: "buttons" }, ...(done
      ? [el("span", { class: "done" }, done)]
      : buttons.map((button) => el("button", { type: "button", onclick: press(button) }, button.text)))));
}

function quote(quoted) {
  const line = stripped(quoted.text) || (quoted.pictures.length ? "[图片]" : "");
  return el("div", { class: "quote" }, el("span", {}, `${quoted.name}:${line}`));
}

function foot(entry, hooks) {
  return el("div", { class: "foot" }, status(entry, hooks),
    el("button", { type: "button", class: "plain", onclick: () => hooks.onQuote(entry) }, "引用"));
}

function status(entry, hooks) {
  if (entry.sender !== "person") return null;
  if (!entry.heard) return el("span", { class: "warn" }, "机器人收不到");
  const last = entry.deliveries.at(-1);
  if (!last) return el("span", {}, "送达中…");
  const text = last.status === 200 ? `已送达 ${Math.round(last.ms)} ms` : `未送达(${last.status || last.error})`;
  return el("button", { type: "button", class: last.status === 200 ? "plain" : "plain warn", title: "看幕后",
    onclick: () => hooks.onBehind(entry) }, text, el("i", { class: "more" }, "幕后"));
}
