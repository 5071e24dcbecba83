"""Given an application between two years, its receipt and its dispatch decide where it counts (law.md 7.3)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from casework.actions import deliver, intake
from casework.law.clock import Channel, Receipt
from casework.law.matrix import place, scope
from casework.law.outcomes import Outcome
from casework.models import Case, DispatchMode, Draft
from tests.cast import Cast, application, moment, signed

pytestmark = pytest.mark.django_db


def rows(case: Case, year: int) -> tuple[str, str] | None:
    """How the year's table 三 counts the case."""
    found = scope(year, case.received_on, case.closed_on)
    if found is None:
        return None
    return place(carried_in=found.carried_in, outcome=Outcome(case.outcome) if found.closed else None)


def received(players: Cast, on: date, *, recorded: date) -> Case:
    receipt = Receipt(Channel.SIGNED_MAIL, on)
    return intake.register(players.dongshan, application(), receipt, by=players.wang, at=moment(recorded)).case


def test_signed_for_on_30_december_and_registered_on_5_january_it_belongs_to_the_old_year(players: Cast) -> None:
    case = received(players, date(2025, 12, 30), recorded=date(2026, 1, 5))
    assert (case.year, case.number) == (2025, "230406-2025-00001")
    assert case.due_on == date(2026, 1, 28)
    assert rows(case, 2024) is None
    assert rows(case, 2025) == ("new", "carried_out")
    assert rows(case, 2026) == ("carried_in", "carried_out")


def test_the_numbers_of_the_new_year_begin_at_one(players: Cast) -> None:
    received(players, date(2025, 12, 31), recorded=date(2026, 1, 4))
    assert received(players, date(2026, 1, 4), recorded=date(2026, 1, 4)).number == "230406-2026-00001"
    assert received(players, date(2025, 12, 30), recorded=date(2026, 1, 5)).number == "230406-2025-00002"


@pytest.mark.parametrize(
    ("posted", "old", "new"),
    [
        (date(2025, 12, 31), ("new", "granted"), None),
        (date(2026, 1, 4), ("new", "carried_out"), ("carried_in", "granted")),
    ],
    ids=["posted on 31 December", "dated 31 December, posted in January"],
)
def test_a_reply_counts_in_the_year_in_which_it_left(
    players: Cast, posted: date, old: tuple[str, str], new: tuple[str, str] | None
) -> None:
    case = received(players, date(2025, 12, 15), recorded=date(2025, 12, 15))
    signed(players, case, Outcome.GRANTED, on=date(2025, 12, 31))
    deliver.dispatch(
        case, mode=DispatchMode.POST, postal_number="EA1", on=posted, by=players.wang, at=moment(date(2026, 1, 5))
    )
    stored = Case.objects.get()
    assert (rows(stored, 2025), rows(stored, 2026)) == (old, new)


def test_submitted_online_in_the_last_minute_it_is_of_the_old_year(players: Cast) -> None:
    at = datetime(2025, 12, 31, 15, 59, 59, 999_999, tzinfo=UTC)  # one microsecond before midnight in China
    draft = Draft.open(agency=players.dongshan, at=at)
    case = intake.submit(draft, application(), query_code="ABCD", at=at).case
    assert (case.year, case.due_on) == (2025, date(2026, 1, 29))  # law.md E22
    next_draft = Draft.open(agency=players.dongshan, at=at)
    case = intake.submit(next_draft, application(), query_code="ABCD", at=at + timedelta(microseconds=1)).case
    assert (case.year, case.number) == (2026, "230406-2026-00001")
