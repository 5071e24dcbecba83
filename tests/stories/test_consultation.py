"""Given a third party's secrets in the information, it is consulted; that time does not count (条例 32, 33(3), 34)."""

from datetime import date

import pytest

from casework.actions import clock, consult
from casework.law.clock import Party
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Consultation
from tests.cast import Cast, closed, moment, proposed, registered

pytestmark = pytest.mark.django_db

RECEIVED, SENT, ANSWERED = date(2025, 9, 8), date(2025, 9, 15), date(2025, 9, 29)
UNPAUSED = date(2025, 10, 11)  # a Saturday that was worked


def asked(
    players: Cast,
    case: Case,
    *,
    sent: date = SENT,
    delivered: date | None = SENT,
    party: Party = Party.THIRD_PARTY,
    name: str = "东山区某建筑公司",
) -> Consultation:
    consult.consult(
        case,
        party=party,
        name=name,
        sent_on=sent,
        delivered_on=delivered,
        by=players.wang,
        at=moment(max(sent, delivered or sent)),
    )
    return Consultation.objects.get(name=name)


def answered(players: Cast, consultation: Consultation, on: date, *, consents: bool | None = False) -> None:
    consult.record_opinion(
        consultation, answered_on=on, consents=consents, opinion="涉及商业秘密。", by=players.wang, at=moment(on)
    )


def test_answered_the_clock_resumes_on_the_next_working_day(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    assert case.due_on == UNPAUSED
    answered(players, asked(players, case), ANSWERED)
    due = Case.objects.get().due()
    assert due.due_on == date(2025, 10, 27)  # law.md E39
    assert due.excluded == ((date(2025, 9, 16), ANSWERED),)
    assert next(step.day for step in due.steps() if step.on == date(2025, 9, 30)) == 6


def test_silent_the_time_ends_with_the_fifteen_working_days_of_the_third_party(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    asked(players, case)
    assert Case.objects.get().due_on == date(2025, 10, 31)  # law.md E41


def test_silence_is_neither_consent_nor_refusal(players: Cast) -> None:
    """The agency decides itself under the Regulation: both ways stay open."""
    for outcome in (Outcome.GRANTED, Outcome.REFUSED_4):
        case = registered(players, on=RECEIVED).case
        asked(players, case, name=f"某公司{outcome}")
        closed(players, case, outcome, on=date(2025, 10, 20))
        assert Case.objects.get(pk=case.pk).outcome == outcome
    assert {c.consents for c in Consultation.objects.all()} == {None}


def test_an_answer_after_the_fifteen_days_does_not_lengthen_the_time(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    answered(players, asked(players, case), date(2025, 10, 20))
    due = Case.objects.get().due()
    assert due.due_on == date(2025, 10, 31)
    assert len(due.warnings) == 1


def test_two_that_overlap_leave_out_their_union_and_never_their_sum(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    first = asked(players, case, name="甲公司")
    second = asked(players, case, name="乙公司", sent=date(2025, 9, 24), delivered=date(2025, 9, 24))
    answered(players, second, date(2025, 9, 30), consents=True)
    answered(players, first, ANSWERED)
    due = Case.objects.get().due()
    assert due.excluded == ((date(2025, 9, 16), date(2025, 9, 30)),)
    assert due.due_on == date(2025, 10, 28)


def test_one_within_another_changes_nothing(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    first = asked(players, case, name="甲公司")
    second = asked(players, case, name="乙公司", sent=date(2025, 9, 17), delivered=date(2025, 9, 17))
    answered(players, second, date(2025, 9, 26))
    answered(players, first, ANSWERED)
    assert Case.objects.get().due_on == date(2025, 10, 27)


def test_another_organ_is_consulted_under_article_34(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    answered(players, asked(players, case, party=Party.OTHER_AGENCY, name="区财政局"), ANSWERED, consents=True)
    assert Case.objects.get().due_on == date(2025, 10, 27)


def test_the_opinion_of_an_organ_is_no_opinion_of_a_third_party(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    answered(players, asked(players, case, party=Party.OTHER_AGENCY, name="区财政局"), ANSWERED)
    with pytest.raises(Refused, match="征求第三方意见") as refusal:
        proposed(players, case, Outcome.REFUSED_4, on=date(2025, 10, 10))
    assert refusal.value.law == "条例 15、32"


def test_an_opinion_is_recorded_once(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    answered(players, asked(players, case), ANSWERED)
    with pytest.raises(Refused, match="已经登记过"):
        answered(players, Consultation.objects.get(), date(2025, 9, 30))
    assert Consultation.objects.get().answered_on == ANSWERED


def test_a_letter_cannot_arrive_before_it_was_sent(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="2025年9月12日早于2025年9月15日") as refusal:
        asked(players, case, delivered=date(2025, 9, 12))
    assert refusal.value.field == "delivered_on"
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("delivered", [SENT, None], ids=["delivered", "not known to be delivered"])
def test_an_opinion_cannot_come_before_the_letter(players: Cast, delivered: date | None) -> None:
    case = registered(players, on=RECEIVED).case
    consultation = asked(players, case, delivered=delivered)
    with pytest.raises(Refused, match="2025年9月12日早于2025年9月15日") as refusal:
        answered(players, consultation, date(2025, 9, 12))
    assert refusal.value.field == "answered_on"
    assert Consultation.objects.get().answered_on is None


def test_an_opinion_that_comes_while_the_applicant_is_asked_is_recorded_on_its_day(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    consultation = asked(players, case)
    day = date(2025, 9, 16)
    clock.request_supplement(case, unclear="请说明名称。", on=day, by=players.wang, at=moment(day))
    answered(players, consultation, ANSWERED)
    assert (Case.objects.get().state, Case.objects.get().due_on) == ("supplement_requested", None)
    clock.receive_supplement(
        Case.objects.get(), answer="即清单。", on=date(2025, 9, 22), by=None, at=moment(date(2025, 9, 29))
    )
    assert Case.objects.get().due_on == date(2025, 11, 3)  # twenty working days after 29 September


def test_the_applicant_hears_that_somebody_is_consulted_and_not_who(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    asked(players, case, name="东山区某建筑公司")
    event = case.events.last()
    assert event is not None
    assert "东山区某建筑公司" in event.for_office().zh
    assert str(event.for_applicant()) == "行政机关正在征求有关方面的意见，所需时间依法不计入答复期限。"
