"""What is bound on the 公众号 survives an export and the import of what was exported."""

from __future__ import annotations

from pathlib import Path

from bot.roster.workbook import read_workbook, write_workbook
from domain.roster import Shop
from domain.roster_binding import with_shop
from tests.unit.handlers.town import ROSTER, taxonomy


def test_followers_in_the_workbook(tmp_path: Path) -> None:
    both = with_shop(ROSTER, Shop("益民五金店", "益民路", 28), "mp:oHe-1_x")
    new = with_shop(both, Shop("花店", "益民路", 30), "mp:oShe")
    new = with_shop(new, Shop("花店", "益民路", 30), "huadian")
    write_workbook(new, tmp_path / "roster.xlsx")
    back = read_workbook(tmp_path / "roster.xlsx", taxonomy().departments).roster
    assert back.ids_of("mp:oHe-1_x") == ("wujin", "mp:oHe-1_x")
    assert back.ids_of("huadian") == ("mp:oShe", "huadian")
    assert [shop.name for shop in back.shops_of("mp:ohe-1_X")] == ["益民五金店"]
    assert [shop.name for shop in back.shops_of("huadian")] == ["花店"]
