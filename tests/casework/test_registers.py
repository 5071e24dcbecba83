"""The registers and what is derived from them: table 二, section 一's numbers, what lacks, and who may write."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from casework import access, annual
from casework.access import AgencyAct
from casework.actions import registers
from casework.annual import Lacks
from casework.law.refusals import Refused
from casework.law.registers import CHANNELS, FORMS, Register
from casework.law.report import stock_link
from casework.models import ENTRIES, Conflict, Entry, Level, Publication, Role
from casework.published import read
from tests.cast import Cast, moment, person
from tests.registering import WRITTEN, account, cleared, counted, document, figure, kept, published, stock

YEAR = 2023
AT = moment(WRITTEN)


def lacking(players: Cast, kind: Lacks, *, on: date = WRITTEN, year: int = YEAR) -> list[str]:
    return [f.sentence.zh for f in annual.findings(players.dongshan, year, on=on) if f.lacks is kind]


def stocks(players: Cast, year: int) -> tuple[int | None, ...]:
    table = annual.publications_of([players.dongshan], year)
    return tuple(table.stock("normative_documents", column) for column in ("made", "repealed", "in_force"))


# ── Table 二 ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_table_two_of_the_example_cell_by_cell(players: Cast) -> None:
    """Dongshan's report for 2023: one normative document in force, 31 permits, all else 0 and nothing blank."""
    document(players, date(2019, 5, 1))
    for month in range(1, 13):
        figure(players, "permits", 2 + (month <= 7), month=month)
    for item in ("penalties", "coercive_measures", "fees"):
        figure(players, item, 0)
    expected = {
        "regulations": {"made": 0, "repealed": 0, "in_force": 0},
        "normative_documents": {"made": 0, "repealed": 0, "in_force": 1},
        "permits": 31,
        "penalties": 0,
        "coercive_measures": 0,
        "fees_10k_yuan": "0",
    }
    report = annual.report_of(players.dongshan, YEAR)
    assert report.table2 is not None
    assert report.table2.as_dict() == expected
    (published_one,) = read((Path(__file__).parents[1] / "examples" / "dongshan-2023.txt").read_bytes())
    assert published_one.table2 is not None
    assert published_one.table2.as_dict() == expected


def test_without_any_entry_every_cell_is_nought_and_not_blank(players: Cast) -> None:
    table = annual.publications_of([players.dongshan], YEAR).as_dict()
    assert table["regulations"] == table["normative_documents"] == {"made": 0, "repealed": 0, "in_force": 0}
    assert [table[key] for key in ("permits", "penalties", "coercive_measures")] == [0, 0, 0]
    assert table["fees_10k_yuan"] == "0"
    assert len(lacking(players, Lacks.NOTHING)) == 4


def test_the_stock_follows_from_what_was_made_and_repealed_since_it_was_counted(players: Cast) -> None:
    stock(players, 2021, 12)
    document(players, date(2018, 6, 1), date(2022, 12, 31))
    document(players, date(2021, 12, 31))  # in the stock of 2021 already
    document(players, date(2022, 1, 1))
    document(players, date(2023, 12, 31))
    document(players, date(2020, 3, 1), date(2024, 1, 1))
    assert stocks(players, 2022) == (1, 1, 12)
    assert stocks(players, 2023) == (1, 0, 13)
    assert stocks(players, 2024) == (0, 1, 12)
    for year in (2022, 2023, 2024):
        before, this = (annual.publications_of([players.dongshan], each) for each in (year - 1, year))
        assert all(check.holds for check in stock_link(before, this)), year
        assert all(check.holds for check in annual.stock_checks([players.dongshan], year)), year


def test_a_stock_counted_again_that_does_not_add_up_is_named_with_both_sides(players: Cast) -> None:
    """T2, law.md 7.4: in force = last year + made − repealed; a stock-taking is believed and the gap shown."""
    stock(players, 2021, 12)
    document(players, date(2023, 3, 1))
    stock(players, 2023, 15)
    assert stocks(players, 2023) == (1, 0, 15)
    (check,) = [c for c in annual.stock_checks([players.dongshan], 2023) if not c.holds]
    assert (check.left, check.right) == (15, 13)
    assert lacking(players, Lacks.STOCK) == [check.sentence.zh]
    # The first stock has nothing before it that it could be held against.
    assert [check.row for check in annual.stock_checks([players.dongshan], 2021)] == ["regulations"]


def test_more_repealed_than_there_were_asks_for_the_stock_of_before(players: Cast) -> None:
    document(players, date(2015, 1, 1), date(2023, 5, 1))
    assert lacking(players, Lacks.STOCK) == []
    stock(players, 2022, 0)
    assert stocks(players, 2023) == (0, 1, -1)
    assert "废止的比原有的多" in lacking(players, Lacks.STOCK)[0]


