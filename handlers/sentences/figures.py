"""The words of summaries: standard terms, each rate with its fraction and its change, one line a thought."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

from domain.clock import BusinessTime
from domain.figures import Counts, Key, Rate, change, rolled_up
from domain.issues import Issue
from domain.office import Office
from domain.periods import NAMES, Kind, Span
from domain.summary import Summary, newly_worse
from handlers.sentences.parts import moment, row

LISTED = 10
GROUPS = 8
_BEFORE: Mapping[Kind, str] = {Kind.DAILY: "前24小时", Kind.WEEKLY: "上一周", Kind.MONTHLY: "上一月"}


def title(office: Office, span: Span, place: str) -> str:
    """``【日报】解放路街道 11-22 18:00 至 11-23 18:00``."""
    return f"【{NAMES[span.kind]}】{place} {moment(office, span.since)} 至 {moment(office, span.until)}"


def summary(office: Office, what: Summary, *, names: bool) -> str:
    """The whole summary. ``names``: with the figures of each chief."""
    head = title(office, what.span, what.place)
    counts = what.counts
    if counts == Counts():
        return "\n".join([head, "没有上报,没有未结。", *_corrected(office, what)])
    lines = [head, *_figures(what), *_groups(office, what, names=names), *_corrected(office, what)]
    lines += _points(office, what)
    if what.span.kind is not Kind.DAILY and not names:
        lines.append(f"按责任人的数据只在单聊提供,督导可发:{NAMES[what.span.kind]}")
    return "\n".join(lines)


def _figures(what: Summary) -> Iterator[str]:
    now, before = what.counts, what.counts_before
    how = "按上报时间统计," if what.span.by_report_time else ""
    yield f"群众反映({how}箭头为比{_BEFORE[what.span.kind]})"
    yield (
        f"上报 {now.reported}{_moved(now.reported, before.reported)} · 受理 {now.accepted} · 应结案 {now.due}"
    )
    yield f"处置完成 {now.resolved}{_moved(now.resolved, before.resolved)} · 结案 {now.closed}"
    yield f"其中 上报人确认 {now.confirmed} · 逾期未确认 {now.silent}"
    yield f"撤回 {now.withdrawn} · 不予受理 {now.rejected} · 并入 {now.merged}"
    for name, rate, earlier in (
        ("结案率", now.closing, before.closing),
        ("按期结案率", now.on_time, before.on_time),
        ("返工率", now.reworking, before.reworking),
        ("延期率", now.extension, before.extension),
        ("复发率", now.recurrence, before.recurrence),
        ("满意率", now.satisfaction, before.satisfaction),
    ):
        yield f"{name} {rate}{_changed(rate, earlier)}"
    yield f"平均认领 {worked(now.claim_time)} · 平均处置 {worked(now.handling_time)}(工作时间,部门协办不计)"
    yield f"督办 {now.supervised} · 自查自处 {now.self_found}(不计入以上各项)"
    yield f"目前未结 {now.open} · 超时 {now.overdue}"
    yield f"其中 待认领 {now.unclaimed} · 待确认 {now.awaiting} · 缓办 {now.suspended}"


def _moved(now: int, before: int) -> str:
    return "" if now == before else f"(↑{now - before})" if now > before else f"(↓{before - now})"


def _changed(now: Rate, before: Rate) -> str:
    moved = change(now, before)
    return "" if moved == "—" else f" {moved}"


def worked(time: timedelta | None) -> str:
    """``45分钟``, ``3小时20分``; working time, so no days."""
    if time is None:
        return "—"
    minutes = round(time.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes}分钟"
    return f"{minutes // 60}小时{minutes % 60}分" if minutes % 60 else f"{minutes // 60}小时"


# --- by section, category, unit, chief --------------------------------------------------------------------
def unit_of(office: Office, key: Key) -> str:
    """The unit that answers for a group: an officer's department, else the subdistrict."""
    person = office.roster.person(key.owner) if key.owner else None
    return person.unit if person and person.unit else key.subdistrict


def chief_of(office: Office, key: Key) -> str:
    return office.name_of(key.owner) if key.owner else "待指派"


