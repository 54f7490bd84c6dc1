// Plays the scripted day through the same chats a visitor uses; it can be stopped at any step to join in.

import { get, post } from "./api.js";
import { moveClock, townNow } from "./clock.js";
import { DAY, STREET, WHO } from "./day.js";
import { byId, notice } from "./dom.js";
import { iso, shifted } from "./moment.js";

const ANSWERED_WITHIN = 12_000;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class Player {
  // stage: {columns, store, town, toStreet(chat id)}
  constructor(stage) {
    Object.assign(this, stage, { step: 0, playing: false, numbers: {}, day: "" });
    this.button = byId("play");
    this.speed = byId("speed");
    this.button.addEventListener("click", () => (this.playing ? this.stop() : this.play()));
    byId("player").hidden = !this.town.groups.some((group) => group.chat_id === STREET);
    this.show();
  }

  async play() {
    if (this.step >= DAY.length || !this.day) this.begin();
    this.playing = true;
    this.show();
    try {
      while (this.playing && this.step < DAY.length) await this.next();
    } catch (error) {
      notice(`停下了:${error.message}`);
    }
    this.playing = false;
    this.button.disabled = false;
    this.show();
  }

  // The step that has begun is played to its end; until then there is nothing to go on with.
  stop() {
    this.playing = false;
    this.button.disabled = true;
    this.tell("这一步放完就停…");
  }

  // The next working day that is not past half past eight.
  begin() {
    Object.assign(this, { step: 0, numbers: {} });
    this.toStreet(STREET);
    const date = shifted(townNow());
    if (date.toISOString().slice(11, 16) >= DAY[0].at) date.setUTCDate(date.getUTCDate() + 1);
    while ([0, 6].includes(date.getUTCDay())) date.setUTCDate(date.getUTCDate() + 1);
    this.day = date.toISOString().slice(0, 10);
  }

  async next() {
    const one = DAY[this.step];
    this.tell(`${one.at} ${one.tell}`);
    byId("progress").value = (this.step + 1) / DAY.length;
    const moment = `${this.day}T${one.at}:05+08:00`;
    let since = (await get("state")).last;
    if (iso(shifted(townNow())) < moment) await moveClock({ set: moment });
    const column = this.bring(one);
    await pause(Number(this.speed.value));
    if (one.say || one.press) since = (await get("state")).last;
    if (one.say) await this.say(one, column);
    if (one.press) await this.press(one);
    await this.answered(one, since);
    this.step += 1;
    await pause(Number(this.speed.value) / 2);
  }

  // Turns a phone to the chat where it happens; people without a phone on the page are heard all the same.
  bring(one) {
    const column = this.columns.find((each) => each.person === WHO[one.who]);
    const chat = column?.chats.find((each) => each.id === this.chat(one));
    if (!chat) return null;
    column.open(chat);
    column.node.scrollIntoView({ inline: "start", block: "nearest" });
    return column;
  }

  chat(one) {
    if (one.in === "app") return `app:${WHO[one.who]}`;
    if (one.in === "group") return STREET;
    const watched = this.town.groups.find((group) => group.chat_id === STREET).subdistrict;
    return this.town.groups.find((group) => group.kind === "supervisor" && group.subdistrict === watched)?.chat_id;
  }

  async say(one, column) {
    const text = one.say.replace(/\{(\w+)\}/g, (_, name) => this.numbers[name] || "");
    if (column) return column.composer.perform(text, one.photo, Number(this.speed.value) / 3);
    const grouped = one.in !== "app";
    await post("say", { person: WHO[one.who], via: grouped ? "aibot" : "app", chat_id: grouped ? this.chat(one) : null,
      mention: grouped, text, pictures: one.photo ? [one.photo] : [] });
  }

  async press(one) {
    const cards = this.store.ofChat(this.chat(one)).filter((entry) => entry.card && !entry.card.done);
    const card = cards.reverse().find((entry) => entry.card.buttons.some((button) => button.text === one.press));
    if (!card) return;
    await post("press", { message: card.id, key: card.card.buttons.find((button) => button.text === one.press).key });
  }

  // Waits for what the bot says, and learns the number of the issue.
  async answered(one, since) {
    const until = Date.now() + ANSWERED_WITHIN;
    while (Date.now() < until) {
      const answer = this.store.ofChat(this.chat(one)).find((entry) => entry.seq > since && entry.sender !== "person");
      const number = answer && /#(\d+)/.exec(answer.text);
      if (number && one.keep) this.numbers[one.keep] = number[1];
      if (answer) return;
      await pause(150);
    }
  }

  tell(text) {
    byId("story").textContent = text;
  }

  show() {
    const fresh = !this.day || this.step >= DAY.length;
    this.button.textContent = this.playing ? "❚❚ 停下,我来说" : fresh ? "▶ 看益民路的一天" : "▶ 接着放";
    if (this.playing) return;
    if (!this.day) this.tell("点一下,看店主、路长、督导怎样过完一天;随时可以停下自己说。");
    else if (fresh) this.tell("这一天过完了。现在换您来:在任何一部手机里写一句。");
    else this.tell(`停在第 ${this.step + 1} 步(共 ${DAY.length} 步)。您可以在任何一部手机里说话,再接着放。`);
  }
}
