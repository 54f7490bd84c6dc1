"""What stands on a card instead of its buttons, once one of them was pressed."""

from __future__ import annotations

from collections.abc import Mapping

SHOWN: Mapping[str, str] = {
    "claimed": "已认领",
    "claimed_already": "已认领",
    "resolved": "已办结",
    "confirmed": "已确认",
    "reopened": "已反馈",
    "progress": "已记下",
    "extended": "已同意",
    "extension_refused": "已答复",
    "asked_proof": "请发照片",
    "asked_reason": "请写原因",
    "asked_whom": "请选人",
}
"""By the outcome of the press; a refusal is said in the answer, not here."""


def face(outcome: str) -> str:
    return SHOWN.get(outcome, "已收到")
