"""Honest expectations: what similar applications took here, told only where enough of them can be compared."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.actions import decide
from casework.annual.expectations import FEWEST, expected
from casework.law.outcomes import ApplicantKind, Group, Outcome
from casework.models import Case
from casework.templatetags.expectations import bars
from tests.cast import CREDIT_CODE, Cast, closed, moment, registered, supplemented

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)
MONDAY = date(2026, 9, 7)


def replied(players: Cast, days: int, *, outcome: Outcome = Outcome.GRANTED, on: date = MONDAY, **changes: Any) -> Case:
    """A reply sent so many working days after receipt."""
    case = registered(players, on=on, **changes).case
    closed(players, case, outcome, on=players.dongshan.calendar.add_workdays(on, days))
    return case


def organisation() -> dict[str, Any]:
    return {"applicant_kind": ApplicantKind.BUSINESS, "identity_kind": "credit_code", "identity_number": CREDIT_CODE}


def test_the_days_are_those_of_an_independent_count(players: Cast) -> None:
    took = [1, 2, 3, 3, 4, 5, 5, 6, 7, 8, 8, 9, 9, 10, 11, 12, 13, 15, 18, 20]
    for number, days in enumerate(took):
        replied(players, days, outcome=Outcome.PARTIAL if number < 6 else Outcome.GRANTED)
    mine = registered(players, on=TODAY).case
    found = expected(mine, on=TODAY)
    assert found is not None
    assert (found.alike, found.n, found.half_by, found.most_by) == (True, 20, 8, 15)
    assert (found.granted_share, found.partial_share, found.asked_share) == (70, 30, None)
    assert sorted(found.days.elements()) == took
    assert found.groups == {Group.PARTIAL: 6, Group.GRANTED: 14}
    assert [number for _first, _last, number in found.bars] == [7, 7, 4, 2, 0, 0, 0, 0, 0]
    assert 'aria-label="1–5: 7; 6–10: 7;' in bars(found)


def test_too_few_say_nothing_and_organisations_are_not_people(players: Cast) -> None:
    for _ in range(FEWEST - 1):
        replied(players, 5)
    mine = registered(players, on=TODAY).case
    assert expected(mine, on=TODAY) is None
    replied(players, 9, **organisation())
    found = expected(mine, on=TODAY)
    assert found is not None
    assert (found.alike, found.n) == (False, FEWEST), "people alone are too few, so the whole office is taken"
    replied(players, 5)
    found = expected(mine, on=TODAY)
    assert found is not None
    assert (found.alike, found.n, found.most_by) == (True, FEWEST, 5)


def test_what_is_no_reply_too_old_or_of_another_office_is_left_out(players: Cast) -> None:
    for _ in range(FEWEST):
        replied(players, 5)
    given_up = registered(players, on=MONDAY).case
    decide.withdraw(given_up, on=MONDAY, by=None, at=moment(MONDAY))
    replied(players, 3, on=TODAY - timedelta(days=400))
    mine = registered(players, on=TODAY).case
    found = expected(mine, on=TODAY)
    assert found is not None
    assert found.n == FEWEST
    mine.agency = players.civil
    mine.agency_id = players.civil.pk
    assert expected(mine, on=TODAY) is None


def test_a_share_that_would_point_at_one_or_two_is_not_told(players: Cast) -> None:
    for number in range(FEWEST):
        case = registered(players, on=MONDAY).case
        if number < 2:
            supplemented(players, case, asked=MONDAY, answered=MONDAY)
        closed(players, case, Outcome.GRANTED, on=MONDAY + timedelta(days=7))
    found = expected(registered(players, on=TODAY).case, on=TODAY)
    assert found is not None
    assert (found.asked, found.asked_share) == (2, None)
    assert found.granted_share is None, "all of them: then everybody is told apart"


def test_it_takes_two_queries_however_many_there_are(players: Cast) -> None:
    for _ in range(FEWEST + 3):
        replied(players, 5)
    mine = registered(players, on=TODAY).case
    with CaptureQueriesContext(connection) as queries:
        expected(mine, on=TODAY)
    assert len(queries) == 2
