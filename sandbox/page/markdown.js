// The little markdown that WeCom shows, as nodes. Nothing becomes markup but what is listed here.

import { el } from "./dom.js";

const INLINE = /(\*\*[^*\n]+\*\*|<font color="(?:info|comment|warning)">[^<\n]*<\/font>|<@[^<>@\n]{1,64}>|\[[^\]\n]+\]\([^)\n]+\)|`[^`\n]+`|#\d+|\d\d-\d\d \d\d:\d\d)/;

// Text with issue numbers one can open, times kept in one piece, and the first of ``names`` marked.
export function plainText(text, names = []) {
  return withNames(text, names.map((name) => `@${name}`));
}

function withNames(text, names) {
  const wanted = names.filter((name) => text.includes(name));
  if (!wanted.length) return numbers(text);
  const at = text.indexOf(wanted[0]);
  const rest = text.slice(at + wanted[0].length);
  return [...numbers(text.slice(0, at)), el("b", { class: "mention" }, wanted[0]), ...numbers(rest)];
}

function numbers(text) {
  return text.split(/(#\d+|\d\d-\d\d \d\d:\d\d)/).filter(Boolean).map((part) => {
    if (/^#\d+$/.test(part)) {
      return el("button", { class: "number", type: "button", "data-issue": part.slice(1) }, part);
    }
    return /^\d\d-/.test(part) ? el("span", { class: "moment" }, part) : part;
  });
}

// Without the signs of markdown, for a line that only reminds of a message.
export function stripped(text) {
  return text.replace(/<\/?font[^>]*>|\*\*|^> ?/gm, "").replace(/<@([^<>@\n]+)>/g, "@$1");
}

export function markdown(text, town) {
  return text.split("\n").map((line) => block(line, town));
}

function block(line, town) {
  const heading = /^(#{1,6}) +(.+)$/.exec(line);
  if (heading) return el("p", { class: "heading" }, ...inline(heading[2], town));
  if (/^ *> ?/.test(line)) return el("p", { class: "quoted" }, ...inline(line.replace(/^ *> ?/, ""), town));
  if (/^ *[-*] /.test(line)) return el("p", { class: "item" }, ...inline(line.replace(/^ *[-*] /, "· "), town));
  return el("p", {}, ...inline(line, town));
}

function inline(text, town) {
  return text.split(INLINE).filter(Boolean).map((part) => node(part, town));
}

function node(part, town) {
  if (/^(#\d+|\d\d-\d\d \d\d:\d\d)$/.test(part)) return numbers(part)[0];
  if (/^\*\*[^*]+\*\*$/.test(part)) return el("b", {}, part.slice(2, -2));
  if (/^`[^`]+`$/.test(part)) return el("code", {}, part.slice(1, -1));
  const font = /^<font color="(\w+)">([^<]*)<\/font>$/.exec(part);
  if (font) return el("span", { class: font[1] }, font[2]);
  const mention = /^<@([^<>@]+)>$/.exec(part);
  if (mention) return el("b", { class: "mention" }, `@${town.name(mention[1])}`);
  const link = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(part);
  if (link) return el("span", { class: "link", title: link[2] }, link[1]);
  return part;
}