def test_a_figure_for_the_whole_year_counts_and_its_months_do_not(players: Cast) -> None:
    figure(players, "permits", 5, month=1)
    figure(players, "permits", 6, month=2)
    assert annual.publications_of([players.dongshan], YEAR).decisions["permits"] == 11
    assert lacking(players, Lacks.MONTHS) == ["行政许可缺3、4、5、6、7、8、9、10、11、12月。"]
    figure(players, "permits", 31)
    assert annual.publications_of([players.dongshan], YEAR).decisions["permits"] == 31
    assert lacking(players, Lacks.MONTHS) == []
    (sentence,) = lacking(players, Lacks.BOTH)
    assert "31" in sentence
    assert "11" in sentence
    records = annual.records_of([players.dongshan], YEAR, "permits", "amount")
    assert [row.month for row in records.figures] == [None]


@pytest.mark.parametrize(
    ("on", "missing"),
    [(date(2023, 3, 31), ["行政许可缺2月。"]), (date(2023, 4, 1), ["行政许可缺2、3月。"]), (date(2023, 1, 31), [])],
)
def test_a_month_is_missing_once_it_is_over(players: Cast, on: date, missing: list[str]) -> None:
    figure(players, "permits", 5, month=1)
    assert lacking(players, Lacks.MONTHS, on=on) == missing


def test_the_region_is_the_sum_of_its_agencies_each_once(players: Cast) -> None:
    figure(players, "fees", "12345.67")
    figure(players, "fees", "0.33", month=3, agency=players.civil)
    figure(players, "fees", "4", month=4, agency=players.civil)
    figure(players, "permits", 31)
    figure(players, "permits", 9, agency=players.civil)
    stock(players, 2022, 3, agency=players.civil)
    document(players, date(2023, 2, 1), agency=players.civil)
    document(players, date(2023, 2, 1))
    report = annual.report_of(players.dongshan, YEAR, region=True)
    assert report.table2 is not None
    assert report.table2.fees == "1.235"
    assert report.table2.decisions["permits"] == 40
    assert report.table2.stocks["normative_documents"] == {"made": 2, "repealed": 0, "in_force": 5}
    assert annual.publications_of([players.elsewhere], YEAR).fees == "0"


@pytest.mark.parametrize(
    ("level", "warned"), [(Level.COUNTY, True), (Level.TOWNSHIP, True), (Level.CITY, False), (Level.PROVINCE, False)]
)
def test_a_county_with_regulations_is_warned_and_not_refused(players: Cast, level: Level, *, warned: bool) -> None:
    """立法法 93, law.md 7.4 [M]."""
    players.dongshan.level = level
    players.dongshan.save()
    document(players, date(2023, 2, 1), kind="regulations")
    assert bool(lacking(players, Lacks.REGULATION)) is warned
    assert annual.publications_of([players.dongshan], YEAR).stock("regulations", "made") == 1


def test_every_cell_opens_as_many_records_as_it_says(players: Cast) -> None:
    document(players, date(2022, 4, 1))
    document(players, date(2023, 4, 1))
    document(players, date(2021, 4, 1), date(2023, 4, 1))
    for cell, n in (("made", 1), ("repealed", 1), ("in_force", 2)):
        records = annual.records_of([players.dongshan], YEAR, "normative_documents", cell)
        assert (records.figure, records.documents.count()) == (n, n), cell
    for row, column in (("permits", "made"), ("regulations", "amount"), ("nothing", "amount")):
        with pytest.raises(Refused):
            annual.records_of([players.dongshan], YEAR, row, column)


# ── What was published ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_sentence_of_the_example(players: Cast) -> None:
    """2623条，其中网站610条、抖音24条、微信1989条."""
    website, douyin = account(players), account(players, "douyin", "魅力东山")
    wechat = account(players, "wechat", "我爱东山区")
    for column, n in (("概况", 24), ("政务动态", 372), ("信息公开目录", 98), ("专题", 115)):
        counted(players, website, date(2023, 5, 1), n, column)
    published(players, website, date(2023, 5, 3), column="公告")
    counted(players, douyin, date(2023, 5, 1), 24, "短视频")
    counted(players, wechat, date(2023, 5, 1), 1989, "推送")
    counted(players, wechat, date(2022, 12, 1), 7, "推送")
    published(players, website, date(2024, 1, 1))
    kept(players, Register.EXPLANATIONS, form="graphic", title="一图读懂", on=date(2023, 6, 1))
    counts = annual.publication_counts([players.dongshan, players.civil], YEAR)
    assert counts.sentence().zh == "2623 条，其中网站 610 条、微信 1989 条、抖音 24 条"
    named = counts.named()
    assert set(named) >= {f"publications.channel.{key}" for key in CHANNELS} | {f"explanations.form.{k}" for k in FORMS}
    assert named["publications.total"] == 2623
    assert named["publications.column.政务动态"] == 372
    assert (named["publications.channel.weibo"], named["explanations.form.graphic"]) == (0, 1)
    assert named["explanations.total"] == 1
    assert [(a.name, n) for a, n in counts.accounts] == [("我爱东山区", 1989), ("门户网站", 610), ("魅力东山", 24)]


