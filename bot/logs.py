"""Structured logs: one line per outcome, ``key=value``, with phone numbers, plates and ids masked."""

from __future__ import annotations

import logging
import sys

from domain.masking import mask


class MaskingFormatter(logging.Formatter):
    """Formats a record, then masks it whole: also what a library or a traceback wrote into it."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


def set_up(level: int = logging.INFO) -> None:
    """Send all logs to standard error, once per process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("rq").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