def groupings(office: Office) -> Mapping[str, Callable[[Key], str]]:
    """What a summary is broken down by, and the name of a group in each."""
    return {
        "路段": lambda key: key.section or "路段待定",
        "类别": lambda key: office.taxonomy.categories.get(key.category, key.category),
        "单位": lambda key: unit_of(office, key),
        "责任人": lambda key: chief_of(office, key),
    }


def _groups(office: Office, what: Summary, *, names: bool) -> Iterator[str]:
    for name, by in groupings(office).items():
        now, before = rolled_up(what.groups, by), rolled_up(what.before, by)
        personal = name == "责任人"
        if (personal and not names) or (not personal and name != "类别" and len(now) < 2):
            continue
        yield f"— 按{name} —"
        order = sorted(now, key=lambda each: (-now[each].reported - now[each].due, -now[each].open, each))
        shown = order if personal else order[:GROUPS]
        yield from (_group(each, now[each], before.get(each, Counts())) for each in shown)
        if len(order) > len(shown):
            yield f"……其余 {len(order) - len(shown)} 个见:导出"


def _group(name: str, now: Counts, before: Counts) -> str:
    parts = [f"{name} 上报{now.reported}{_moved(now.reported, before.reported)}"]
    if now.due:
        parts.append(f"按期{now.on_time}{_changed(now.on_time, before.on_time)}")
    if now.rework:
        parts.append(f"返工{now.rework}")
    if now.overdue:
        parts.append(f"超时{now.overdue}")
    if now.self_found:
        parts.append(f"自查自处{now.self_found}")
    return " ".join(parts)


# --- what changed since, and what is listed by number -----------------------------------------------------
def _corrected(office: Office, what: Summary) -> list[str]:
    if not what.corrected or what.corrected_span is None:
        return []
    span = what.corrected_span
    head = (
        f"更正 {moment(office, span.since)} 至 {moment(office, span.until)} 的{NAMES[span.kind]}(已发→现在):"
    )
    return [head + "、".join(f"{each.name} {each.announced}→{each.now}" for each in what.corrected)]


def _points(office: Office, what: Summary) -> Iterator[str]:
    points, until = what.points, what.span.until
    weekly = what.span.kind is Kind.WEEKLY
    if weekly:
        yield "周例会议题:"
        by = groupings(office)["路段"]
        worse = newly_worse(rolled_up(what.groups, by), rolled_up(what.before, by))
        yield f"按期率明显下降的路段:{'、'.join(worse) or '无'}"
    if points.overdue:
        yield "超时未办(最急的在前):"
        yield from _rows(office, points.overdue, until)
    if points.stubborn:
        yield "第3次及以上出现:" if weekly else "周例会议题(第3次及以上出现):"
        yield from _rows(office, points.stubborn, until)
    if weekly and points.review:
        yield "挂账到期待复核:"
        yield from _rows(office, points.review, until)
    if weekly:
        yield "会后请发:纪要 内容"


def _rows(office: Office, issues: Sequence[Issue], until: BusinessTime) -> Iterator[str]:
    for issue in issues[:LISTED]:
        yield row(office, issue, until)
    if len(issues) > LISTED:
        yield f"……其余 {len(issues) - LISTED} 件请发:超时"


# --- asking for one ---------------------------------------------------------------------------------------
def for_those_who_work(what: str) -> str:
    return f"「{what}」供路长和督导查看;在路段群里可以看本路段的。您的上报请发:我的上报"


def unknown_place(word: str) -> str:
    return f"没有叫「{word}」的路段或街道。例如:日报 益民路 11-20"


def not_your_place(word: str) -> str:
    return f"「{word}」不在您能查看的范围内。"


def only_this_place(names: Sequence[str]) -> str:
    return f"本群只能看本路段({'、'.join(names)})的数据,其他请在单聊里发。"


def in_the_future() -> str:
    return "还没到那一天,没有数据。"


def not_made() -> str:
    return "统计时出错,没有做成,已转管理员查看;请稍后再发一次。"
