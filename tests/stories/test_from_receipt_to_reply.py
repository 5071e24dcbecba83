"""An application handed in at the counter is supplemented, extended, granted, signed by another, and dispatched."""

from datetime import date

import pytest

from casework.actions import approve, deliver, extension
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Conflict, DispatchMode, Kind
from tests.cast import Cast, cleared, moment, proposed, registered, signed, supplemented

pytestmark = pytest.mark.django_db


def test_the_whole_way_writes_every_event_and_closes_on_the_day_of_dispatch(players: Cast) -> None:
    case = registered(players, on=date(2026, 9, 18)).case
    assert case.due_on == date(2026, 10, 22)  # law.md 12.4, E27

    supplemented(players, case, asked=date(2026, 9, 21), answered=date(2026, 9, 28))
    assert case.due_on == date(2026, 10, 30)  # 条例 30: twenty working days afresh

    extension.extend(
        case,
        working_days=10,
        reason="涉及多个部门",
        on=date(2026, 10, 12),
        by=players.li,
        at=moment(date(2026, 10, 12)),
    )
    assert case.due_on == date(2026, 11, 13)

    signed(players, case, Outcome.GRANTED, on=date(2026, 11, 10))
    deliver.dispatch(
        case,
        mode=DispatchMode.POST,
        postal_number="EA123456789CN",
        on=date(2026, 11, 11),
        by=players.wang,
        at=moment(date(2026, 11, 11)),
    )

    stored = Case.objects.get()
    assert (stored.state, stored.outcome, stored.closed_on) == ("disclosed", "granted", date(2026, 11, 11))
    assert [e.kind for e in stored.events.all()] == [
        Kind.REGISTERED,
        Kind.SUPPLEMENT_REQUESTED,
        Kind.SUPPLEMENT_RECEIVED,
        Kind.EXTENDED,
        Kind.PROPOSED,
        Kind.REVIEWED,
        Kind.SECRECY_CLEARED,
        Kind.SIGNED,
        Kind.DISPATCHED,
    ]
    assert stored.events.get(kind=Kind.EXTENDED).due_before == date(2026, 10, 30)


def test_the_drafter_cannot_sign(players: Cast) -> None:
    case = registered(players, on=date(2026, 11, 2)).case
    players.wang.appointments.create(agency=players.dongshan, role="head")
    players.wang.__dict__.pop("_roles", None)
    proposed(players, case, Outcome.GRANTED, on=date(2026, 11, 3))
    cleared(players, case, on=date(2026, 11, 3))
    with pytest.raises(Refused, match="拟稿人不能签发"):
        approve.sign(case, by=players.wang, at=moment(date(2026, 11, 3)))


def test_two_who_sign_at_once_give_one_winner_and_one_clear_message(players: Cast) -> None:
    case = registered(players, on=date(2026, 11, 2)).case
    proposed(players, case, Outcome.GRANTED, on=date(2026, 11, 3))
    cleared(players, case, on=date(2026, 11, 3))
    first, second = Case.objects.get(), Case.objects.get()
    approve.sign(first, by=players.li, at=moment(date(2026, 11, 4)))
    with pytest.raises(Conflict, match="刚刚被别人处理过"):
        approve.send_back(second, remark="请补充理由", by=players.li, at=moment(date(2026, 11, 4)))
    assert Case.objects.get().state == "signed"
    assert Case.objects.get().events.count() == 5
