"""A poster to print: what it says, and the code that opens the chat."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Poster:
    """title: the street. heading: what it is for. steps: what to do, one line each. warning: who is called
    first in danger. foot: whose poster it is. code: the address in the QR code."""

    title: str
    heading: str
    steps: tuple[str, ...]
    warning: str
    foot: str
    code: str
