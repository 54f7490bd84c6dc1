"""The language layer on the command line: filter, measure, learn from corrections, try another lexicon."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import config
from domain.errors import LuguanjiaError
from domain.roster import Roster
from nlp.classifier import Classifier, load_classifier
from nlp.corrections import compare, suggest, suggestions_text
from nlp.evaluation import evaluate
from nlp.filtering import classify_lines
from nlp.reading import Gazetteer
from store import examples
from store import roster as roster_store
from store.database import Database
from workers.bootstrap import gazetteer


class LabelledFileError(LuguanjiaError):
    """A file of labelled lines cannot be read; the message names file, line and remedy."""


def classify(section: str | None) -> None:
    """Standard input to standard output, line by line (design contract §4.5)."""
    classifier = _classifier()
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in classify_lines(sys.stdin, classifier, section):
        print(line)


def measure(file: Path) -> None:
    """Print the figures of labelled lines."""
    print(evaluate(list(_labelled(file)), _classifier()))


def propose() -> None:
    """Print words for the lexicon, from the corrections that people made in chat."""
    with Database(config.load().database_url).read() as connection:
        rows = examples.labelled(connection)
    print(f"聊天中的更正:{len(rows)} 条")
    print(suggestions_text(suggest(rows, _classifier())))


def try_out(file: Path, lexicon: Path) -> None:
    """Print what would change, class by class, if the lexicon in a folder were switched on."""
    if not (lexicon / "weights.csv").is_file():
        raise LabelledFileError(f"{lexicon}:不是词典目录(里面应有 weights.csv 和 lexicon/)")
    print(compare(list(_labelled(file)), _classifier(), _classifier(lexicon)))


def _classifier(folder: Path | None = None) -> Classifier:
    return load_classifier(_places(), Path("var/jieba"), folder)


def _places() -> Gazetteer:
    with Database(config.load().database_url).read() as connection:
        current = roster_store.current(connection)
    return gazetteer(current[1] if current else Roster())


def _labelled(file: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LabelledFileError(f"{file}:读不出来({type(error).__name__})") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise LabelledFileError(f"{file} 第{number}行:不是 JSON,请检查引号和逗号") from error
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise LabelledFileError(f'{file} 第{number}行:要有 "text" 字段')
        yield row
