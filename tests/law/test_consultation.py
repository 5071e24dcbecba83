"""What a consultation means on a day (law.md 4.5, 4.7, 4.8): stages by hand, the fifteen working days by walking."""

from datetime import date

import pytest

from casework.law.calendar import published
from casework.law.consultation import CONSULTED, Consulted, Position, Silence, Stage, Standing, standing
from casework.law.letters import FIXED, LETTERS, Element, Reader
from tests.law.oracle import nth_workday

CALENDAR = published()
SENT, DELIVERED = date(2025, 9, 12), date(2025, 9, 16)
LAST = nth_workday(DELIVERED, 15)
#: Counted from dispatch, where nobody knows when it arrived.
LAST_FROM_SENT = nth_workday(SENT, 15)
THIRD, JOINT, OTHER = Consulted


def on_day(
    on: date,
    kind: Consulted = THIRD,
    *,
    delivered: date | None = DELIVERED,
    answered: date | None = None,
    position: Position | None = None,
) -> Standing:
    return standing(
        kind,
        sent_on=SENT,
        delivered_on=delivered,
        answered_on=answered,
        position=position,
        on=on,
        calendar=CALENDAR,
    )


def test_the_fifteenth_working_day_counts_holidays_and_worked_weekends() -> None:
    assert date(2025, 10, 13) == LAST
    assert on_day(SENT).lapse_on == LAST


@pytest.mark.parametrize(
    ("kind", "on", "stage", "words"),
    [
        (THIRD, LAST, Stage.AWAITED, "等待答复"),
        (THIRD, date(2025, 10, 14), Stage.LAPSED, "由本机关依法决定"),
        (JOINT, LAST, Stage.AWAITED, "等待答复"),
        (JOINT, date(2025, 10, 14), Stage.LAPSED, "视为同意公开"),
        (OTHER, LAST, Stage.AWAITED, "等待答复"),
        (OTHER, date(2025, 10, 14), Stage.LAPSED, "不产生任何后果"),
    ],
)
def test_silence_means_what_the_article_of_that_kind_says(kind: Consulted, on: date, stage: Stage, words: str) -> None:
    found = on_day(on, kind)
    assert found.stage is stage
    assert words in found.words.zh
    assert found.law == {THIRD: "条例 32", JOINT: "条例 34", OTHER: "条例 33(3)"}[kind]
    assert (found.lapse_on is None) == (kind is OTHER), "the law sets other organs no period"


def test_silence_of_a_third_party_is_no_consent_and_that_of_a_joint_organ_is() -> None:
    assert "视为同意公开" not in CONSULTED[THIRD].effect.zh
    assert {kind: row.silence for kind, row in CONSULTED.items()} == {
        THIRD: Silence.AGENCY_DECIDES,
        JOINT: Silence.CONSENT,
        OTHER: Silence.NOTHING,
    }


@pytest.mark.parametrize("kind", [THIRD, JOINT])
def test_without_a_day_of_delivery_no_silence_is_held_against_anybody(kind: Consulted) -> None:
    assert on_day(LAST_FROM_SENT, kind, delivered=None).stage is Stage.AWAITED
    later = on_day(date(2026, 1, 30), kind, delivered=None)
    assert (later.stage, later.lapse_on) == (Stage.UNPROVEN, None)
    assert later.counted_until == LAST_FROM_SENT, "the reply period is not suspended for ever"
    assert later.over
    assert not later.answered


@pytest.mark.parametrize("position", Position)
def test_an_answer_says_what_it_says_and_a_late_one_says_that_it_is_late(position: Position) -> None:
    in_time = on_day(LAST, answered=LAST, position=position)
    assert (in_time.stage, in_time.words) == (Stage.ANSWERED, position.words)
    late = on_day(date(2025, 10, 20), answered=date(2025, 10, 14), position=position)
    assert late.stage is Stage.ANSWERED_LATE
    assert "逾期答复" in late.words.zh
    assert late.counted_until == LAST, "a late answer lengthens nothing"
    assert in_time.answered
    assert late.answered


def test_an_organ_without_a_period_cannot_be_late() -> None:
    found = on_day(date(2025, 12, 1), OTHER, answered=date(2025, 11, 28), position=Position.CONSENTS)
    assert found.stage is Stage.ANSWERED


def test_every_kind_has_a_letter_of_its_own_that_says_what_silence_means() -> None:
    letters = [row.letter for row in CONSULTED.values()]
    assert len(set(letters)) == len(CONSULTED) == len(Consulted)
    for kind, row in CONSULTED.items():
        assert LETTERS[row.letter].law == row.law
        assert LETTERS[row.letter].reader is (Reader.THIRD_PARTY if kind is THIRD else Reader.ORGAN)
        assert ("视为同意" in FIXED[row.letter, Element.SILENCE]) == (row.silence is Silence.CONSENT)
