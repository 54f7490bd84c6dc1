"""What the picture of a summary says: the same figures and words as the text, without anybody's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.board import Bar, BarList, Board, Chart, Column, Tile, Tone
from domain.figures import Counts, Rate, change, rolled_up
from domain.office import Office
from domain.periods import NAMES, Kind, Span
from domain.summary import Summary
from handlers.sentences.figures import groupings, worked
from handlers.sentences.parts import moment

SHOWN = 12
GOOD, BAD = 90.0, 70.0
"""Per cent from which a rate is shown green, and below which red."""
_STEP: Mapping[Kind, str] = {Kind.DAILY: "每2小时", Kind.WEEKLY: "每天", Kind.MONTHLY: "每天"}


def board(office: Office, what: Summary) -> Board:
    """The picture of a summary."""
    now, before, span = what.counts, what.counts_before, what.span
    columns = [Column(*step) for step in what.trend]
    chart = Chart(f"{_STEP[span.kind]}上报与结案", ("上报", "结案"), columns)
    return Board(
        f"{what.place} {NAMES[span.kind]}",
        f"{moment(office, span.since)} 至 {moment(office, span.until)} · 群众反映",
        _tiles(now, before),
        chart if any(column.first or column.second for column in columns) else None,
        _lists(office, what),
        _notes(now, span),
    )


def _tiles(now: Counts, before: Counts) -> list[Tile]:
    return [
        Tile("上报", str(now.reported), f"上期 {before.reported}"),
        Tile("处置完成", str(now.resolved), f"上期 {before.resolved}"),
        Tile("结案", str(now.closed), f"确认{now.confirmed} 逾期未确认{now.silent}"),
        _rate("按期结案率", now.on_time, before.on_time, _tone(now.on_time)),
        _rate("返工率", now.reworking, before.reworking, "plain"),
        _rate("满意率", now.satisfaction, before.satisfaction, _tone(now.satisfaction)),
        Tile("目前未结", str(now.open), f"待认领{now.unclaimed} 待确认{now.awaiting}"),
        Tile("超时", str(now.overdue), f"督办 {now.supervised}", "bad" if now.overdue else "good"),
        Tile("平均处置", worked(now.handling_time), f"认领 {worked(now.claim_time)}"),
    ]


def _rate(label: str, rate: Rate, before: Rate, tone: Tone) -> Tile:
    if rate.percent is None:
        return Tile(label, "—", "没有可计的")
    moved = change(rate, before)
    note = f"{rate.numerator}/{rate.denominator}" + ("" if moved == "—" else f" {moved}")
    return Tile(label, str(rate).partition("(")[0], note, tone)


def _tone(rate: Rate) -> Tone:
    if rate.percent is None:
        return "plain"
    return "good" if rate.percent >= GOOD else "bad" if rate.percent < BAD else "plain"


def _lists(office: Office, what: Summary) -> Sequence[BarList]:
    by = groupings(office)
    sections = rolled_up(what.groups, by["路段"])
    categories = rolled_up(what.groups, by["类别"])
    order = sorted(sections, key=lambda name: (-sections[name].due, -sections[name].reported, name))
    most = max((counts.reported for counts in categories.values()), default=0) or 1
    kinds = sorted(categories, key=lambda name: (-categories[name].reported, name))
    return [
        BarList("各路段按期结案率", [_section(name, sections[name]) for name in order[:SHOWN]]),
        BarList(
            "各类上报",
            [
                Bar(name, categories[name].reported / most, f"{categories[name].reported} 件")
                for name in kinds
                if categories[name].reported
            ],
        ),
    ]


def _section(name: str, counts: Counts) -> Bar:
    rate = counts.on_time
    late = f" 超时{counts.overdue}" if counts.overdue else ""
    if rate.percent is None:
        return Bar(name, None, f"应结案 0{late}", "bad" if counts.overdue else "plain")
    return Bar(name, rate.percent / 100, f"{rate}{late}", _tone(rate))


def _notes(now: Counts, span: Span) -> list[str]:
    how = "按上报时间统计;" if span.by_report_time else ""
    return [
        f"{how}撤回 {now.withdrawn} · 不予受理 {now.rejected} · 并入 {now.merged} · 缓办 {now.suspended}",
        f"自查自处 {now.self_found}(另计);时长按工作时间,部门协办不计",
    ]
