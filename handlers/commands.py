"""The one table of commands: what each canonical verb does, and which verb a natural wording amounts to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers import (
    anonymous,
    chief,
    corrections,
    extension,
    feedback,
    joining,
    leave,
    merchant,
    merging,
    new_problem,
    postponing,
    queries,
    rejection,
    self_found,
    shop_notice,
    supervisor,
    suspension,
    transfer,
    undo,
    verification,
    withdrawal,
    work,
)
from handlers.visit import Result, Visit
from nlp.reading import Intent

Handler = Callable[[Visit], Result]

COMMANDS: Mapping[str, Handler] = {
    "认领": work.claim,
    "办结": work.resolve,
    "进展": work.progress,
    "满意": feedback.satisfied,
    "不满意": feedback.dissatisfied,
    "重开": feedback.reopen,
    "撤回": withdrawal.withdraw,
    "我也反映": joining.by_number,
    "新问题": new_problem.part,
    "补充": merchant.supplement,
    "催办": merchant.urge,
    "匿名": anonymous.hide,
    "已整改": shop_notice.rectified,
    "有异议": shop_notice.object_to,
    "查询": queries.query,
    "待办": queries.todo,
    "我的上报": queries.mine,
    "帮助": queries.show_help,
    "督办": supervisor.supervise,
    "缓办": suspension.suspend,
    "挂账": suspension.shelve,
    "恢复": suspension.resume,
    "不予受理": rejection.reject,
    "核查": verification.verify,
    "合并": merging.merge,
    "拆分": merging.split,
    "顺延": postponing.postpone,
    "超时": supervisor.overdue,
    "退回": chief.give_back,
    "转派": transfer.transfer,
    "协办": transfer.co_handle,
    "延期": extension.extend,
    "同意": extension.grant,
    "不同意": extension.refuse,
    "转外部": chief.send_outside,
    "静音": chief.mute,
    "请假": leave.away,
    "销假": leave.back,
    "随手办": self_found.book,
    "撤销": undo.undo,
    "路长": leave.who_is_responsible,
    "改类": corrections.change_category,
    "改路段": corrections.change_section,
    "不是上报": corrections.not_a_report,
}
"""Canonical verb → what it does."""

MEANT: Mapping[Intent, str] = {
    "claim": "认领",
    "progress": "进展",
    "resolve": "办结",
    "feedback_good": "满意",
    "feedback_bad": "不满意",
    "reopen": "重开",
    "query": "查询",
    "return": "退回",
    "transfer": "转派",
    "extend": "延期",
    "remind": "催办",
}
"""Natural wording → the command it amounts to."""
