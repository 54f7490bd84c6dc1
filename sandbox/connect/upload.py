"""A file on its way to the platform in parts."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Upload:
    """An announced file and what has come of it."""

    kind: str
    name: str
    size: int
    count: int
    md5: str
    parts: dict[int, bytes] = field(default_factory=dict)
