"""What is said about 随手办."""

from __future__ import annotations

from collections.abc import Sequence

from domain.issues import Issue
from domain.office import Office
from handlers.sentences.parts import kind, place


def booked(office: Office, issue: Issue, *, picture: bool) -> str:
    tail = "" if picture else "\n有照片请在10分钟内直接发来。"
    return f"#{issue.number} 已记入自查自处:{kind(office, issue)},{place(issue)}{tail}"


def for_those_who_work() -> str:
    return "随手办只用于路长、督导和联络员;发现问题请直接说一句话、拍张照上报。"


def what_and_where() -> str:
    return "随手办了什么?请写路名和做了什么并附照片,例如:随手办 益民路 铲小广告3处"


def which_road(names: Sequence[str]) -> str:
    listed = f"您可记的路段:{'、'.join(names)}。" if names else ""
    return f"随手办在哪条路?{listed}例如:随手办 {names[0] if names else '益民路'} 铲小广告3处"


def picture_added(issue: Issue) -> str:
    return f"#{issue.number} 照片已记入自查自处。"
