// Who there is and who sees which chat.

import { get } from "./api.js";

const ROLES = ["商户", "路长", "督导", "九员", "管理员"];
const LEVELS = ["", "一级", "二级", "三级", "四级"];

export async function loadTown() {
  const [{ groups }, { people }, { samples }, state] = await Promise.all([
    get("groups"), get("people"), get("samples"), get("state"),
  ]);
  return new Town(groups, people, samples, state.bot_names);
}

class Town {
  constructor(groups, people, samples, botNames) {
    Object.assign(this, { groups, people, samples, botNames });
    this.byId = new Map(people.map((person) => [person.userid, person]));
  }

  streets() {
    const streets = this.groups.filter((group) => group.kind === "street");
    return streets.sort((a, b) => (b.chat_id === "wr-yiminlu") - (a.chat_id === "wr-yiminlu"));
  }

  name(userid) {
    return this.byId.get(userid)?.name || userid;
  }

  // The chats of one person: his groups, for a shopkeeper the 公众号 on his own WeChat, the app, the robot.
  chatsOf(userid) {
    const mine = new Set(this.byId.get(userid)?.groups || []);
    const groups = this.groups.filter((group) => mine.has(group.chat_id));
    return [
      ...groups.map((group) => ({ id: group.chat_id, name: group.name, via: "aibot", group: true })),
      ...(this.byId.get(userid)?.role === "商户" ? [{ id: `mp:${userid}`, name: "公众号", via: "mp", group: false }] : []),
      { id: `app:${userid}`, name: "应用", via: "app", group: false },
      { id: `aibot:${userid}`, name: "机器人", via: "aibot", group: false },
    ];
  }

  // Merchant, chief and supervisor of one street.
  cast(street) {
    const members = this.people.filter((person) => person.groups.includes(street.chat_id));
    const merchants = members.filter((person) => person.role === "商户");
    const chiefs = members.filter((person) => person.role === "路长");
    const shop = merchants.find((person) => person.name.endsWith("五金店")) || merchants[0];
    const chief = chiefs.find((person) => person.level === 3) || chiefs[0];
    const watcher = this.people.find((p) => p.role === "督导" && p.unit === street.subdistrict);
    return [shop, chief, watcher].map((person) => person?.userid || members[0]?.userid || "");
  }

  // People by role; those of the street first.
  choices(street) {
    const near = (person) =>
      person.groups.includes(street.chat_id) || person.unit === street.subdistrict;
    return ROLES.flatMap((role) => {
      const all = this.people.filter((person) => person.role === role);
      const local = all.filter(near);
      const far = all.filter((person) => !near(person));
      return [
        { label: role, people: local }, { label: `${role}(其他路段)`, people: far },
      ].filter((choice) => choice.people.length);
    });
  }

  // How a person stands in the list one chooses from: officers with their department, substitutes marked.
  label({ name, role, unit, substitute_of: absent }) {
    if (role === "九员" && !name.includes(unit)) return `${unit} ${name}`;
    return absent?.length && !name.includes("备岗") ? `${name}(备岗)` : name;
  }

  title(userid) {
    const person = this.byId.get(userid);
    if (!person) return "";
    const role = person.role === "路长" ? `${LEVELS[person.level] || ""}路长` : person.role;
    return person.substitute_of?.length ? `${role}(备岗)` : role;
  }
}
