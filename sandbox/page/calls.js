// What the bot asked of the platform because of one message, and what it was answered.

import { el } from "./dom.js";

const NAMES = {
  gettoken: "取令牌", webhook: "群推送", aibot_response: "机器人答复", message_send: "应用消息", media: "下载图片",
  media_upload: "上传文件",
};

// by: {since: machine time of the first delivery, numbers: issues it is about, message: as the bot read it}
export function callsBehind(calls, by) {
  const mine = calls.filter((call) => call.at >= by.since && belongs(call, by));
  const lines = mine.map((call) => el("li", { class: good(call) ? "good" : "bad" },
    `${NAMES[call.endpoint] || call.endpoint} → ${outcome(call)}(${call.ms} ms)`, details(call)));
  return el("section", {}, el("h3", {}, "4 机器人对平台的调用"),
    lines.length ? el("ul", {}, ...lines) : el("p", {}, "没有调用平台。"));
}

function belongs(call, { numbers, message }) {
  const code = call.query.response_code;
  if (code) return Boolean(message?.reply_to?.endsWith(code));
  if (call.endpoint === "media") return (message?.pictures || []).some((address) => address.endsWith(call.path));
  const said = JSON.stringify(call.body) || "";
  return numbers.some((number) => new RegExp(`#${number}(?!\\d)`).test(said));
}

const good = (call) => call.status === 200 && !call.answer?.errcode;

function outcome(call) {
  const code = call.answer?.errcode;
  const words = call.status !== 200 ? `HTTP ${call.status}` : code ? `错误 ${code} ${call.answer.errmsg}` : "成功";
  return call.note ? `${words} · ${call.note}` : words;
}

function details(call) {
  const text = `${call.method} ${call.path}\n${JSON.stringify(call.body, null, 2) || ""}\n\n→ ${JSON.stringify(call.answer, null, 2)}`;
  return el("details", {}, el("summary", {}, "请求与应答"), el("pre", { tabindex: "0" }, text));
}
