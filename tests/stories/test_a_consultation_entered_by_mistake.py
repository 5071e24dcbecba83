"""Given somebody was asked by mistake, the consultation is cancelled and the clock is as if it had never been."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import Settings

from casework.actions import consult, extension
from casework.law.clock import Party
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Conflict, Consultation, Event, Kind
from casework.models.replays import Replays
from tests.cast import Cast, moment, proposed, registered
from tests.consulting import BUREAU, COMPANY, answered, asked_by_letter, link_mailed_to

pytestmark = pytest.mark.django_db

RECEIVED, SENT, LATER = date(2025, 9, 8), date(2025, 9, 15), date(2025, 9, 29)


def asked(players: Cast, case: Case, name: str = "甲公司", *, sent: date = SENT) -> Consultation:
    consult.consult(
        case, party=Party.THIRD_PARTY, name=name, sent_on=sent, delivered_on=sent, by=players.wang, at=moment(sent)
    )
    return Consultation.objects.get(name=name)


def cancel(players: Cast, consultation: Consultation, on: date = LATER) -> Event:
    return consult.cancel_consultation(consultation, reason="发错了单位。", by=players.wang, at=moment(on))


def test_the_date_is_as_if_nobody_had_been_asked(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    before = case.due_on
    mistaken = asked(players, case)
    assert Case.objects.get().due_on != before
    event = cancel(players, mistaken)
    case = Case.objects.with_clock_facts().get()
    assert case.due_on == case.due().due_on == before
    assert case.due().excluded == ()
    assert (event.due_before, event.due_after) != (before, None)
    assert event.due_after == before
    [found] = Replays().of(Case.objects.all())
    assert found.due_on == before, "and verify_clocks agrees"


def test_of_two_the_other_one_stays(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    mistaken, right = asked(players, case), asked(players, case, "乙公司", sent=date(2025, 9, 17))
    answered(players, right, date(2025, 9, 26), consents=True, opinion="")
    cancel(players, Consultation.objects.get(pk=mistaken.pk))
    due = Case.objects.get().due()
    assert due.excluded == ((date(2025, 9, 18), date(2025, 9, 26)),)


def test_the_row_its_reason_and_both_events_stay_on_file(players: Cast, client: Client) -> None:
    case = registered(players, on=RECEIVED).case
    cancel(players, asked(players, case))
    kept = Consultation.whole.get()
    assert (kept.cancel_reason, kept.cancelled_by) == ("发错了单位。", players.wang)
    assert list(Event.objects.values_list("kind", flat=True)) == [
        Kind.REGISTERED,
        Kind.CONSULTED,
        Kind.CONSULTATION_CANCELLED,
    ]
    client.force_login(players.wang)
    assert "发错了单位。" in client.get(f"/desk/cases/{case.pk}/").content.decode()


def test_a_cancelled_one_is_no_consultation_on_file(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    cancel(players, asked(players, case))
    with pytest.raises(Refused, match="征求第三方意见"):
        proposed(players, Case.objects.get(), Outcome.REFUSED_4, on=LATER)


def test_what_was_lawful_only_in_that_time_forbids_it_by_its_own_article(players: Cast) -> None:
    """An extension on the 20th of October, in time because of the consultation, would have come after expiry."""
    case = registered(players, on=RECEIVED).case
    mistaken = asked(players, case)
    on = date(2025, 10, 20)
    extension.extend(Case.objects.get(), working_days=5, reason="检索量大。", on=on, by=players.li, at=moment(on))
    due_on = Case.objects.get().due_on
    with pytest.raises(Refused, match="期限已于2025年10月11日届满") as refusal:
        cancel(players, Consultation.objects.get(pk=mistaken.pk), on=on)
    assert refusal.value.law == "条例 33(2)"
    assert Consultation.objects.get().cancelled_at is None
    assert Case.objects.get().due_on == due_on


def test_it_needs_a_reason_and_happens_once(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    mistaken = asked(players, case)
    with pytest.raises(Refused):
        consult.cancel_consultation(mistaken, reason=" ", by=players.wang, at=moment(LATER))
    stale = Consultation.objects.get()
    cancel(players, Consultation.objects.get())
    with pytest.raises(Conflict):
        cancel(players, stale)


def test_its_link_opens_nothing_any_more(players: Cast, client: Client, settings: Settings) -> None:
    settings.SITE_URL = "https://gongkai.test"
    today = date(2026, 11, 18)
    case = registered(players, on=date(2026, 11, 16)).case
    [mistaken] = asked_by_letter(players, case, COMPANY, on=today)
    link = link_mailed_to(COMPANY.email)
    assert client.get(link).status_code == 200
    cancel(players, Consultation.objects.get(pk=mistaken.pk), on=today)
    assert client.get(link).status_code == 404


def test_the_right_one_can_be_asked_afterwards(players: Cast, settings: Settings) -> None:
    settings.SITE_URL = "https://gongkai.test"
    today = date(2026, 11, 18)
    case = registered(players, on=date(2026, 11, 16)).case
    [mistaken] = asked_by_letter(players, case, COMPANY, on=today)
    cancel(players, Consultation.objects.get(pk=mistaken.pk), on=today)
    [right] = asked_by_letter(players, Case.objects.get(), BUREAU, on=today)
    assert list(Case.objects.get().consultations.all()) == [right]