def test_a_month_of_a_column_is_counted_one_way_alone(players: Cast) -> None:
    website = account(players)
    counted(players, website, date(2023, 5, 1), 24, "概况")
    for on in (date(2023, 4, 30), date(2023, 6, 1)):
        published(players, website, on, column="概况")
    published(players, website, date(2023, 5, 31), column="公告")
    with pytest.raises(Refused, match="既有逐条登记，又有按月计数"):
        published(players, website, date(2023, 5, 31), "机构职能", column="概况")
    with pytest.raises(Refused, match="2023-04"):
        counted(players, website, date(2023, 4, 1), 2, "概况")
    assert annual.publication_counts([players.dongshan], YEAR).total == 27


@pytest.mark.parametrize(
    ("gone", "changed", "late"),
    [
        ((), {}, False),
        (("secrecy",), {}, True),
        (("second",), {}, True),
        ((), {"secrecy_on": date(2023, 5, 10)}, False),
        ((), {"secrecy_on": date(2023, 5, 11)}, True),
    ],
)
def test_published_without_clearance_is_listed_by_name(
    players: Cast, gone: tuple[str, ...], changed: dict[str, Any], *, late: bool
) -> None:
    """条例 17: review and secrecy check come before publication; on the day itself is in time."""
    facts = {key: value for key, value in cleared(date(2023, 5, 9)).items() if key.split("_")[0] not in gone}
    entry = published(players, account(players), date(2023, 5, 10), "施工通告", **facts | changed)
    found = [f for f in annual.findings(players.dongshan, YEAR, on=WRITTEN) if f.lacks is Lacks.UNCLEARED]
    assert [e.title for f in found for e in f.entries] == (["施工通告"] if late else [])
    assert isinstance(entry, Publication)
    assert entry.is_cleared is not late


def test_a_month_is_cleared_by_its_last_day(players: Cast) -> None:
    website = account(players)
    counted(players, website, date(2023, 2, 1), 3, "概况", **cleared(date(2023, 2, 28)))
    assert not lacking(players, Lacks.UNCLEARED)
    counted(players, website, date(2023, 3, 1), 3, "概况", **cleared(date(2023, 4, 1)))
    assert lacking(players, Lacks.UNCLEARED)


@pytest.mark.parametrize(
    ("published_on", "on", "silences"),
    [
        ((date(2023, 11, 4),), date(2023, 11, 18), [(date(2023, 10, 1), date(2023, 11, 4))]),
        ((date(2023, 10, 15), date(2023, 10, 29)), date(2023, 11, 12), []),
        ((date(2023, 10, 15), date(2023, 10, 29)), date(2023, 11, 13), [(date(2023, 10, 29), date(2023, 11, 13))]),
        ((date(2023, 10, 15), date(2023, 10, 30)), date(2023, 11, 1), [(date(2023, 10, 15), date(2023, 10, 30))]),
        ((), date(2023, 10, 15), []),
        ((), date(2023, 10, 16), [(date(2023, 10, 1), date(2023, 10, 16))]),
    ],
)
def test_an_account_is_silent_from_the_fifteenth_day(
    players: Cast, published_on: tuple[date, ...], on: date, silences: list[tuple[date, date]]
) -> None:
    """国办秘函〔2019〕19号: fourteen days are the measure, and the fourteenth is still in time."""
    website = account(players, opened_on=date(2023, 10, 1))
    for each in published_on:
        published(players, website, each)
    found = annual.silences(players.dongshan, YEAR, on=on)
    assert [(silence.since, silence.until) for silence in found] == silences
    assert bool(lacking(players, Lacks.SILENT, on=on)) is bool(silences)


def test_silence_begins_before_the_year_ends_with_the_account_and_a_month_covers_its_days(players: Cast) -> None:
    website = account(players, closed_on=date(2023, 2, 20))
    published(players, website, date(2022, 12, 20))
    counted(players, website, date(2023, 1, 1), 4, "概况")
    weibo = account(players, "weibo", "微博", silent_days=60, closed_on=date(2022, 12, 31))
    published(players, weibo, date(2022, 1, 3))
    found = annual.silences(players.dongshan, YEAR, on=WRITTEN)
    assert [(s.since, s.until, s.days) for s in found] == [(date(2023, 1, 31), date(2023, 2, 20), 20)]
    found = annual.silences(players.dongshan, 2022, on=WRITTEN)
    assert (date(2022, 1, 3), date(2022, 12, 31)) in [(s.since, s.until) for s in found]


