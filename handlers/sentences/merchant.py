"""What merchants are told, and owners of them: the same problem, 催办, 补充, 匿名, 自行整改."""

from __future__ import annotations

from collections.abc import Sequence

from domain.clock import BusinessTime
from domain.issues import STATE_NAMES, Issue, State
from domain.office import Office
from domain.safe_text import plain
from handlers import sentences

SHORT = sentences.SHORT


def joined(office: Office, issue: Issue, *, in_group: bool) -> str:
    """The receipt of a report that is there already."""
    head = [sentences.EMERGENCY] if issue.danger else []
    how = [sentences.how_to_reply(office, "新问题")] if in_group else []
    first = f"已有 #{issue.number},已为您一并反映;不同的问题请回复 新问题"
    return "\n".join([*head, first, *_standing(office, issue), *how])


def joined_by_number(office: Office, issue: Issue) -> str:
    return "\n".join([f"#{issue.number} 已为您一并反映,处理完也会请您确认。", *_standing(office, issue)])


def joined_already(issue: Issue) -> str:
    return f"#{issue.number} 您已经反映过了,处理完会请您确认。想催一下请回复:催办 {issue.number}"


def _standing(office: Office, issue: Issue) -> list[str]:
    """What it is, how it stands, who does it until when."""
    due = sentences.moment(office, issue.deadline)
    return [
        f"{sentences.kind(office, issue)} {sentences.place(issue)}",
        f"{STATE_NAMES[issue.state]} · 责任人 {office.owner_name(issue)} · 处理时限 {due}",
    ]


def again(office: Office, issue: Issue, others: int, text: str, pictures: int) -> str:
    """To the owner: more people have the same trouble."""
    shown = f" [图{pictures}]" if pictures else ""
    said = [f"商户反映:{plain(text, SHORT)}{shown}"] if text or pictures else []
    due = sentences.moment(office, issue.deadline)
    head = "⚠ 危险 " if issue.danger else ""
    first = (
        f"{head}#{issue.number} 又有{others}人反映:{sentences.kind(office, issue)} {sentences.place(issue)}"
    )
    return "\n".join([first, *said, f"请优先处理,时限 {due}"])


def merged_already(issue: Issue) -> str:
    return f"#{issue.number} 已并入 #{issue.merged_into},请回复:我也反映 {issue.merged_into}"


def over(issue: Issue) -> str:
    return f"#{issue.number} 现在是「{STATE_NAMES[issue.state]}」;问题又出现了请直接再报一次。"


def own_task(issue: Issue) -> str:
    return f"#{issue.number} 的责任人就是您,不用再反映。"


def nothing_to_part() -> str:
    return "10分钟内没有一并反映的问题。要报新问题,直接说地点和情况就行。"


def join_undone(issue: Issue) -> str:
    return f"#{issue.number} 已撤销您刚才的反映。"


def supplemented(issue: Issue, *, text: bool, pictures: int) -> str:
    what = "和".join(filter(None, ("说明" if text else "", f"照片{pictures}张" if pictures else "")))
    return f"#{issue.number} 已补充{what},会转给处理人。"


def supplement_for_owner(issue: Issue, text: str, pictures: int) -> str:
    shown = f" [图{pictures}]" if pictures else ""
    return f"#{issue.number} 上报人补充:{plain(text, SHORT) or '(见图)'}{shown}\n{sentences.place(issue)}"


def supplement_what(issue: Issue) -> str:
    return f"#{issue.number} 补充什么?请写一句话或附照片:补充 {issue.number} 情况"


def join_instead(issue: Issue, verb: str) -> str:
    return f"#{issue.number} 只有上报人可以{verb}。您也遇到了请回复:我也反映 {issue.number}"


def urged(office: Office, issue: Issue, sent_at: BusinessTime | None) -> str:
    """``sent_at``: when the owner may be reminded, if that is not now."""
    when = f",{sentences.moment(office, sent_at)} 提醒责任人" if sent_at else ",已提醒责任人"
    return "\n".join([f"#{issue.number} 已登记催办{when}。", *_standing(office, issue)])


def urged_already(office: Office, issue: Issue) -> str:
    return "\n".join([f"#{issue.number} 您30分钟内已催过一次,不重复提醒。", *_standing(office, issue)])


