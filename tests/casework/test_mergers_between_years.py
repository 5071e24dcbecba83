"""R5 and T2 in the year of a merger: each organ filed by itself for the year before (law.md 7.2, 7.8)."""

from datetime import date, datetime
from typing import Any

import pytest

from casework import annual
from casework.actions import receipt
from casework.actions.merge import merge_agency
from casework.annual.obstacles import obstacles
from casework.law.matrix import CARRIED_IN, CARRIED_OUT, NEW, TOTAL
from casework.law.outcomes import Outcome
from casework.models import Agency, AnnualReport, Case, ReportEdition, Role, Staff
from tests.casework.test_region import received, table, unit
from tests.cast import Cast, closed, moment, person, registered
from tests.registering import document, stock

pytestmark = pytest.mark.django_db

DECEMBER, JANUARY = date(2025, 12, 15), date(2026, 1, 15)
SIGNED, MERGED = moment(date(2026, 1, 20)), date(2026, 3, 2)
LATER = moment(date(2026, 3, 9))


@pytest.fixture
def system(players: Cast) -> Staff:
    return person("yan", "严格", players.elsewhere, Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def carried(players: Cast) -> dict[str, Case]:
    """Dongshan carries one out of 2025, Civil Affairs two."""
    players.wang.appointments.create(agency=players.civil, role=Role.CLERK)
    players.wang.__dict__.pop("_roles", None)
    return {
        name: registered(players, on=DECEMBER, agency=agency).case
        for name, agency in (("of Dongshan", players.dongshan), ("first", players.civil), ("second", players.civil))
    }


def filed(players: Cast, agency: Agency, *, region: bool = False, at: datetime = SIGNED) -> ReportEdition:
    """The report on 2025, frozen as a signature freezes it."""
    work = AnnualReport.objects.begun(agency, 2025, region=region, by=players.li, at=at)
    made = annual.frozen(work)
    return ReportEdition.objects.create(
        report=work,
        number=work.editions.count() + 1,
        reason="更正" if work.editions.exists() else "",
        content=made.content,
        packed_cases=made.packed,
        digest=made.digest,
        made_with=made.made_with,
        parts=made.parts,
        signed_by=players.li,
        signed_at=at,
    )


def merged(players: Cast, system: Staff, *, new: Agency | None = None, on: date = MERGED) -> None:
    merge_agency(players.civil, new or players.dongshan, on=on, by=system, at=LATER)


def sides(turn: annual.Reconciliation) -> tuple[int, int]:
    """Item 2 and item 4, over all columns."""
    total = turn.checks[-1]
    return total.left, total.right


def of_dongshan(players: Cast, **more: Any) -> annual.Reconciliation:
    return annual.reconciliation(players.dongshan, 2026, **more)


def r5(players: Cast, *, region: bool = False) -> list[str]:
    work = AnnualReport(agency=players.dongshan, year=2026, region=region)
    return [each.sentence.zh for each in obstacles(work) if each.sentence.zh.startswith(("R5", "T2"))]


def test_item_four_of_both_as_filed_is_what_the_successor_takes_over(
    players: Cast, system: Staff, carried: dict[str, Case]
) -> None:
    for agency in (players.dongshan, players.civil):
        filed(players, agency)
    assert sides(of_dongshan(players)) == (1, 1)
    merged(players, system)
    turn = of_dongshan(players)
    assert sides(turn) == (3, 3)
    assert (turn.holds, turn.moved, turn.sentences, turn.several) == (True, (), (), True)
    assert r5(players) == []
    assert annual.reconciliation(players.dongshan, 2025).before is None


def test_the_predecessors_cases_that_changed_since_are_named_with_both_editions(
    players: Cast, system: Staff, carried: dict[str, Case]
) -> None:
    for agency in (players.dongshan, players.civil):
        filed(players, agency)
    merged(players, system)
    moved = carried["second"]
    more: dict[str, Any] = {"reason": "录入错误。", "by": players.wang, "at": LATER}
    receipt.correct(moved, changes={"arrived_on": JANUARY}, **more)
    receipt.correct(carried["first"], changes={"applicant_kind": "business"}, **more)
    turn = of_dongshan(players)
    assert sides(turn) == (2, 3)
    assert {each.pk: (each.filed, each.now) for each in turn.moved} == {
        moved.pk: ("natural_person", ""),
        carried["first"].pk: ("natural_person", "business"),
    }
    note = " ".join(sentence.zh for sentence in turn.sentences)
    assert "东山区人民政府办公室第1版（2026年1月20日签发）、东山区民政局第1版（2026年1月20日签发）第四项" in note
    assert "不能由办件记录说明" not in note
    assert len(r5(players)) == 3  # two columns and the total


def test_who_filed_nothing_is_taken_from_the_records(players: Cast, system: Staff, carried: dict[str, Case]) -> None:
    filed(players, players.civil)
    merged(players, system)
    registered(players, on=DECEMBER)  # Dongshan had one more, and nobody had filed it
    turn = of_dongshan(players)
    assert sides(turn) == (4, 4)
    assert turn.before is not None
    assert turn.before.unfiled == (players.dongshan,)
    receipt.correct(carried["first"], changes={"arrived_on": JANUARY}, reason="误", by=players.wang, at=LATER)
    turn = of_dongshan(players)
    assert sides(turn) == (3, 4)
    assert "东山区人民政府办公室（没有签发，按登记推算）" in turn.sentences[0].zh


def test_stocks_of_both_are_taken_over_too(players: Cast, system: Staff) -> None:
    """T2: in force = last year's of both + made − repealed."""
    stock(players, 2023, 12)
    stock(players, 2023, 5, agency=players.civil)
    for agency in (players.dongshan, players.civil):
        filed(players, agency)
    document(players, date(2023, 5, 1))  # of before the stock
    merged(players, system)
    table2 = annual.report_of(players.dongshan, 2026).table2
    assert table2 is not None
    assert table2.stock("normative_documents", "in_force") == 17
    assert r5(players) == []


def test_the_year_after_it_is_one_edition_again(players: Cast, system: Staff, carried: dict[str, Case]) -> None:
    merged(players, system, on=date(2025, 7, 1))
    edition = filed(players, players.dongshan)
    assert {line.split(",")[0] for line in edition.case_lines()} == {"230406", "230406-MZ"}
    turn = of_dongshan(players)
    assert (sides(turn), turn.several, turn.edition) == ((3, 3), False, edition)
    receipt.correct(carried["first"], changes={"arrived_on": JANUARY}, reason="误", by=players.wang, at=LATER)
    turn = of_dongshan(players)
    assert [each.pk for each in turn.moved] == [carried["first"].pk]


def test_a_chain_of_mergers_in_one_year(players: Cast, system: Staff, carried: dict[str, Case]) -> None:
    for agency in (players.dongshan, players.civil):
        filed(players, agency)
    merged(players, system)
    merge_agency(players.dongshan, players.elsewhere, on=MERGED, by=system, at=LATER)
    turn = annual.reconciliation(players.elsewhere, 2026)
    assert sides(turn) == (3, 3)
    assert turn.before is not None
    assert turn.before.unfiled == (players.elsewhere,)


# A region ------------------------------------------------------------------------------------------------------------


def test_a_region_is_held_against_its_own_report_whoever_merged_within(
    players: Cast, system: Staff, carried: dict[str, Case]
) -> None:
    edition = filed(players, players.dongshan, region=True)
    merged(players, system)
    turn = of_dongshan(players, region=True)
    assert (sides(turn), turn.edition, turn.holds, turn.moved) == ((3, 3), edition, True, ())
    closed(players, carried["of Dongshan"], Outcome.GRANTED, on=JANUARY)
    assert of_dongshan(players, region=True).holds  # it came in as before
    receipt.correct(carried["first"], changes={"arrived_on": JANUARY}, reason="误", by=players.wang, at=LATER)
    turn = of_dongshan(players, region=True)
    assert sides(turn) == (2, 3)
    assert [each.pk for each in turn.moved] == [carried["first"].pk]
    assert len(r5(players, region=True)) == 2


def test_a_region_that_lost_an_organ_is_not_held_against_the_report_that_had_it(
    players: Cast, system: Staff, carried: dict[str, Case]
) -> None:
    filed(players, players.dongshan, region=True)
    merged(players, system, new=players.elsewhere)
    turn = of_dongshan(players, region=True)
    assert (turn.edition, turn.holds, sides(turn)) == (None, True, (1, 1))
    assert r5(players, region=True) == []
    assert sides(annual.reconciliation(players.elsewhere, 2026)) == (2, 2)


def test_without_a_report_of_its_own_a_region_is_held_against_what_its_units_sent(
    players: Cast, carried: dict[str, Case]
) -> None:
    """A township on paper carries four over: the records alone would know nothing of them."""
    town = Agency.objects.create(code="230406-HQ", name="红旗乡人民政府", parent=players.dongshan, outside=True)
    received(town, table(2025, carried_out=4))
    received(town, table(2026, carried_in=4, closed=5), at=moment(date(2027, 1, 10)))
    turn = of_dongshan(players, region=True)
    assert (sides(turn), turn.holds) == ((7, 7), True)
    received(town, table(2026, carried_in=3, closed=5), at=moment(date(2027, 1, 11)))
    turn = of_dongshan(players, region=True)
    assert (sides(turn), turn.holds) == ((6, 7), False)


# The past ------------------------------------------------------------------------------------------------------------


def test_a_merger_recorded_since_is_not_known_on_an_earlier_day(
    players: Cast, system: Staff, carried: dict[str, Case]
) -> None:
    """Recorded on 9 March with effect from 2 March; what the table said on 8 March stays what it said."""
    then = annual.end_of(date(2026, 3, 8))
    before = annual.report_of(players.dongshan, 2026)
    merged(players, system)
    assert annual.report_of(players.dongshan, 2026).table3.figure(CARRIED_IN, TOTAL) == 3
    assert annual.report_of(players.dongshan, 2026, as_of=date(2026, 3, 8), known_at=then).table3.figure(
        CARRIED_IN, TOTAL
    ) == before.table3.figure(CARRIED_IN, TOTAL)
    assert [each.code for each in annual.agencies_of(players.dongshan, region=False, year=2026, known_at=then)] == [
        "230406"
    ]


def test_a_successor_that_signed_before_the_merger_was_recorded_has_to_sign_again(
    players: Cast, system: Staff, carried: dict[str, Case]
) -> None:
    """Else the predecessor's cases would be in no report of the year."""
    filed(players, players.dongshan)
    merged(players, system, on=date(2025, 7, 1))
    assert annual.region_of(players.dongshan, 2025).report.table3.figure(NEW, TOTAL) == 1
    remarks = [remark.zh for remark in unit(players, players.dongshan).remarks]
    assert any("没有包括东山区民政局的申请" in remark for remark in remarks)
    filed(players, players.dongshan, at=LATER)
    assert annual.region_of(players.dongshan, 2025).report.table3.figure(CARRIED_OUT, TOTAL) == 3
    assert not any("没有包括" in remark.zh for remark in unit(players, players.dongshan).remarks)
