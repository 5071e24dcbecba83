"""Given a reply that needs more time, the head consents once, before expiry, to 20 working days at most (条例 33)."""

from datetime import date
from typing import Any

import pytest

from casework import sweeps
from casework.access import Verb
from casework.actions import clock, consult, extension, send
from casework.law.clock import Party
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, DispatchMode, Event, Extension, ExtensionRequest, Kind, Letter
from notifications.models import Message
from tests.cast import Cast, closed, moment, registered

pytestmark = pytest.mark.django_db

RECEIVED = date(2025, 9, 28)
DUE = date(2025, 10, 31)  # law.md E34
LONGEST = date(2025, 11, 28)


def extended(players: Cast, case: Case, on: date, days: int = 20) -> None:
    extension.extend(case, working_days=days, reason="涉及多个部门", on=on, by=players.li, at=moment(on))


def asked(players: Cast, case: Case, on: date, days: int = 20) -> None:
    extension.ask_extension(case, working_days=days, reason="涉及多个部门", by=players.wang, at=moment(on))


def consented(players: Cast, case: Case, on: date, days: int = 20) -> Letter:
    """The head makes the letter, which is the consent; it waits for the post."""
    given = {"working_days": days, "reason": "涉及多个部门"}
    return send.carry_out(case, Verb.EXTEND, mode=DispatchMode.POST, by=players.li, at=moment(on), **given)


def posted(players: Cast, on: date) -> None:
    letter = Letter.objects.select_related("case", "signed_by").get(voided_at=None)
    send.send(letter, mode=DispatchMode.POST, on=on, postal_number="EA123456789CN", by=players.wang, at=moment(on))


def stored() -> Case:
    return Case.objects.get()


def rows() -> tuple[Any, ...]:
    return (
        Case.objects.values().get(),
        list(Extension.objects.values()),
        list(ExtensionRequest.objects.values()),
        Event.objects.count(),
        Message.objects.count(),
    )


def refused(players: Cast, case: Case, on: date, days: int = 20, verb: Any = extended) -> Refused:
    """The act is refused and nothing of it stays."""
    before = rows()
    with pytest.raises(Refused) as refusal:
        verb(players, case, on, days)
    assert rows() == before
    return refusal.value


