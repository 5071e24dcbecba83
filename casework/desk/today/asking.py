"""What the rows of today's page ask of the records."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from casework import access
from casework.law.calendar import Calendar, start_of
from casework.law.clock import Channel
from casework.law.due import ONE_DAY
from casework.law.lastday import received_for
from casework.law.periods import PERIODS, PeriodKind
from casework.law.states import STATES, State, Turn
from casework.law.watch import UNTAKEN_DAYS
from casework.models import (
    Actor,
    Consultation,
    Delivery,
    Event,
    Kind,
    Letter,
)
from casework.models.case import CaseQuerySet

from .seat import Seat

#: Working days after which somebody should have heard that a document arrived.
UNDELIVERED_DAYS: Final = 10
#: Calendar days after which a letter that nobody sent has been given up.
UNSENT_DAYS: Final = 60


def just(cases: CaseQuerySet, *kinds: Kind) -> CaseQuerySet:
    """Those of the cases in which nobody has done anything since an event of these kinds."""
    done = Event.objects.filter(case=OuterRef("pk")).exclude(actor=Actor.CLOCK).exclude(kind=Kind.IDENTITY_READ)
    return cases.annotate(latest=Subquery(done.order_by("-id").values("kind")[:1])).filter(latest__in=kinds)


def notice_ends(seat: Seat, last: Callable[[Calendar], date]) -> CaseQuerySet:
    """Cases that nobody has begun, whose last day for a supplement notice is that one (条例 30)."""

    def received(calendar: Calendar) -> Q | None:
        span = received_for(last(calendar), calendar)
        return Q(received_on__range=span) if span else None

    return seat.own.untouched().filter(seat.by_calendar(received))


def untaken(seat: Seat, *, long: bool) -> CaseQuerySet:
    """Cases without a clerk, of longer than a whole working day or not (law.md 11, no. 1)."""

    def received(calendar: Calendar) -> Q:
        before = passed(seat.on, UNTAKEN_DAYS, calendar)
        return Q(received_on__lte=before) if long else Q(received_on__gt=before)

    return seat.open.filter(clerk=None).filter(seat.by_calendar(received))


def silent(seat: Seat) -> CaseQuerySet:
    """Cases with a consultation whose time has run out without an answer, and no proposal yet (条例 32, 34)."""
    days = PERIODS[PeriodKind.THIRD_PARTY_REPLY][0].length + 1

    def lapsed(calendar: Calendar) -> Q:
        before = passed(seat.on, days, calendar)
        silent = Consultation.objects.filter(case=OuterRef("pk"), answered_on=None)
        asked = Q(delivered_on__lte=before) | Q(delivered_on=None, sent_on__lte=before)
        return Q(Exists(silent.filter(asked)))

    return seat.open.filter(state__in=RESTING).filter(seat.by_calendar(lapsed))


def unsent(seat: Seat) -> CaseQuerySet:
    """Cases with a letter, other than the reply, that was made of late and lies in the office."""
    since = start_of(seat.on - timedelta(days=UNSENT_DAYS))
    letters = Letter.objects.not_sent().filter(decision=None, signed_at__gte=since)
    return seat.own.filter(pk__in=letters.values("case"))


def unheard(seat: Seat) -> CaseQuerySet:
    """Cases of which something left so many working days ago, and nobody has heard since whether it arrived."""

    def left(calendar: Calendar) -> Q:
        before = passed(seat.on, UNDELIVERED_DAYS, calendar) + ONE_DAY
        return Q(pk__in=Delivery.objects.undelivered(before).values("case"))

    return seat.own.filter(seat.by_calendar(left))


def answers_owed(seat: Seat) -> QuerySet[Any]:
    """Reconsideration and suits of the offices in which this person works that wait for the agency's answer."""
    return access.disputes_visible_to(seat.user).filter(agency__in={*seat.heads, *seat.clerks}).awaiting_answer()


def passed(on: date, days: int, calendar: Calendar) -> date:
    """The latest day after which at least so many working days have passed by ``on``."""
    return calendar.add_workdays(calendar.subtract_workdays(on, days), 1) - ONE_DAY


AWAITING: Final = [state for state, row in STATES.items() if row.turn is Turn.APPLICANT]
RESTING: Final = [State.RECEIVED, *AWAITING]
CONFIRMED: Final = [channel.value for channel in Channel if channel.needs_confirmation]
