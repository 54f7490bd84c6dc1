// A day on 益民路, as it is played. at: clock of the day; who: see WHO; in: group, app or watch (supervisors' group);
// say / photo / press: what is done; keep: name of the number in the answer, for {name} in later words.

export const STREET = "wr-yiminlu";
export const WHO = {
  shop: "shop-yiminlu-2", noodles: "shop-yiminlu-1", chief: "chief3-yiminlu", watcher: "sup-jiefang",
};

export const DAY = [
  { at: "08:30", tell: "早上开门,五金店门口又被电动车堵了。店主在群里 @路管家 说一句,附张照片。",
    who: "shop", in: "group", say: "28号门口又被电动车堵死了,货都搬不进来", photo: "scooters", keep: "scooters" },
  { at: "08:33", tell: "路长正骑车巡路。手机响了:卡片上点一下「认领」。", who: "chief", in: "app", press: "认领" },
  { at: "08:50", tell: "烩面馆也来报一件。店在名册里,不用说地址。",
    who: "noodles", in: "group", say: "门口垃圾桶满了,汤水流一地", photo: "garbage", keep: "garbage" },
  { at: "09:25", tell: "电动车挪走了,路长办结。", who: "chief", in: "app", say: "办结 {scooters}" },
  { at: "09:27", tell: "真解决了吗?机器人去问上报的人。他点「好了」,这才算结案。", who: "shop", in: "app", press: "好了" },
  { at: "10:30", tell: "井盖坏了,有危险:先提示拨打应急电话,同时告诉二级路长。",
    who: "shop", in: "group", say: "12号门口井盖破了个洞,刚才有人差点掉下去", photo: "manhole", keep: "manhole" },
  { at: "10:33", tell: "路长两分钟后接下。", who: "chief", in: "group", say: "收到 {manhole}" },
  { at: "10:58", tell: "换好井盖,拍照办结:照片和话在同一条消息里。", who: "chief", in: "group", say: "办结 {manhole}", photo: "clean" },
  { at: "11:05", tell: "上报的人看过,点「好了」。", who: "shop", in: "app", press: "好了" },
  { at: "14:51", tell: "烩面馆那件一直没人动。到了时限,机器人自己催路长。", who: "chief", in: "app" },
  { at: "15:25", tell: "又过半小时还没办:报到二级路长。督导什么都不用盯。", who: "chief", in: "app" },
  { at: "15:40", tell: "路长赶来清了,拍照办结。", who: "chief", in: "group", say: "办结 {garbage}", photo: "clean" },
  { at: "15:50", tell: "烩面馆不满意。不算结案,退回给同一个人,返工记一次。",
    who: "noodles", in: "group", say: "不满意 {garbage} 地上的油没有冲" },
  { at: "16:40", tell: "冲干净了,再办结一次。", who: "chief", in: "group", say: "办结 {garbage}", photo: "clean" },
  { at: "16:45", tell: "这回满意,打五分。", who: "noodles", in: "group", say: "满意 {garbage} 5" },
  { at: "17:30", tell: "督导查一下这件的经过:谁在几点做了什么,一条不少。", who: "watcher", in: "watch", say: "查询 {garbage}" },
  { at: "18:00", tell: "六点整,日报自己到督导群:办了几件,按时几件,返工几件。", who: "watcher", in: "watch" },
];
