"""The platform's error codes: which of them trying again can cure, and what a person should do."""

from __future__ import annotations

from collections.abc import Mapping

TEMPORARY: Mapping[int, float | None] = {
    -1: None,
    6000: None,
    40014: None,
    42001: None,
    45009: 60,
    45011: 60,
    45033: 5,
    45047: 60,
    846607: 60,
}
"""Curable by waiting, and for how many seconds at least. Every other code is final."""

ADVICE: Mapping[int, str] = {
    -1: "平台繁忙",
    40001: "secret 不对:请核对 WECOM_APP_SECRET(公众号为 WECHAT_MP_SECRET)",
    40003: "对方不是本公众号的用户",
    40004: "媒体格式不被接受",
    40006: "文件过大或过小",
    40007: "媒体文件已失效",
    40008: "消息类型不被接受",
    40009: "图片过大",
    40013: "企业 ID 不对:请核对 WECOM_CORP_ID(公众号为 WECHAT_MP_APP_ID)",
    40014: "access_token 不对",
    40037: "订阅通知的模板编号不对:请核对 WECHAT_MP_TEMPLATE",
    40029: "回复地址或卡片凭证无效、已用过或已过期",
    40056: "AgentId 不对:请核对 WECOM_AGENT_ID",
    40125: "公众号 secret 不对:请核对 WECHAT_MP_SECRET",
    40164: "本机出口 IP 不在公众号的 IP 白名单",
    40058: "内容过长或参数不合要求",
    42001: "access_token 已过期",
    42014: "卡片任务号已用过",
    43004: "对方已取消关注公众号",
    43101: "对方没有订阅通知",
    44004: "内容为空",
    45002: "内容过长",
    45009: "发送过于频繁",
    45015: "对方 48 小时内没有说话,等他下次说话再发",
    45033: "并发过多",
    45047: "客服消息条数已用完,等他下次说话再发",
    47003: "订阅通知的内容不合模板:请核对 WECHAT_MP_TEMPLATE_FIELDS",
    48001: "公众号没有这个接口的权限(客服消息需要已认证的公众号)",
    60020: "本机出口 IP 未列入应用的企业可信 IP",
    81013: "接收人不在应用的可见范围",
    93000: "推送 key 无效,或推送机器人已被移出群:请重新添加并更新 key",
    93004: "推送机器人已停用",
    93008: "推送机器人不在群里",
    846607: "长连接发送过于频繁",
    -2: "还没有人在这里对机器人说过话:请在该群 @ 机器人说一句,或 1:1 对它说一句",
    301019: "图片校验值不符",
    301002: "应用没有此权限",
}
TOO_LONG = 40058
EMPTY = 44004
TOO_LARGE = 40006
NOT_VISIBLE = 81013
TASK_EXISTS = 42014
NOT_FOLLOWING = 43004
NOT_SUBSCRIBED = 43101
UNTIL_NEXT_WORD = frozenset({45015, 45047})
"""公众号: nothing more may be sent until the follower writes again."""
NOBODY_SPOKE = -2
"""Not the platform's: we do not make the call."""
FINISHED = frozenset({6000, 846608})
"""A stream that was finished before cannot be changed (DOC 101463 names no code; these are seen in use)."""
