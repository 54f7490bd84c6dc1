// What an empty chat says: whose phone this is, and for the shopkeeper three sentences to begin with.

import { post } from "./api.js";
import { el, notice } from "./dom.js";

const EXAMPLES = [
  ["28号门口又被电动车堵死了", "scooters"],
  ["门口垃圾桶满了,汤水流一地", "garbage"],
  ["人行道上井盖破了个洞,有人差点掉下去", "manhole"],
];
const PHONES = {
  商户: "店主的手机。点一句,替他说给机器人听:",
  路长: "路长的手机。店主一上报,这里的「应用」就会响,卡片上点一下就能认领。",
  督导: "督导的手机。不用盯:超时的会自己报上来,每天 18:00 有日报。",
  九员: "部门联络员的手机。转给他协办的问题会出现在「应用」里。",
};

// column: {town, person, chat, composer}
export function emptyChat(column) {
  const { town, person, chat } = column;
  const role = town.byId.get(person)?.role;
  if (chat.via === "mp") return scanning(column);
  if (!chat.group) {
    return hint(chat.via === "app" ? "应用的一对一会话:通知和带按钮的卡片在这里" : "和机器人一对一:不用 @,可以直接发照片");
  }
  return role === "商户" ? hint(PHONES[role], ...EXAMPLES.map((example) => pill(column, example)))
    : hint(PHONES[role] || `群里发消息请 @${town.botNames[0]}`);
}

// A merchant on plain WeChat: the poster at the kiosk opens a chat that knows the street.
function scanning(column) {
  const street = column.street.sections[0];
  const scan = () => post("say", { person: column.person, via: "mp", kind: "follow", text: street })
    .catch((error) => notice(`没有扫上:${error.message}`));
  return hint("没有企业微信也能报:用自己的微信关注公众号,一对一说给它听。",
    el("button", { type: "button", class: "example", onclick: scan }, el("span", {}, `扫${street}服务亭海报上的码`)));
}

function hint(text, ...more) {
  return el("li", { class: "hint" }, el("p", {}, text), ...more);
}

function pill(column, [text, photo]) {
  const { samples, botNames } = column.town;
  return el("button", { type: "button", class: "example", onclick: () => column.composer.perform(text, photo, 400) },
    el("img", { src: samples.find((sample) => sample.name === photo)?.url, alt: "附照片" }),
    el("span", {}, el("b", { class: "mention" }, `@${botNames[0]} `), text));
}