def test_on_the_last_day_it_is_still_in_time_and_runs_on_from_the_due_date(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    assert case.due_on == DUE
    extended(players, case, DUE)
    assert stored().due_on == LONGEST
    event = case.events.last()
    assert event is not None
    assert (event.due_before, event.due_after) == (DUE, LONGEST)
    assert event.for_office().zh == "经李立同意，答复期限延长20个工作日。理由：涉及多个部门"


def test_a_day_after_expiry_every_step_of_it_is_refused_with_the_article(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    for verb in (extended, asked, consented):
        refusal = refused(players, case, date(2025, 11, 3), verb=verb)
        assert refusal.law == "条例 33(2)"
        assert "答复期限已于2025年10月31日届满" in refusal.sentence.zh


def test_a_second_extension_is_refused(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    extended(players, case, date(2025, 10, 20), days=5)
    for verb in (extended, asked, consented):
        refusal = refused(players, stored(), date(2025, 10, 21), days=5, verb=verb)
        assert refusal.law == "条例 33(2)"
        assert "只能延长一次" in refusal.sentence.zh


@pytest.mark.parametrize("days", [0, -1, 21, 1000])
def test_more_than_twenty_working_days_or_none_is_refused(players: Cast, days: int) -> None:
    case = registered(players, on=RECEIVED).case
    for verb in (extended, asked, consented):
        refusal = refused(players, case, date(2025, 10, 20), days, verb=verb)
        assert (refusal.law, refusal.field) == ("条例 33(2)", "working_days")


def test_a_clerk_can_neither_extend_nor_make_the_letter_nor_decline(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    asked(players, case, DUE)
    by_clerk: dict[str, Any] = {"by": players.wang, "at": moment(DUE)}
    for act in (
        lambda: extension.extend(stored(), working_days=5, reason="忙", on=DUE, **by_clerk),
        lambda: send.prepare(stored(), Verb.EXTEND, working_days=5, reason="忙", **by_clerk),
        lambda: extension.decline_extension(stored(), remark="忙", **by_clerk),
    ):
        with pytest.raises(Refused, match="公开工作机构负责人"):
            act()
    assert not Letter.objects.exists()


def test_a_reason_is_needed(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="必须填写"):
        extension.extend(case, working_days=5, reason=" ", on=DUE, by=players.li, at=moment(DUE))
    with pytest.raises(Refused, match="必须填写"):
        extension.ask_extension(case, working_days=5, reason=" ", by=players.wang, at=moment(DUE))


def test_an_extension_recorded_after_its_day_shows_both_days(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    extension.extend(case, working_days=5, reason="补登", on=DUE, by=players.li, at=moment(date(2025, 11, 3)))
    event = case.events.last()
    assert event is not None
    assert (event.on, event.at.date()) == (DUE, date(2025, 11, 3))


def test_while_the_applicant_is_asked_nothing_can_be_extended(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    on = date(2025, 9, 30)
    clock.request_supplement(case, unclear="请说明名称。", on=on, by=players.wang, at=moment(on))
    for verb in (extended, asked, consented):
        refused(players, stored(), date(2025, 10, 9), verb=verb)


def test_extended_and_then_asked_on_the_same_day(players: Cast) -> None:
    """The order of one day's facts is that in which they can have been."""
    case = registered(players, on=RECEIVED).case
    day = date(2025, 9, 30)
    extended(players, case, day, days=5)
    clock.request_supplement(case, unclear="请说明名称。", on=day, by=players.wang, at=moment(day, 11))
    clock.receive_supplement(case, answer="即清单。", on=day, by=players.wang, at=moment(day, 12))
    assert stored().due_on == date(2025, 11, 11)  # twenty-five working days after 30 September


# In two steps: the head consents, the applicant is told --------------------------------------------------------------

ASKED, CONSENTED = date(2025, 10, 20), date(2025, 10, 28)


def test_asked_consented_and_posted_it_is_an_extension_from_the_day_it_left(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    asked(players, case, ASKED)
    assert Message.objects.filter(notice="extension_asked", recipient_id=players.li.pk).exists()
    letter = consented(players, stored(), CONSENTED)
    assert (stored().due_on, Extension.objects.count()) == (DUE, 0)
    text = " ".join(str(letter.content).split())
    assert "经本机关政府信息公开工作机构负责人同意" in text
    assert "延长后的答复期限至2025年11月28日" in text

    posted(players, DUE)
    assert stored().due_on == LONGEST
    told = Extension.objects.get()
    assert (told.on, told.approved_by, told.working_days) == (DUE, players.li, 20)
    assert ExtensionRequest.objects.get().consented is True
    event = Event.objects.get(kind=Kind.EXTENDED)
    assert event.for_office().zh == "经李立同意，答复期限延长20个工作日。理由：涉及多个部门"


def test_told_online_it_is_an_extension_at_once(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    given: dict[str, Any] = {"working_days": 5, "reason": "涉及多个部门", "mode": DispatchMode.ONLINE}
    send.carry_out(case, Verb.EXTEND, by=players.li, at=moment(DUE), **given)
    assert stored().due_on == date(2025, 11, 7)


def test_until_the_applicant_is_told_the_citizen_sees_nothing_of_it(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    asked(players, case, ASKED)
    consented(players, stored(), CONSENTED)
    assert [e.kind for e in case.events.all() if e.for_applicant()] == [Kind.REGISTERED]


def test_posted_a_day_too_late_there_is_no_extension(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    consented(players, case, CONSENTED)
    before = rows()
    with pytest.raises(Refused, match="届满") as refusal:
        posted(players, date(2025, 11, 3))
    assert refusal.value.law == "条例 33(2)"
    assert rows() == before


def test_a_letter_whose_date_the_facts_no_longer_give_does_not_leave(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    consented(players, case, CONSENTED)
    consult.consult(
        stored(), party=Party.THIRD_PARTY, name="某公司", sent_on=CONSENTED, by=players.wang, at=moment(CONSENTED)
    )
    before = rows()
    with pytest.raises(Refused, match="请作废后另行制作"):
        posted(players, DUE)
    assert rows() == before


def test_the_head_may_consent_to_less_and_that_answers_the_request(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    asked(players, case, ASKED)
    extended(players, stored(), CONSENTED, days=5)
    request = ExtensionRequest.objects.get()
    assert (request.consented, request.working_days, request.asked_by) == (True, 5, players.wang)
    assert (Extension.objects.get().working_days, stored().due_on) == (5, date(2025, 11, 7))


def test_declined_with_a_remark_it_can_be_asked_again(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    asked(players, case, ASKED)
    with pytest.raises(Refused, match="已经报请延期"):
        asked(players, stored(), ASKED)
    extension.decline_extension(stored(), remark="可以按期答复。", by=players.li, at=moment(CONSENTED))
    assert ExtensionRequest.objects.get().remark == "可以按期答复。"
    assert Message.objects.filter(notice="extension_declined", recipient_id=players.wang.pk).exists()
    with pytest.raises(Refused, match="没有报请延期"):
        extension.decline_extension(stored(), remark="不必了。", by=players.li, at=moment(CONSENTED))
    asked(players, stored(), CONSENTED)


def test_with_the_letter_made_the_head_has_answered(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    consented(players, case, CONSENTED)
    with pytest.raises(Refused, match="负责人已经同意延期"):
        asked(players, stored(), CONSENTED)
    with pytest.raises(Refused, match="负责人已经同意延期"):
        extension.decline_extension(stored(), remark="不必了。", by=players.li, at=moment(CONSENTED))
    with pytest.raises(Refused, match="已经制作"):
        consented(players, stored(), CONSENTED)


# What must be told today ---------------------------------------------------------------------------------------------


def warned() -> list[tuple[str | None, str]]:
    return list(Event.objects.filter(kind=Kind.EXTENSION_UNTOLD).values_list("once", "case__number"))


@pytest.mark.parametrize("days", [[5, 2, 0], [5], []])
def test_on_the_last_day_clerk_and_head_are_warned_once_whatever_the_agency_set(players: Cast, days: list[int]) -> None:
    players.dongshan.remind_days, players.dongshan.escalate_days = days, []
    players.dongshan.save()
    case = registered(players, on=RECEIVED).case
    consented(players, stored(), CONSENTED)
    for day in (date(2025, 10, 29), date(2025, 10, 30), DUE, DUE, date(2025, 11, 3)):
        sweeps.remind(at=moment(day))
    assert warned() == [(f"untold:{DUE}", case.number)]
    assert Message.objects.filter(notice="tell_today", recipient_id=players.wang.pk).exists()
    assert Message.objects.filter(notice="tell_today_escalated", recipient_id=players.li.pk).exists()


def test_who_has_told_or_closed_in_time_is_not_warned(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    consented(players, case, CONSENTED)
    posted(players, CONSENTED)
    replied = registered(players, on=RECEIVED).case
    consented(players, replied, CONSENTED)
    closed(players, Case.objects.get(pk=replied.pk), Outcome.GRANTED, on=CONSENTED)
    sweeps.remind(at=moment(DUE))
    assert warned() == []
