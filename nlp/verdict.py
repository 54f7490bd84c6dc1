"""What a check found: 通过 or 不通过, with its reason."""

from __future__ import annotations

import re

from nlp.normalize import normalize

_FAILED = (
    r"不通过|未通过|没通过|没有通过|不合格|未合格|没过关|不过关|没过|不过|不属实|未处理|没处理|没弄好|没清"
)
_PASSED = r"通过|合格|过关|属实|没问题|已处理|已解决|过|ok"
_SAID = re.compile(
    rf"(?:检查|结果)?[:,\s]*(?:(?P<failed>{_FAILED})|(?P<passed>{_PASSED}))了?(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)
_IN_THE_VERB = re.compile(rf"[核复抽]查(?:(?P<failed>{_FAILED})|(?P<passed>{_PASSED}))")


def verdict(rest: str, whole: str) -> tuple[bool | None, str]:
    """(passed, reason). ``rest``: what followed the command; ``whole``: the message, where 核查不通过 was
    said in one word. None if neither was said."""
    said = _SAID.match(rest)
    if said is not None:
        return said["failed"] is None, said["rest"].strip(" ,，。:、;")
    said = _IN_THE_VERB.search(normalize(whole))
    return (None if said is None else said["failed"] is None), rest
