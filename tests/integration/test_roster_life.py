"""A roster's life beside its issues: removal, import while messages are handled, what chat added, restore."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from bot.roster.workbook import read_workbook, write_workbook
from domain.clock import BusinessTime
from domain.errors import RosterError
from domain.issues import SYSTEM, State
from domain.ports import Leave
from domain.roster import Group, GroupKind, Roster, Section, Shop
from domain.roster_binding import with_alias, with_group, with_shop
from store import leaves
from store import roster as roster_store
from store.database import Database
from store.desk import DatabaseDesk
from tests.integration.office_work import share_language
from tests.integration.test_races import Town
from tests.integration.test_tick import street_issue
from tests.integration.world import parts, put_roster_in_force
from tests.unit.handlers.town import ROSTER, taxonomy
from workers import bootstrap, process_inbox, roster_admin, run_tick
from workers.import_roster import Import, put_in_force

WITHOUT_LI = replace(
    ROSTER,
    people=tuple(each for each in ROSTER.people if each.userid != "li"),
    duties=tuple(replace(duty, userid="bei") if duty.userid == "li" else duty for duty in ROSTER.duties),
)


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    put_roster_in_force(database)
    workers = [parts(Database(database.url), sandbox=True)[0] for _ in range(2)]
    for worker in workers:
        share_language(worker)
    run_tick.tick(workers[0])
    yield Town(database, (workers[0], workers[1]))
    for worker in workers:
        worker.database.close()


def imports(town: Town, roster: Roster, source: str = "新.xlsx") -> list[str]:
    """Import on the second worker; what was kept of what was bound in chat."""
    return put_in_force(town.workers[1], Import(roster, {}, source)).kept


def current(town: Town) -> Roster:
    with town.database.read() as connection:
        found = roster_store.current(connection)
    assert found is not None
    return found[1]


def in_chat(town: Town, roster: Roster) -> None:
    """A version as a binding in chat writes it."""
    with town.database.write() as connection:
        base = roster_store.current_version(connection)
        roster_store.amend(connection, base, roster, "绑定", bootstrap.machine_now())


def test_an_import_between_reading_the_district_and_the_effects_is_seen(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = town.hear("wujin", "益民路28号门口电动车乱停把路堵死了")
    read, imported = process_inbox._Turn._read, list[object]()

    def interrupted(turn: process_inbox._Turn, letter: object) -> object:
        if not imported:
            imported.append(imports(town, WITHOUT_LI))
        return read(turn, letter)  # type: ignore[arg-type]

    monkeypatch.setattr(process_inbox._Turn, "_read", interrupted)
    process_inbox.drain(town.workers[0])
    assert imported
    assert town.get(1).owner == "bei"
    assert len(town.answers(heard)) == 1
    assert "备岗" in town.answers(heard)[0]


def test_an_import_waits_for_effects_that_are_under_way(town: Town) -> None:
    importing = Thread(target=imports, args=(town, WITHOUT_LI))
    here = town.workers[0]
    with here.database.write() as connection:
        roster_store.hold(connection, 1)
        now = here.business_now(connection, bootstrap.machine_now())
        desk = DatabaseDesk(connection, here.office(), now, bootstrap.machine_now())
        importing.start()
        importing.join(0.3)
        assert importing.is_alive()
        number = desk.open_issue(street_issue({"deadline": now}), SYSTEM, {}).number
    importing.join()
    assert town.get(number).owner == "bei"


def test_a_tick_between_reading_the_district_and_its_steps_is_read_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = town.issue(assigned_at=_earlier(town, hours=20), deadline=_earlier(town, hours=1))
    batch, imported = run_tick._next_batch, list[object]()

    def interrupted(*arguments: object) -> bool:
        if not imported:
            imported.append(imports(town, WITHOUT_LI))
        return batch(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(run_tick, "_next_batch", interrupted)
    run_tick.tick(town.workers[0])
    assert town.get(due).owner == "bei"
    assert "李路" not in "".join(event.reason for event in town.history(due) if event.action == "提醒")


def _earlier(town: Town, *, hours: int) -> BusinessTime:
    with town.database.read() as connection:
        now = town.workers[0].business_now(connection, bootstrap.machine_now())
    return BusinessTime(now - timedelta(hours=hours))


def test_a_removed_persons_open_issues_go_to_his_substitute_in_every_state(town: Town) -> None:
    waiting, taken, done = (town.issue() for _ in range(3))
    town.say("li", f"认领 {taken} {done}", None)
    town.say("li", f"办结 {done} 无照片 已清", None)
    town.say("sun", f"缓办 {town.issue()} 等材料", None)
    imports(town, WITHOUT_LI)
    found = [town.get(number) for number in (waiting, taken, done, done + 1)]
    assert [issue.owner for issue in found] == ["bei"] * 4
    assert [issue.state for issue in found] == [
        State.REPORTED, State.REPORTED, State.RESOLVED, State.SUSPENDED,
    ]  # fmt: skip
    assert town.actions(taken)[-1] == "转派"
    assert town.history(taken)[-1].reason == "名册更新,转给 备岗"
    town.say("bei", f"认领 {taken}", None)
    assert town.get(taken).state is State.CLAIMED


def test_a_substitute_on_leave_does_not_inherit(town: Town) -> None:
    number = town.issue()
    with town.database.write() as connection:
        leaves.set_absent(connection, "bei", Leave(_earlier(town, hours=1), None))
    moved = replace(WITHOUT_LI, people=tuple(
        replace(each, substitute="feng") if each.userid == "bei" else each for each in WITHOUT_LI.people
    ))  # fmt: skip
    imports(town, moved)
    assert town.get(number).owner == "feng"


def test_a_section_with_open_issues_stays_and_nothing_of_the_import_happens(town: Town) -> None:
    number = town.issue()
    without = replace(
        WITHOUT_LI,
        sections=tuple(each for each in ROSTER.sections if each.name != "益民路"),
        duties=tuple(each for each in WITHOUT_LI.duties if each.section != "益民路"),
    )
    with pytest.raises(RosterError) as raised:
        imports(town, without)
    assert raised.value.problems == ("路段 益民路:还有 1 件未结问题,不能删除;请先办结或改路段",)
    assert current(town) == ROSTER
    assert town.get(number).owner == "li"


def test_an_old_version_is_restored_with_what_that_does(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    imports(town, WITHOUT_LI)
    number = town.issue(owner="bei")
    roster_admin.restore(town.workers[1], 1, dry_run=True)
    assert "以上为试运行,没有写入。" in capsys.readouterr().out
    assert current(town) == WITHOUT_LI
    roster_admin.restore(town.workers[1], 1, dry_run=False)
    shown = capsys.readouterr().out
    assert "人员 新增 li(姓名 李路" in shown
    assert f"未结问题: 益民路 换了责任人,原责任人名下 1 件仍由其办理,可用 转派 移交:#{number}" not in shown, (
        "his substitute is still responsible"
    )
    assert "已生效,第3版。" in shown
    assert current(town) == ROSTER
    roster_admin.list_versions(town.workers[1])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["第3版", "第2版", "第1版"]
    assert lines[0].endswith("恢复第1版 (现行)")
    with pytest.raises(roster_admin.NoSuchVersion, match="没有第9版"):
        roster_admin.restore(town.workers[1], 9, dry_run=False)


def test_what_was_bound_in_chat_outlives_a_workbook_that_does_not_know_it(town: Town) -> None:
    bound = with_group(ROSTER, Group("g-new", "新群", GroupKind.STREET, ("益民路", "大同路")))
    bound = with_shop(bound, Shop("大桥水果店", "益民路", 66), "shuiguo")
    bound = with_alias(with_shop(bound, Shop("益民五金店", "益民路", 28), "wo66"), "li", "wo77")
    in_chat(town, bound)
    assert imports(town, ROSTER) == [
        "群 新群", "商户 益民路66号 大桥水果店", "李路 的另一个编号", "五金店 的另一个编号",
    ]  # fmt: skip
    now = current(town)
    assert now.group("g-new") == Group(
        "g-new", "新群", GroupKind.STREET, ("益民路", "大同路"), "", bound=True
    )
    assert [shop.name for shop in now.shops_of("shuiguo")] == ["大桥水果店"]
    assert [shop.name for shop in now.shops_of("wo66")] == ["益民五金店"]
    person = now.person("wo77")
    assert person is not None
    assert person.userid == "li"


def test_what_a_workbook_once_held_goes_with_it(town: Town, tmp_path: Path) -> None:
    in_chat(town, with_group(ROSTER, Group("g-new", "新群", GroupKind.STREET, ("益民路",), "解放路街道")))
    exported = tmp_path / "out.xlsx"
    write_workbook(current(town), exported)
    again = read_workbook(exported, taxonomy().departments).roster
    assert again.group("g-new") is not None, "an export contains what was bound in chat"
    imports(town, again)
    assert imports(town, ROSTER) == []
    assert current(town).group("g-new") is None


def test_a_bound_group_without_any_place_left_goes(town: Town) -> None:
    section = Section("新路", "解放路街道")
    wider = replace(ROSTER, sections=(*ROSTER.sections, section))
    in_chat(town, with_group(wider, Group("g-new", "新群", GroupKind.STREET, ("新路",), "解放路街道")))
    assert imports(town, ROSTER) == []
    assert current(town) == ROSTER


def test_a_workbooks_own_word_on_a_shop_wins(town: Town) -> None:
    in_chat(town, with_shop(ROSTER, Shop("益民烩面馆", "益民路", 12), "wo88"))
    said = replace(
        ROSTER,
        shops=tuple(
            replace(each, userid="xin") if each.name == "益民烩面馆" else each for each in ROSTER.shops
        ),
    )
    imports(town, said)
    assert [shop.name for shop in current(town).shops_of("xin")] == ["益民烩面馆"]
    assert current(town).shops_of("wo88") == ()


def test_a_report_right_behind_the_binding_of_its_group_is_taken(town: Town) -> None:
    bound = town.hear("guan", "绑定 益民路", "wr-new")
    said = town.hear("woX", "28号门口电动车乱停把路堵死了", "wr-new")
    gone = town.hear("li", "请假 到明天", None)
    late = town.hear("wujin", "益民路40号门口垃圾堆成山没人清", "g-yimin")
    process_inbox.drain(town.workers[0])
    outcomes = town.outcomes()
    assert [outcomes[each][1] for each in (bound, said, gone, late)] == [
        "bound", "reported", "on_leave", "reported",
    ]  # fmt: skip
    assert town.get(1).chat_id == "wr-new"
    assert town.get(2).owner == "bei"


def test_two_workers_that_bind_at_once_both_do(town: Town) -> None:
    chats = [f"wr-{number}" for number in range(6)]
    heard = [town.hear("guan", "绑定 益民路", chat) for chat in chats]
    jobs = [town.one_each() for _ in range(3)]
    for one, other in jobs:
        town.race(one, other)
    outcomes = town.outcomes()
    assert {outcomes[each] for each in heard} == {("done", "bound")}
    assert {group.chat_id for group in current(town).groups} >= set(chats)


def test_an_import_and_a_binding_at_once_keep_both(town: Town) -> None:
    for number in range(2):
        chat = f"wr-{number}"
        heard = town.hear("guan", "绑定 益民路", chat)
        town.race(
            lambda: process_inbox.drain(town.workers[0]),
            lambda: imports(town, WITHOUT_LI),
        )
        assert town.outcomes()[heard] == ("done", "bound")
        assert current(town).group(chat) is not None
    assert current(town).person("li") is None