def cannot_urge(office: Office, issue: Issue) -> str:
    if issue.state is State.RESOLVED:
        how = f"您看好了请回复:满意 {issue.number};没好回复:不满意 {issue.number} 原因"
        return f"#{issue.number} 处理人说弄好了。{how}"
    review = f",{sentences.moment(office, issue.review_at)} 复核" if issue.review_at else ""
    return f"#{issue.number} 现在是「{STATE_NAMES[issue.state]}」{review},不能催办。"


def urge(office: Office, issue: Issue, now: BusinessTime, times: int) -> str:
    """To the owner, as a reminder."""
    return f"{sentences.reminder(office, issue, now)}\n上报人催办(第{times}次)"


def hidden(numbers: Sequence[int]) -> str:
    listed = " ".join(f"#{number}" for number in numbers)
    return f"{listed} 已改为匿名,今后只显示「商户」。"


def hidden_already(issue: Issue) -> str:
    return f"#{issue.number} 已经是匿名的。"


def hide_too_late(issue: Issue) -> str:
    return f"#{issue.number} 上报已超过10分钟,不能再改匿名。下次请先发:匿名"


def hide_next() -> str:
    return "好的。请在10分钟内说地点和情况,这一件不显示您的名字。"


def left(issue: Issue) -> str:
    return f"#{issue.number} 已把您从上报人中撤下;还有其他人反映,继续处理。"


def left_already(issue: Issue) -> str:
    return f"#{issue.number} 您已经撤回过了。"


def confirmed_already(issue: Issue) -> str:
    return f"#{issue.number} 已经确认结案,谢谢。"


def not_done_yet(issue: Issue) -> str:
    gone = f"问题已经没有了请回复:撤回 {issue.number}"
    return f"#{issue.number} 现在是「{STATE_NAMES[issue.state]}」,还没登记办结,不能确认满意。{gone}"


def reopened_already(office: Office, issue: Issue) -> str:
    due = sentences.moment(office, issue.deadline)
    return f"#{issue.number} 已经在重新处理,责任人 {office.owner_name(issue)},时限 {due}。"


def recurrence(issue: Issue) -> str:
    return f"复发:上次 #{issue.recurrence_of}"


def shown_in_group(office: Office, issue: Issue, who: str) -> str:
    """The one line a group sees of a report made 1:1, or by another system."""
    head = "⚠ 危险 " if issue.danger else ""
    due = sentences.moment(office, issue.deadline)
    what = f"{sentences.kind(office, issue)} {sentences.place(issue)}"
    return f"{head}#{issue.number} {plain(who, 30)}反映:{what},责任人 {office.owner_name(issue)},时限 {due}"


def put_right_first(office: Office, issue: Issue) -> str:
    """To the shop a report names; neither who reported nor in which words."""
    return (
        f"#{issue.number} 有人反映贵店:{sentences.kind(office, issue)}\n地点 {sentences.place(issue)}\n"
        f"请先自行整改(30分钟)。弄好了发照片并回复:已整改 {issue.number};"
        f"不是这样请回复:有异议 {issue.number} 原因"
    )


def ask_rectified_picture(numbers: Sequence[int]) -> str:
    listed = " ".join(f"#{number}" for number in numbers)
    return f"{listed} 请直接发整改后照片(10分钟内)。"


def rectified(issue: Issue) -> str:
    return f"#{issue.number} 已登记自行整改,等上报人确认,谢谢配合。"


def rectified_for_owner(office: Office, issue: Issue, pictures: int) -> str:
    return (
        f"#{issue.number} 店家已自行整改 [图{pictures}],等上报人确认。\n"
        f"{sentences.kind(office, issue)} {sentences.place(issue)}"
    )


def ask_objection(issue: Issue) -> str:
    return f"#{issue.number} 请说一下原因:有异议 {issue.number} 原因"


def objected(issue: Issue) -> str:
    return f"#{issue.number} 已记下您的异议,会转给路长核实。"


def objected_for_owner(office: Office, issue: Issue, reason: str, pictures: int) -> str:
    shown = f" [图{pictures}]" if pictures else ""
    return (
        f"#{issue.number} 店家有异议:{plain(reason, SHORT)}{shown}\n"
        f"{sentences.kind(office, issue)} {sentences.place(issue)},请到现场核实"
    )


def used_for_what(rows: Sequence[str]) -> str:
    """The offer for a picture that came before its command."""
    numbered = [f"{index}. {text}" for index, text in enumerate(rows, 1)]
    last = f"{len(rows) + 1}. 新问题"
    head = "照片用于哪件?10分钟内回复序号即登记办结(可选几个),或直接说:办结 编号"
    return "\n".join([head, *numbered, last])
