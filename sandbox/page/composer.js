// Where one person writes: words, @, photos, a quote.

import { post } from "./api.js";
import { camera, el, notice } from "./dom.js";

export class Composer {
  constructor(town, speaker) {
    this.town = town;
    this.speaker = speaker; // () => {person, chat}
    this.pictures = [];
    this.quoted = null;
    this.node = this.build();
  }

  build() {
    const name = this.town.botNames[0];
    this.text = el("textarea", { rows: 1, placeholder: "写一条消息", "aria-label": "消息", onkeydown: (e) => this.key(e),
      oninput: () => this.grow() });
    this.at = el("button", { type: "button", class: "at", "aria-pressed": "true", onclick: () => this.toggleAt(),
      title: "群里只有 @ 机器人的消息它才收得到" }, `@${name}`);
    this.extras = el("div", { class: "extras" });
    this.strip = this.samples();
    const photo = el("button", { type: "button", class: "icon", "aria-label": "添加照片", title: "照片",
      onclick: () => { this.strip.hidden = !this.strip.hidden; } }, camera());
    const send = el("button", { type: "button", class: "send", onclick: () => this.send() }, "发送");
    return el("div", { class: "composer" }, this.strip, this.extras,
      el("div", { class: "row" }, this.at, this.text, photo, send));
  }

  samples() {
    const pick = (value, src) => { this.pictures.push({ value, src }); strip.hidden = true; this.showExtras(); };
    const own = el("input", { type: "file", accept: "image/*", "aria-label": "自选照片", onchange: (event) => {
      const reader = new FileReader();
      reader.onload = () => pick(reader.result, reader.result);
      if (event.target.files[0]) reader.readAsDataURL(event.target.files[0]);
      event.target.value = "";
    } });
    const strip = el("div", { class: "strip", hidden: true },
      ...this.town.samples.map(({ name, label, url }) => el("button", { type: "button", onclick: () => pick(name, url) },
        el("img", { src: url, alt: "", loading: "lazy" }), el("span", {}, label))),
      el("label", { class: "own" }, "＋ 自选", own));
    return strip;
  }

  // A lone voice or picture cannot name the robot; in 1:1 nobody needs to.
  setChat(chat) {
    this.at.hidden = !chat.group;
    this.at.setAttribute("aria-pressed", "true");
    this.quote(null);
  }

  toggleAt() {
    this.at.setAttribute("aria-pressed", String(this.at.getAttribute("aria-pressed") !== "true"));
  }

  quote(entry) {
    this.quoted = entry;
    this.showExtras();
    if (entry) this.text.focus();
  }

  showExtras() {
    const drop = (act) => () => { act(); this.showExtras(); };
    const quoted = this.quoted && el("span", { class: "chip" }, `引用 ${this.quoted.name}`,
      el("button", { type: "button", "aria-label": "不引用", onclick: drop(() => { this.quoted = null; }) }, "×"));
    const pictures = this.pictures.map((picture, i) => el("span", { class: "chip" },
      el("img", { src: picture.src, alt: "照片" }),
      el("button", { type: "button", "aria-label": "去掉照片", onclick: drop(() => this.pictures.splice(i, 1)) }, "×")));
    this.extras.replaceChildren(...[quoted, ...pictures].filter(Boolean));
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    }
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 120)}px`;
  }

  // Types and sends as a person would, for the scripted day.
  async perform(text, photo, pause) {
    this.text.value = text;
    this.grow();
    const sample = this.town.samples.find((one) => one.name === photo);
    if (sample) this.pictures.push({ value: sample.name, src: sample.url });
    this.showExtras();
    await new Promise((done) => setTimeout(done, pause));
    await this.send();
  }

  async send() {
    const { person, chat } = this.speaker();
    const text = this.text.value.trim();
    if (!text && !this.pictures.length) return;
    const mention = chat.group && this.at.getAttribute("aria-pressed") === "true";
    const body = { person, via: chat.via, chat_id: chat.group ? chat.id : null, text, mention,
      pictures: this.pictures.map((picture) => picture.value), quote: this.quoted?.id || null };
    this.text.value = "";
    this.pictures = [];
    this.quote(null);
    this.grow();
    await post("say", body).then(() => notice(""), (error) => notice(`没有发出:${error.message}`));
  }
}
