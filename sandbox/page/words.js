// The bot's codes in the words of the page.

export const INTENTS = {
  report: "上报问题", claim: "认领", progress: "进展", resolve: "办结", return: "退回", transfer: "转派",
  feedback_good: "满意", feedback_bad: "不满意", query: "查询", reopen: "重开", extend: "延期", remind: "催办",
  question: "提问", chatter: "闲聊", spam: "广告",
};
export const CATEGORIES = {
  parking: "停车秩序", garbage: "环境卫生", ads: "广告宣传", vending: "占道经营", construction: "施工管理",
  facility: "公共设施", noise: "噪音扰民", greening: "园林绿化", other_street: "其他街面",
};
export const ROUTES = {
  reply: "机器人答复", webhook: "群推送", app: "应用消息", card: "更新卡片", mp: "公众号客服消息", mp_template: "公众号订阅通知",
};
export const STATES = { waiting: "等待发出", sending: "正在发", asleep: "等他下次说话", sent: "已发出", failed: "没有发成", void: "已被后来的代替" };
