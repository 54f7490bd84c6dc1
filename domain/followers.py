"""Followers of the 公众号 among other ids: ``mp:<openid>`` stands wherever a userid is expected.

The mark keeps the two apart for good: a follower's id can never be taken for somebody in the company, nor be
mentioned in a group.
"""

from __future__ import annotations

MARK = "mp:"
UNNAMED = "公众号用户"
"""How others see a follower whom the roster does not know: his id says nothing to anybody."""


def follower_id(openid: str) -> str:
    """The id of a follower."""
    return f"{MARK}{openid}"


def openid_of(userid: str) -> str | None:
    """The openid behind an id; None for everybody who is no follower."""
    return userid.removeprefix(MARK) if userid.startswith(MARK) else None
