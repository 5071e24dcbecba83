"""The guard of ``Case.state`` (docs/decisions/003): nobody assigns it, whatever others do at the same time."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django_fsm import FSMField, FSMModelMixin, TransitionNotAllowed

from casework.actions import clock, intake
from casework.law.states import State
from casework.models import Case, Conflict
from tests.cast import Cast, moment, registered

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 16)


@pytest.fixture
def case(players: Cast) -> Case:
    return registered(players, on=DAY).case


def is_guarded(case: Case) -> bool:
    try:
        case.state = State.SIGNED.value
    except AttributeError:
        return True
    return False


def test_assignment_raises_and_changes_nothing(case: Case) -> None:
    with pytest.raises(AttributeError):
        case.state = State.DISCLOSED.value
    with pytest.raises(AttributeError):
        setattr(case, "state", State.DISCLOSED.value)  # noqa: B010 - by name as well
    assert case.state == State.RECEIVED


def test_a_transition_from_another_state_is_not_allowed(case: Case) -> None:
    for transition_method in (case.sign, case.receive_supplement, case.record_payment):
        with pytest.raises(TransitionNotAllowed):
            transition_method()
    assert case.state == State.RECEIVED


def test_no_mixin_of_the_library_is_inherited() -> None:
    assert not issubclass(Case, FSMModelMixin)


def test_a_refresh_reads_the_state_that_another_instance_stored(players: Cast, case: Case) -> None:
    other = Case.objects.get()
    clock.request_supplement(other, unclear="请说明年度。", on=DAY, by=players.wang, at=moment(DAY))
    case.refresh_from_db()
    assert (case.state, case.version) == (State.SUPPLEMENT_REQUESTED, other.version)
    assert is_guarded(case)


def test_the_guard_stays_on_after_the_refresh_of_a_row_that_is_gone(case: Case) -> None:
    gone = Case(pk=case.pk + 1000)
    with pytest.raises(Case.DoesNotExist):
        gone.refresh_from_db()
    with pytest.raises(Case.DoesNotExist):
        gone.refresh_from_db(fields=["state"])
    assert is_guarded(case)
    assert is_guarded(gone)


@pytest.mark.django_db(transaction=True)
def test_the_guard_stays_on_for_every_thread_while_one_refreshes(players: Cast) -> None:
    case = registered(players, on=DAY).case
    stop = threading.Event()

    def refresh() -> None:
        try:
            mine = Case.objects.get()
            while not stop.is_set():
                mine.refresh_from_db()
        finally:
            connection.close()

    threads = [threading.Thread(target=refresh) for _ in range(3)]
    for thread in threads:
        thread.start()
    slips = [attempt for attempt in range(3000) if not is_guarded(case)]
    stop.set()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert slips == []


def test_a_deferred_load_between_transition_and_save_keeps_the_pending_state(case: Case) -> None:
    lazy = Case.objects.defer("content", "note").get()
    lazy.request_supplement()
    assert "老旧小区" in lazy.content  # reads the row again
    assert lazy.state == State.SUPPLEMENT_REQUESTED
    lazy.save()
    assert Case.objects.get().state == State.SUPPLEMENT_REQUESTED


def test_a_deferred_state_is_read_when_it_is_asked_for(case: Case) -> None:
    lazy = Case.objects.only("number").get()
    assert lazy.state == State.RECEIVED
    assert is_guarded(lazy)


def test_two_acts_in_one_state_have_one_winner(players: Cast, case: Case) -> None:
    first, second = Case.objects.get(), Case.objects.get()
    intake.assign(first, clerk=players.chen, by=players.li, at=moment(DAY))
    with pytest.raises(Conflict, match="刚刚被别人处理过"):
        intake.assign(second, clerk=players.wang, by=players.li, at=moment(DAY))
    stored = Case.objects.get()
    assert (stored.clerk, stored.version) == (players.chen, first.version)
    assert stored.events.filter(kind="assigned").count() == 1


def test_a_save_that_fails_leaves_the_version_as_it_was_read(case: Case) -> None:
    stale = Case.objects.get()
    case.save()
    before = stale.version
    for _ in range(2):
        with pytest.raises(Conflict), transaction.atomic():
            stale.save()
        assert stale.version == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"state": State.DISCLOSED.value},
        {"state": State.DISCLOSED.value, "closed_on": DAY},
        {"outcome": "granted", "closed_on": DAY},
        {"state": State.DISCLOSED.value, "outcome": "gone", "closed_on": DAY},
    ],
)
def test_what_goes_round_the_guard_meets_the_constraints(case: Case, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(**wrong)


def test_the_library_still_opens_the_guard_of_all_for_the_refresh_of_one() -> None:
    """Should a release mend this, docs/decisions/003 can be thought over."""

    class Lamp(FSMModelMixin, models.Model):
        state = FSMField(default="off", protected=True)

        class Meta:
            app_label = "trap"  # of no installed app: migrations don't see it

    other, seen = Lamp(), []

    def meanwhile(self: models.Model, *_arguments: Any, **_options: Any) -> None:
        other.state = "on"  # from anywhere in the process
        seen.append(other.state)
        raise Lamp.DoesNotExist

    original = models.Model.refresh_from_db
    models.Model.refresh_from_db = meanwhile  # type: ignore[method-assign]  # put back below
    try:
        with pytest.raises(Lamp.DoesNotExist):
            Lamp().refresh_from_db()
    finally:
        models.Model.refresh_from_db = original  # type: ignore[method-assign]  # as it was
    assert seen == ["on"]
    other.state = "still on"
    assert other.state == "still on"
