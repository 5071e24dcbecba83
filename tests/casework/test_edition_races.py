"""An edition is applied while people work: no date of the old calendar is left behind."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction

from casework import sweeps
from casework.actions import extension
from casework.actions.calendar import apply, carry_on
from casework.models import Agency, CalendarEdition, Case, Event, Kind, Recomputation, Role, edition
from tests.casework.test_calendar_editions import TODAY, file
from tests.cast import Cast, cast, moment, person, registered

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(work: Callable[[], object], errors: list[BaseException]) -> threading.Thread:
    """Another process, as far as the database knows."""

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.fixture
def players(transactional_db: None) -> Cast:
    return cast()


def test_a_verb_under_way_is_waited_for_and_its_case_is_brought_in_step(players: Cast) -> None:
    root = person("root", "系统管理员", players.dongshan, Role.SYSTEM_ADMINISTRATOR)
    errors: list[BaseException] = []
    with transaction.atomic():
        case = registered(players, on=date(2026, 12, 10)).case  # by the old calendar, and not committed yet
        thread = in_thread(
            lambda: carry_on(apply(file(), source="file", by=root, at=moment(TODAY)), at=moment(TODAY)), errors
        )
        thread.join(0.5)
        assert thread.is_alive()  # the edition waits
        assert case.due_on == date(2027, 1, 7)
    thread.join(30)
    assert errors == []
    edition.look_again()
    assert Case.objects.get().due_on == date(2027, 1, 8)
    assert not list(sweeps.verify_clocks(on=TODAY))


def test_registrations_and_two_recomputations_at_once_leave_every_date_right(players: Cast) -> None:
    root = person("root", "系统管理员", players.dongshan, Role.SYSTEM_ADMINISTRATOR)
    for _ in range(5):
        registered(players, on=date(2026, 12, 10))
    errors: list[BaseException] = []

    def bring_in_step() -> None:
        carry_on(apply(file(), source="file", by=root, at=moment(TODAY)), at=moment(TODAY))

    def register() -> None:
        for _ in range(5):
            registered(players, on=date(2026, 12, 10))

    def extend() -> None:
        for case in Case.objects.order_by("pk")[:5]:
            extension.extend(case, working_days=5, reason="需要检索。", on=TODAY, by=players.li, at=moment(TODAY))

    threads = [in_thread(work, errors) for work in (bring_in_step, register, bring_in_step, extend)]
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    # An act on a case that moved in between is turned away, and nothing else goes wrong.
    assert [error for error in errors if type(error).__name__ != "Conflict"] == []
    edition.look_again()
    assert CalendarEdition.objects.count() == 1
    assert Case.objects.count() == 10
    assert {case.due_is_provisional for case in Case.objects.all()} == {False}
    assert not list(sweeps.verify_clocks(on=TODAY))
    told = Event.objects.filter(kind=Kind.CALENDAR_CHANGED).values_list("case_id", flat=True)
    assert len(told) == len(set(told)) == Recomputation.objects.get().moved
    assert Agency.objects.get(code="230406").calendar.last_known_day.year == 2027
