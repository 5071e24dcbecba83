"""The lawful steps against a reply (law.md section 8)."""

from datetime import date

import pytest

from casework.law.calendar import published
from casework.law.outcomes import OUTCOMES, Outcome
from casework.law.remedies import Route, Way, routes, silence, silence_routes

ORGAN, COURT = "鹤岗市人民政府", "东山区人民法院"


def against(
    outcome: Outcome, *, known_on: date | None = date(2025, 8, 18), decided_on: date = date(2025, 8, 18)
) -> tuple[Route, ...]:
    return routes(
        OUTCOMES[outcome],
        decided_on=decided_on,
        known_on=known_on,
        review_organ=ORGAN,
        court=COURT,
        calendar=published(),
    )


@pytest.mark.parametrize("outcome", [Outcome(f"refused_{n}") for n in range(1, 8)])
def test_a_refusal_must_be_reviewed_before_it_is_sued(outcome: Outcome) -> None:
    review, suit = against(outcome)
    assert "应当先申请行政复议" in review.sentence.zh
    assert "must first apply for reconsideration" in review.sentence.en
    assert review.law == "行政复议法 20(1)、23(1)(4)"
    assert review.until is not None
    assert review.until.due_on == date(2025, 10, 17)
    assert "15 日内" in suit.sentence.zh
    assert suit.until is None, "runs from a decision that does not exist yet"


@pytest.mark.parametrize(
    "outcome", [Outcome.GRANTED, Outcome.REFUSED_8, Outcome.UNAVAILABLE_1, Outcome.NOT_PROCESSED_1, Outcome.OTHER_1]
)
def test_either_way_is_open_against_what_withholds_nothing(outcome: Outcome) -> None:
    review, suit = against(outcome)
    assert "应当先" not in review.sentence.zh
    assert suit.until is not None
    assert suit.until.due_on == date(2026, 2, 24), "E51 of the examples"


def test_a_partial_reply_has_both_paragraphs() -> None:
    _review, suit = against(Outcome.PARTIAL)
    assert "对不予公开的部分不服的，应当先申请行政复议" in suit.sentence.zh


def test_before_2024_a_refusal_could_be_sued_at_once() -> None:
    _review, suit = against(Outcome.REFUSED_1, decided_on=date(2023, 12, 31), known_on=date(2023, 12, 31))
    assert "不经复议" in suit.sentence.zh


def test_who_withdrew_has_nothing_to_contest() -> None:
    assert against(Outcome.OTHER_3) == ()


def test_without_a_day_of_receipt_no_last_day_is_claimed() -> None:
    assert all(route.until is None for route in against(Outcome.REFUSED_1, known_on=None))


def test_organ_and_court_are_named_or_described() -> None:
    review, suit = against(Outcome.REFUSED_1)
    assert (ORGAN in review.sentence.zh, COURT in suit.sentence.en) == (True, True)
    unnamed = silence("", "")
    assert "有管辖权的行政复议机关" in unnamed.zh
    assert "the competent people’s court" in unnamed.en
    assert [route.way for route in against(Outcome.PARTIAL)] == [Way.RECONSIDERATION, Way.SUIT]


def test_after_silence_reconsideration_comes_first_and_both_days_are_counted_from_the_expiry() -> None:
    """复议法实施条例 16, 行政诉讼法解释 66: from the day on which the period ran out; rest days roll over."""
    review, suit = silence_routes(date(2026, 10, 30), review_organ=ORGAN, court=COURT, calendar=published())
    assert (review.way, suit.way) == (Way.RECONSIDERATION, Way.SUIT)
    assert review.until is not None
    assert suit.until is not None
    assert review.until.due_on == date(2026, 12, 29)
    assert suit.until.due_on == date(2027, 4, 30)
    assert suit.until.provisional
    assert ORGAN in review.sentence.zh
    assert COURT in suit.sentence.en
