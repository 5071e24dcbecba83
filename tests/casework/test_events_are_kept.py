"""An event is written once: nobody changes it, and nobody takes it away."""

from datetime import date

import pytest
from django.db.models import ProtectedError

from casework.actions import decide
from casework.models import Case, Event
from casework.models.event import SENTENCES, Kind
from tests.cast import Cast, moment, registered

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)


def test_no_way_of_the_models_changes_or_deletes_one(players: Cast) -> None:
    case = registered(players, on=TODAY).case
    event = case.events.get()
    event.kind = Kind.WITHDRAWN
    for act in (event.save, event.delete, Event.objects.all().delete, lambda: Event.objects.update(kind="withdrawn")):
        with pytest.raises(TypeError, match="append-only"):
            act()
    assert Event.objects.get().kind == Kind.REGISTERED


def test_neither_a_case_nor_a_person_goes_while_events_speak_of_them(players: Cast) -> None:
    case = registered(players, on=TODAY).case
    for thing in (case, players.wang):
        with pytest.raises(ProtectedError):
            thing.delete()
    assert Case.objects.exists()


def test_what_the_applicant_wrote_is_named_for_erasure(players: Cast) -> None:
    case = registered(players, on=TODAY).case
    event = decide.withdraw(case, on=TODAY, by=players.wang, at=moment(TODAY), statement="本人撤回")
    assert set(event.payload) <= set(SENTENCES[Kind.WITHDRAWN].personal)
