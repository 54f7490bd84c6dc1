"""The category table: the shipped one, and what is said about a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.taxonomy import Clock, Duration, Taxonomy, TaxonomyError, parse_taxonomy

FILE = Path(__file__).parents[2] / "data" / "taxonomy.csv"
HEADER = "category,category_zh,sub,sub_zh,kind,code,deadline,clock,danger,proof,officers"
OTHER = "other_street,其他街面,other,其他街面问题,事件,,1d,work,,,"


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return parse_taxonomy(FILE.read_text("utf-8"))


def table(*rows: str) -> str:
    return "\n".join((HEADER, *rows, OTHER))


def test_it_reads_the_shipped_table(taxonomy: Taxonomy) -> None:
    assert len(taxonomy.rows) == 56
    assert list(taxonomy.categories) == [
        "parking", "garbage", "ads", "vending", "construction", "facility", "noise", "greening",
        "other_street",
    ]  # fmt: skip
    assert taxonomy.departments[:4] == ("城管", "单车企业", "交警", "环卫")


def test_it_knows_deadline_danger_proof_and_departments(taxonomy: Taxonomy) -> None:
    manhole = taxonomy.sub("facility", "manhole")
    assert manhole.duration == Duration(2, "h", Clock.NATURAL)
    assert manhole.danger
    assert not manhole.photo_required
    assert taxonomy.sub("facility", "lamp").officers == ("市政", "电力")
    assert taxonomy.sub("ads", "sticker").photo_required


def test_it_knows_what_a_shop_causes_itself(taxonomy: Taxonomy) -> None:
    assert taxonomy.sub("vending", "store_outside").caused_by_shop
    assert taxonomy.sub("other_street", "fumes").caused_by_shop
    assert not taxonomy.sub("facility", "lamp").caused_by_shop
    assert not taxonomy.sub("vending", "").caused_by_shop, "nobody is accused of a mere category"
    assert not parse_taxonomy(table()).rows[0].caused_by_shop, "the column may be absent"


def test_it_labels_category_and_kind(taxonomy: Taxonomy) -> None:
    assert taxonomy.label("parking", "nonmotor") == "停车秩序·非机动车乱停放"


def test_it_falls_back_to_the_category_with_its_shortest_ordinary_deadline(taxonomy: Taxonomy) -> None:
    """Not the hour of a burst pipe (danger), but the two natural hours of standing water."""
    facility = taxonomy.sub("facility", "unheard_of")
    assert (facility.label, facility.sub, facility.danger) == ("公共设施", "", False)
    assert facility.duration == Duration(2, "h", Clock.NATURAL)
    assert taxonomy.sub("ads", "").photo_required, "every row of ads asks for a photo"
    assert not taxonomy.knows("facility", "unheard_of")


@pytest.mark.parametrize("category", ["none", "", "unheard_of"])
def test_it_falls_back_to_other_when_nothing_is_known(taxonomy: Taxonomy, category: str) -> None:
    assert taxonomy.label(category, "x") == "其他街面·其他街面问题"


@pytest.mark.parametrize(
    ("text", "clock", "said"),
    [
        ("30m", Clock.NATURAL, "30分钟"),
        ("2h", Clock.WORK, "2个工作小时"),
        ("1d", Clock.WORK, "1个工作日"),
        ("15d", Clock.NATURAL, "15天"),
    ],
)
def test_it_says_durations(text: str, clock: Clock, said: str) -> None:
    assert Duration.parse(text, clock).text == said


@pytest.mark.parametrize("text", ["", "2", "h", "0h", "-1h", "1.5h", "2w", "２h", "99999h"])
def test_it_refuses_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="不是时长"):
        Duration.parse(text, Clock.WORK)


def test_it_lists_all_faults_at_once() -> None:
    with pytest.raises(TaxonomyError) as caught:
        parse_taxonomy(
            table(
                "parking,停车秩序,motor,机动车乱停放,事件,,2x,work,,,交警",
                "parking,停车,loading,装卸,事件,,2h,sometimes,maybe,video,交警",
                "parking,停车秩序,lock,地锁,事件,,2d,work,,,城管",
                "parking,停车秩序,lock,地锁,事件,,2d,work,,,城管",
                "parking,停车,bike,单车,事件,,2d,work,,,城管",
                ",,,,,,1d,work,,,",
            )
        )
    assert caught.value.problems == (
        "第2行 deadline:「2x」应如 30m、2h、1d",
        "第3行 clock:「sometimes」应为 work 或 natural",
        "第3行 danger:「maybe」应为 yes 或留空",
        "第3行 proof:「video」应为 photo 或留空",
        "第5行 sub:「parking/lock」重复,请删去一行",
        "第6行 category_zh:同一类的名称应为「停车秩序」",
        "第7行 category:不能为空",
        "第7行 category_zh:不能为空",
        "第7行 sub:不能为空",
        "第7行 sub_zh:不能为空",
    )


def test_it_asks_for_missing_columns_and_the_last_resort() -> None:
    with pytest.raises(TaxonomyError, match="缺少列 danger、proof、officers"):
        parse_taxonomy("category,category_zh,sub,sub_zh,kind,code,deadline,clock\n")
    with pytest.raises(TaxonomyError, match="缺少兜底的一行 other_street/other"):
        parse_taxonomy(HEADER + "\n")


def test_it_forgives_a_byte_order_mark_blank_lines_and_extra_columns() -> None:
    text = "\ufeff" + HEADER + ",note\r\n,,,,,,,,,,,\r\n" + OTHER + ",x\r\n"
    assert parse_taxonomy(text).departments == ()