# ── Entries are followed and never changed ───────────────────────────────────────────────────────────────────────────


def test_a_correction_is_a_further_row_and_the_newest_counts(players: Cast) -> None:
    entry = figure(players, "permits", 31)
    wrong = entry.facts
    later = registers.correct(entry, wrong | {"amount": 32}, reason="漏报一件。", by=players.li, at=AT)
    assert annual.publications_of([players.dongshan], YEAR).decisions["permits"] == 32
    rows = ENTRIES[Register.FIGURES].objects.of_entry(entry.pk)
    assert [(row.amount, row.current, row.reason) for row in rows] == [(31, False, ""), (32, True, "漏报一件。")]
    with pytest.raises(Conflict):
        registers.correct(entry, wrong | {"amount": 33}, reason="又一次。", by=players.wang, at=AT)
    with pytest.raises(Refused, match="没有改动"):
        registers.correct(later, later.facts, reason="没有。", by=players.wang, at=AT)
    with pytest.raises(Refused):
        registers.correct(later, wrong | {"amount": 33}, reason=" ", by=players.wang, at=AT)
    struck = registers.strike(later, reason="重复登记。", by=players.wang, at=AT)
    assert struck.struck
    assert annual.publications_of([players.dongshan], YEAR).decisions["permits"] == 0
    figure(players, "permits", 30)
    with pytest.raises(Refused, match="已经有同一条"):
        figure(players, "permits", 29)


def test_rows_can_be_neither_changed_nor_deleted(players: Cast) -> None:
    entry = stock(players, 2022, 3)
    rows = ENTRIES[Register.STOCKS].objects.all()
    deeds = (entry.save, entry.delete, rows.delete, lambda: rows.update(number=4), lambda: rows.update(current=True))
    for deed in deeds:
        with pytest.raises(TypeError):
            deed()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(entry).objects.bulk_create([type(entry)(**{**_copy(entry), "pk": None})])


def _copy(entry: Entry) -> dict[str, Any]:
    return {field.attname: getattr(entry, field.attname) for field in entry._meta.concrete_fields}


def test_an_account_keeps_what_it_published(players: Cast) -> None:
    website = account(players)
    published(players, website, date(2023, 5, 1))
    row = ENTRIES[Register.ACCOUNTS].objects.get()
    with pytest.raises(Refused, match="还有1条"):
        registers.strike(row, reason="关停。", by=players.wang, at=AT)
    with pytest.raises(Refused, match="2023年5月1日"):
        registers.correct(row, row.facts | {"closed_on": date(2023, 4, 30)}, reason="关停。", by=players.wang, at=AT)
    registers.correct(
        row, row.facts | {"closed_on": date(2023, 5, 1), "channel": "other"}, reason="关停。", by=players.wang, at=AT
    )
    assert annual.publication_counts([players.dongshan], YEAR).channels["other"] == 1
    with pytest.raises(Refused, match="已经关停"):
        published(players, website, date(2023, 5, 2))


def test_another_agencys_account_is_not_there(players: Cast) -> None:
    website = account(players, agency=players.civil)
    with pytest.raises(Refused, match="没有这个账号"):
        published(players, website, date(2023, 5, 1))


# ── Who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", list(Role))
def test_clerks_heads_and_report_editors_keep_registers_and_nobody_else(players: Cast, role: Role) -> None:
    somebody = person("somebody", "某人", players.dongshan, role)
    allowed = role in {Role.CLERK, Role.HEAD, Role.REPORT_EDITOR}
    assert access.may_for_agency(somebody, AgencyAct.KEEP_REGISTERS, players.dongshan) is allowed
    assert not access.may_for_agency(somebody, AgencyAct.KEEP_REGISTERS, players.civil)
    facts = {"kind": "regulations", "year": 2022, "number": 0, "source": "清理"}
    entry = stock(players, 2021, 0)
    deeds = (
        lambda: registers.record(players.dongshan, Register.STOCKS, facts, by=somebody, at=AT),
        lambda: registers.correct(entry, entry.facts | {"number": 1}, reason="改。", by=somebody, at=AT),
        lambda: registers.strike(entry, reason="改。", by=somebody, at=AT),
        lambda: registers.take_in(
            players.dongshan, Register.STOCKS, [facts], stated=set(facts), by=somebody, at=AT, dry_run=True
        ),
    )
    if not allowed:
        for deed in deeds:
            with pytest.raises(Refused, match="需要的角色"):
                deed()
        assert ENTRIES[Register.STOCKS].objects.count() == 1
    else:
        deeds[0]()
