// The page: three people side by side, live.

import { behindIssue, behindMessage, lookBehindIn } from "./behind.js";
import { startClock } from "./clock.js";
import { Column } from "./column.js";
import { byId, el, notice } from "./dom.js";
import { post } from "./api.js";
import { Player } from "./player.js";
import { Store } from "./store.js";
import { loadTown } from "./town.js";
import { startWeather } from "./weather.js";

const WAIT = 1500;

async function townWhenReady() {
  for (;;) {
    const town = await loadTown();
    if (town.streets().length) return town;
    notice("正在等机器人启动,名册一到就开始…");
    await new Promise((done) => setTimeout(done, WAIT));
    await post("roster", {}).catch(() => null);
  }
}

async function start() {
  const town = await townWhenReady();
  notice("");
  lookBehindIn(town);
  const streets = town.streets();
  const store = new Store();
  await store.start((live) => notice(live ? "" : "与沙盒的连接断了,正在重连…"));
  const columns = town.cast(streets[0]).map((person) =>
    new Column(town, store, streets[0], person, behindMessage));
  byId("columns").replaceChildren(...columns.map((column) => column.node));
  store.listeners.add((entry, isNew) => columns.forEach((column) => column.take(entry, isNew)));
  fillStreets(town, streets, columns);
  showPeopleTabs(town, columns);
  byId("columns").addEventListener("person", () => showPeopleTabs(town, columns));
  byId("columns").addEventListener("click", (event) => {
    const number = event.target.closest("[data-issue]");
    if (number) behindIssue(number.dataset.issue);
  });
  await startClock();
  new Player({ columns, store, town, toStreet: (chat) => toStreet(chat, town, streets, columns) });
  await startWeather(store);
}

function fillStreets(town, streets, columns) {
  const select = byId("street");
  select.replaceChildren(...streets.map((group) => el("option", { value: group.chat_id }, group.name)));
  const show = () => toStreet(select.value, town, streets, columns);
  select.addEventListener("change", show);
  byId("cast").addEventListener("click", show);
}

function toStreet(chat, town, streets, columns) {
  byId("street").value = chat;
  const street = streets.find((group) => group.chat_id === chat);
  const cast = town.cast(street);
  columns.forEach((column, i) => column.setStreet(street, cast[i]));
}

// On a phone one column fills the screen; these names jump between them.
function showPeopleTabs(town, columns) {
  byId("people-tabs").replaceChildren(...columns.map((column) =>
    el("button", { type: "button", onclick: () => column.node.scrollIntoView({ inline: "start", block: "nearest" }) },
      town.name(column.person))));
}

start().catch((error) => notice(`页面没有启动:${error.message}`));
