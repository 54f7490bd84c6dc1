"""Followers of the 公众号: who comes, by which street's QR code, and who leaves."""

from __future__ import annotations

from domain.followers import openid_of
from handlers.sentences import following as say
from handlers.visit import Result, Visit, answer, silence

TAPS = frozenset({"button", "follow", "scan"})
"""What the platform counts as a tap and not as a word."""
COMING_AND_GOING = frozenset({"follow", "scan", "unfollow"})


def note(visit: Visit) -> None:
    """Remember that a follower may be written to again, and let what waited for that leave."""
    openid, kind = openid_of(visit.message.sender), visit.message.kind
    if openid is None or kind in {"unfollow", "event"}:
        return
    if kind in TAPS:
        visit.desk.followers.tapped(openid)
    else:
        visit.desk.followers.spoke(openid)


def came_or_went(visit: Visit) -> Result:
    """Following and scanning are greeted, with the street if the code names one; leaving is written down."""
    openid = openid_of(visit.message.sender)
    if openid is None:
        return silence(f"ignored:{visit.message.kind}")
    if visit.message.kind == "unfollow":
        visit.desk.followers.left(openid)
        return silence("unfollowed")
    section = visit.office.roster.section(visit.message.text) if visit.message.text else None
    if section is not None:
        visit.desk.followers.came_by(openid, section.name)
    if visit.message.kind == "scan":
        return answer(say.scanned(visit.office, section), "scanned")
    return answer(say.welcome(visit.office, section, visit.shop), "followed")
