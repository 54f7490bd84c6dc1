"""Reading untrusted documents field by field: right type, plausible length, storable text.

The documents are authentic (decrypted and signed), but what is in them was typed by anyone, and the platform
changes. Whatever is not as described raises ``Malformed`` with the name of the field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from math import isfinite

from bot.addresses import MAX_URL
from domain.errors import LuguanjiaError

Document = Mapping[str, object]

MAX_ID = 128
"""Longer than any id the platform gives; ids are keys in the database and stand in logs."""

# built once: json.loads builds a new decoder per call as soon as one option is given
_DECODER = json.JSONDecoder(strict=False)
_UNSTORABLE = re.compile("[\ud800-\udfff\0]")


class Malformed(LuguanjiaError):
    """A field is missing or not what the platform's documentation says."""


def clean(text: str) -> str:
    """Replace what no database and no UTF-8 encoder takes: lone surrogates (JSON escapes) and NUL."""
    return _UNSTORABLE.sub("\ufffd", text)


def json_object(text: str) -> Document:
    """Parse a JSON object. Raises ``Malformed`` for anything else, nesting bombs and huge numbers too."""
    try:
        document = _DECODER.decode(text)
    except RecursionError as error:
        raise Malformed("json nested too deep") from error
    except ValueError as error:
        raise Malformed("not json") from error
    if not isinstance(document, dict):
        raise Malformed("not an object")
    return document


def inner(document: Document, name: str) -> Document:
    """A nested object."""
    value = document.get(name)
    if value is None:
        raise Malformed(f"missing {name}")
    if not isinstance(value, dict):
        raise Malformed(f"{name} is no object")
    return value


def words(document: Document, name: str) -> str:
    """Free text, cleaned, of any length the body allowed; it may be empty but not absent."""
    value = document.get(name)
    if value is None:
        raise Malformed(f"missing {name}")
    if not isinstance(value, str):
        raise Malformed(f"{name} is no text")
    return clean(value)


def token(document: Document, name: str, limit: int = MAX_ID) -> str:
    """An id or address: not empty, printable, at most ``limit`` characters."""
    value = words(document, name)
    if not value:
        raise Malformed(f"missing {name}")
    if len(value) > limit:
        raise Malformed(f"{name} too long")
    if not value.isprintable():
        raise Malformed(f"{name} not printable")
    return value


def url(document: Document, name: str) -> str:
    """An address as the platform gave it; whether it may be called is decided where it is called."""
    return token(document, name, MAX_URL)


def degrees(document: Document, name: str, limit: float) -> float:
    """A coordinate in degrees, a number or its text, within plus or minus ``limit``."""
    value = document.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Malformed(f"{name} is no number")
    try:
        number = float(value)
    except (ValueError, OverflowError) as error:
        raise Malformed(f"{name} is no number") from error
    if not isfinite(number) or abs(number) > limit:
        raise Malformed(f"{name} out of range")
    return number


def label(value: str) -> str:
    """A short printable piece of foreign text for an outcome's name."""
    return "".join(character if character.isprintable() else "?" for character in clean(value[:64]))
