"""Given an applicant who gives the application up, it ends under 三(六)3 and stays on file (law.md 6.4)."""

from datetime import date

import pytest

from casework.actions import consult, decide, deliver
from casework.law.clock import Party
from casework.law.matrix import place, scope
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Decision, DispatchMode
from tests.cast import Cast, closed, moment, registered, signed

pytestmark = pytest.mark.django_db

RECEIVED, GIVEN_UP = date(2026, 11, 2), date(2026, 11, 10)


def withdrawn_online(case: Case, *, on: date = GIVEN_UP) -> None:
    decide.withdraw(case, on=on, by=None, at=moment(on))


def test_online_it_ends_at_once_and_counts_under_the_sixth_class(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    withdrawn_online(case)
    stored = Case.objects.get()
    assert (stored.state, stored.outcome, stored.closed_on) == ("terminated", "other_3", GIVEN_UP)
    standing = scope(2026, stored.received_on, stored.closed_on)
    assert standing is not None
    assert place(carried_in=standing.carried_in, outcome=Outcome(stored.outcome)) == ("new", "other_3")
    event = stored.events.last()
    assert event is not None
    assert (event.by, event.actor, str(event.for_applicant())) == (None, "applicant", "您撤回了申请。")


def test_by_letter_a_clerk_records_what_the_applicant_wrote(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="必须填写"):
        decide.withdraw(case, on=GIVEN_UP, by=players.wang, at=moment(GIVEN_UP))
    decide.withdraw(
        Case.objects.get(),
        on=date(2026, 11, 9),
        by=players.wang,
        at=moment(GIVEN_UP),
        statement="本人2026年11月6日书面撤回，签名原件存卷。",
    )
    stored = Case.objects.get()
    assert (stored.state, stored.closed_on) == ("terminated", date(2026, 11, 9))  # the letter's day, not its record's
    event = stored.events.last()
    assert event is not None
    assert event.payload["statement"].startswith("本人")
    assert event.by == players.wang


def test_until_the_reply_has_left_it_can_be_withdrawn(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=date(2026, 11, 6))
    withdrawn_online(case)
    assert Case.objects.get().outcome == "other_3"
    assert Decision.objects.get().dispatched_on is None


def test_with_an_opinion_outstanding_it_ends_all_the_same(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    sent = date(2026, 11, 4)
    consult.consult(case, party=Party.THIRD_PARTY, name="某公司", sent_on=sent, by=players.wang, at=moment(sent))
    withdrawn_online(case)
    stored = Case.objects.get()
    assert (stored.state, stored.watch_on, stored.period_ends_on) == ("terminated", None, None)


def test_a_case_that_is_closed_cannot_be_withdrawn(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    closed(players, case, Outcome.GRANTED, on=date(2026, 11, 6))
    with pytest.raises(Refused, match="已经办结"):
        withdrawn_online(Case.objects.get())
    with pytest.raises(Refused, match="登记撤回"):
        decide.withdraw(Case.objects.get(), on=GIVEN_UP, by=players.wang, at=moment(GIVEN_UP), statement="撤回")
    assert Case.objects.get().outcome == "granted"


@pytest.mark.parametrize("on", [date(2026, 11, 1), date(2026, 11, 11)], ids=["before receipt", "tomorrow"])
def test_the_day_must_lie_between_receipt_and_today(players: Cast, on: date) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match=r"早于|还没有到"):
        decide.withdraw(case, on=on, by=players.wang, at=moment(GIVEN_UP), statement="撤回")
    assert Case.objects.get().closed_on is None


def test_after_it_nothing_can_be_sent(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=date(2026, 11, 6))
    withdrawn_online(case)
    with pytest.raises(Refused, match="送出答复"):
        deliver.dispatch(
            Case.objects.get(), mode=DispatchMode.ONLINE, on=GIVEN_UP, by=players.wang, at=moment(GIVEN_UP)
        )
    with pytest.raises(Refused, match="没有送出的答复"):
        deliver.record_delivery(Case.objects.get(), on=GIVEN_UP, by=players.wang, at=moment(GIVEN_UP))
