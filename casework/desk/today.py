"""Today's page: what must leave, what must be told, what came back, what waits, what fell through; one table of rows.

A row is words and a set of cases. All rows together are one query, which looks at no more than ``COUNTED`` cases of
each, so that the page costs the same however many cases there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from casework import access
from casework.access import Verb
from casework.desk import undelivered
from casework.desk.queue import shown
from casework.desk.trays import AWAITS
from casework.desk.urgency import Urgency, urgency_of
from casework.law.approval import STEPS, Step
from casework.law.calendar import Calendar, start_of
from casework.law.clock import Channel
from casework.law.due import ONE_DAY
from casework.law.lastday import received_for
from casework.law.periods import PERIODS, PeriodKind
from casework.law.states import STATES, State, Turn
from casework.law.watch import UNTAKEN_DAYS
from casework.models import (
    Actor,
    Agency,
    Assistance,
    Case,
    Consultation,
    Decision,
    Delivery,
    Event,
    ExtensionRequest,
    Kind,
    Letter,
    Role,
    Staff,
)
from casework.models.awaited import still_owed
from casework.models.case import CaseQuerySet

#: Counting stops here: "at least 100" is as good a reason to begin.
COUNTED: Final = 100
#: Lines under a row; the rest is one click away.
SHOWN: Final = 5

#: Working days after which somebody should have heard that a document arrived.
UNDELIVERED_DAYS: Final = 10
#: Calendar days after which a letter that nobody sent has been given up.
UNSENT_DAYS: Final = 60

_CLERK: Final = frozenset({Role.CLERK.value})
_HEAD: Final = frozenset({Role.HEAD.value})
_DESK: Final = _CLERK | _HEAD
WRITES_REPORTS: Final = access.REPORT_ACTS[access.ReportAct.CHECK].roles


class Seat:
    """Who looks, and on which day: a head at every case of the agency, a clerk at their own and at nobody's."""

    def __init__(self, user: Staff, *, on: date) -> None:
        self.user, self.on = user, on
        self.heads = access.agencies_where(user, _HEAD)
        self.clerks = access.agencies_where(user, _CLERK)

    @property
    def own(self) -> CaseQuerySet:
        mine = Q(agency__in=self.clerks) & (Q(clerk=self.user) | Q(clerk=None))
        return access.visible_to(self.user).filter(Q(agency__in=self.heads) | mine)

    @property
    def open(self) -> CaseQuerySet:
        return self.own.still_open()

    def awaiting(self, step: Step) -> CaseQuerySet:
        """Drafts that wait for this step by somebody of the role that the person has; their own wait for another."""
        agencies = access.agencies_where(self.user, frozenset({STEPS[step].role}))
        drafted = Decision.objects.filter(returned_at=None, proposed_by=self.user)
        here = access.visible_to(self.user).still_open().filter(agency__in=agencies)
        return here.alias(awaits=AWAITS).filter(awaits=step).exclude(decisions__in=drafted)

    @cached_property
    def calendars(self) -> list[tuple[Agency, Calendar]]:
        """The offices of this seat, each with its working days."""
        agencies = Agency.objects.filter(pk__in={*self.heads, *self.clerks})
        return [(agency, agency.calendar) for agency in agencies]

    @property
    def reports(self) -> QuerySet[Agency]:
        """The agencies of which this person writes or signs the report on last year, and it is not published."""
        mine = Agency.objects.filter(pk__in=access.agencies_where(self.user, WRITES_REPORTS))
        return Agency.objects.filter(pk__in={owed.agency.pk for owed in still_owed(mine, on=self.on)})

    def by_calendar(self, condition: Callable[[Calendar], Q | None]) -> Q:
        """A condition on dates that depends on the working days of each office."""
        found = Q(pk__in=[])
        for agency, calendar in self.calendars:
            if (dates := condition(calendar)) is not None:
                found |= Q(agency=agency) & dates
        return found


class Group(StrEnum):
    """The five questions of a working day."""

    SEND = "send"
    TELL = "tell"
    BACK = "back"
    WAITING = "waiting"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class GroupRow:
    words: StrOrPromise
    empty: StrOrPromise


GROUPS: Final[dict[Group, GroupRow]] = {
    Group.SEND: GroupRow(_("今天必须送出"), _("今天没有必须送出的答复。")),
    Group.TELL: GroupRow(_("今天必须告知"), _("今天没有不告知就会失效的事。")),
    Group.BACK: GroupRow(_("有回音的"), _("没有新的回音。")),
    Group.WAITING: GroupRow(_("等我办的"), _("没有等您办的事。")),
    Group.LEFT: GroupRow(_("落下的"), _("没有落下的事。")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page: the cases it is about, and what to do with them. ``roles``: for whom it is."""

    key: str
    group: Group
    words: StrOrPromise
    todo: StrOrPromise
    cases: Callable[[Seat], CaseQuerySet]
    roles: frozenset[str] = _DESK
    alarming: bool = False


# What the rows ask ---------------------------------------------------------------------------------------------------


def _just(cases: CaseQuerySet, *kinds: Kind) -> CaseQuerySet:
    """Those of the cases in which nobody has done anything since an event of these kinds."""
    done = Event.objects.filter(case=OuterRef("pk")).exclude(actor=Actor.CLOCK).exclude(kind=Kind.IDENTITY_READ)
    return cases.annotate(latest=Subquery(done.order_by("-id").values("kind")[:1])).filter(latest__in=kinds)


def _notice_ends(seat: Seat, last: Callable[[Calendar], date]) -> CaseQuerySet:
    """Cases that nobody has begun, whose last day for a supplement notice is that one (条例 30)."""

    def received(calendar: Calendar) -> Q | None:
        span = received_for(last(calendar), calendar)
        return Q(received_on__range=span) if span else None

    return seat.own.untouched().filter(seat.by_calendar(received))


def _untaken(seat: Seat, *, long: bool) -> CaseQuerySet:
    """Cases without a clerk, of longer than a whole working day or not (law.md 11, no. 1)."""

    def received(calendar: Calendar) -> Q:
        before = passed(seat.on, UNTAKEN_DAYS, calendar)
        return Q(received_on__lte=before) if long else Q(received_on__gt=before)

    return seat.open.filter(clerk=None).filter(seat.by_calendar(received))


def _silent(seat: Seat) -> CaseQuerySet:
    """Cases with a consultation whose time has run out without an answer, and no proposal yet (条例 32, 34)."""
    days = PERIODS[PeriodKind.THIRD_PARTY_REPLY][0].length + 1

    def lapsed(calendar: Calendar) -> Q:
        before = passed(seat.on, days, calendar)
        silent = Consultation.objects.filter(case=OuterRef("pk"), answered_on=None)
        asked = Q(delivered_on__lte=before) | Q(delivered_on=None, sent_on__lte=before)
        return Q(Exists(silent.filter(asked)))

    return seat.open.filter(state__in=_RESTING).filter(seat.by_calendar(lapsed))


def _unsent(seat: Seat) -> CaseQuerySet:
    """Cases with a letter, other than the reply, that was made of late and lies in the office."""
    since = start_of(seat.on - timedelta(days=UNSENT_DAYS))
    letters = Letter.objects.not_sent().filter(decision=None, signed_at__gte=since)
    return seat.own.filter(pk__in=letters.values("case"))


def _undelivered(seat: Seat) -> CaseQuerySet:
    """Cases of which something left so many working days ago, and nobody has heard since whether it arrived."""

    def left(calendar: Calendar) -> Q:
        before = passed(seat.on, UNDELIVERED_DAYS, calendar) + ONE_DAY
        return Q(pk__in=Delivery.objects.undelivered(before).values("case"))

    return seat.own.filter(seat.by_calendar(left))


def _answers_owed(seat: Seat) -> QuerySet[Any]:
    """Reconsideration and suits of the offices in which this person works that wait for the agency's answer."""
    return access.disputes_visible_to(seat.user).filter(agency__in={*seat.heads, *seat.clerks}).awaiting_answer()


def passed(on: date, days: int, calendar: Calendar) -> date:
    """The latest day after which at least so many working days have passed by ``on``."""
    return calendar.add_workdays(calendar.subtract_workdays(on, days), 1) - ONE_DAY


_AWAITING: Final = [state for state, row in STATES.items() if row.turn is Turn.APPLICANT]
_RESTING: Final = [State.RECEIVED, *_AWAITING]
_CONFIRMED: Final = [channel.value for channel in Channel if channel.needs_confirmation]

# The table -----------------------------------------------------------------------------------------------------------

ROWS: Final[dict[str, Row]] = {
    row.key: row
    for row in (
        Row(
            "late",
            Group.SEND,
            _("已经逾期"),
            _("逾期的答复仍然应当送出，越早越好。"),
            lambda seat: seat.open.filter(due_on__lt=seat.on),
            alarming=True,
        ),
        Row(
            "due",
            Group.SEND,
            _("今天到期"),
            _("今天交邮、当面签收或者网上送出，才是按期答复（235号）。"),
            lambda seat: seat.open.filter(due_on=seat.on),
            alarming=True,
        ),
        Row(
            "signed",
            Group.SEND,
            _("已经签发，还没有送出"),
            _("签发不是答复，送出才是。"),
            lambda seat: seat.open.filter(state=State.SIGNED).exclude(due_on__lte=seat.on),
        ),
        Row(
            "notice_today",
            Group.TELL,
            _("今天是告知补正的最后一天"),
            _("内容不明确的，今天告知；明天起告知，期限不再重新计算（条例 30）。"),
            lambda seat: _notice_ends(seat, lambda calendar: seat.on),
            alarming=True,
        ),
        Row(
            "notice_next",
            Group.TELL,
            _("下一个工作日是告知补正的最后一天"),
            _("还没有人动手的申请，先看一看内容是否明确（条例 30）。"),
            lambda seat: _notice_ends(seat, lambda calendar: calendar.add_workdays(seat.on, 1)),
        ),
        Row(
            "extension_untold",
            Group.TELL,
            _("延期已经同意，今天是告知申请人的最后一天"),
            _("今天没有送出告知书的，延期不成立（条例 33）。"),
            lambda seat: seat.open.filter(
                Exists(Letter.objects.not_sent().filter(case=OuterRef("pk"), act=Verb.EXTEND.value)), due_on=seat.on
            ),
            alarming=True,
        ),
        Row(
            "unsent",
            Group.TELL,
            _("文书已经制作，还没有送出"),
            _("告知自送出之日起才有效，做好了放着不算（235号）。"),
            _unsent,
        ),
        Row(
            "supplement",
            Group.BACK,
            _("收到补正，还没有接着办"),
            _("答复期限已经从收到补正之日重新计算。"),
            lambda seat: _just(
                seat.open.filter(state=State.RECEIVED, supplements__received_on__isnull=False),
                Kind.SUPPLEMENT_RECEIVED,
            ),
        ),
        Row(
            "opinion",
            Group.BACK,
            _("收到意见，还没有接着办"),
            _("收到意见的次日起，期限继续计算（条例 33）。"),
            lambda seat: _just(
                seat.open.filter(
                    Exists(Consultation.objects.filter(case=OuterRef("pk"), answered_on__isnull=False)),
                    state__in=_RESTING,
                ),
                Kind.OPINION_RECORDED,
            ),
        ),
        Row(
            "payment",
            Group.BACK,
            _("已经缴费，还没有接着办"),
            _("办理期限已经从缴费次日重新计算。"),
            lambda seat: _just(
                seat.open.filter(state=State.RECEIVED, fee_notices__paid_on__isnull=False), Kind.PAYMENT_RECORDED
            ),
        ),
        Row(
            "reasons",
            Group.BACK,
            _("申请人说明了理由，还没有接着办"),
            _("判断理由是否合理（条例 35）；期限一直在计算。"),
            lambda seat: _just(
                seat.open.filter(state__in=_RESTING, reasons_requests__answered_on__isnull=False),
                Kind.REASONS_RECORDED,
            ),
        ),
        Row(
            "returned",
            Group.BACK,
            _("退回的邮件"),
            _("换一种方式再送；已经办结的不因退回而重开。"),
            lambda seat: seat.own.filter(pk__in=Delivery.objects.returned().values("case")),
        ),
        Row(
            "sent_back",
            Group.BACK,
            _("退回重办的拟稿"),
            _("按退回意见修改后再送。"),
            lambda seat: _just(
                seat.open.filter(
                    Exists(Decision.objects.filter(case=OuterRef("pk"), returned_at__isnull=False)),
                    state__in=_RESTING,
                ),
                Kind.SENT_BACK,
                Kind.TAKEN_BACK,
            ),
        ),
        Row(
            "assisted",
            Group.BACK,
            _("收到协办意见，还没有接着办"),
            _("协办不停表，期限一直在计算。"),
            lambda seat: _just(
                seat.open.filter(
                    Exists(Assistance.objects.filter(case=OuterRef("pk"), answered_on__isnull=False)),
                    state__in=_RESTING,
                ),
                Kind.ASSISTANCE_ANSWERED,
            ),
        ),
        Row(
            "to_review",
            Group.WAITING,
            _("等我审核"),
            _("核对后送保密审查或者退回。"),
            lambda seat: seat.awaiting(Step.REVIEW),
            roles=frozenset({STEPS[Step.REVIEW].role}),
        ),
        Row(
            "to_clear",
            Group.WAITING,
            _("等我保密审查"),
            _("审查答复的文字和全部附件，可以公开的送签发。"),
            lambda seat: seat.awaiting(Step.SECRECY),
            roles=frozenset({STEPS[Step.SECRECY].role}),
        ),
        Row(
            "extension_asked",
            Group.WAITING,
            _("承办人报请延期，等我决定"),
            _("同意的，制作延期告知书；应当在期限届满以前告知申请人（条例 33）。"),
            lambda seat: seat.open.filter(
                Exists(ExtensionRequest.objects.filter(case=OuterRef("pk"), consented=None)),
                agency__in=seat.heads,
            ),
            roles=_HEAD,
        ),
        Row(
            "to_sign",
            Group.WAITING,
            _("等我签发"),
            _("拟稿人不是您本人的，核对后签发或者退回。"),
            lambda seat: seat.awaiting(Step.SIGNATURE),
            roles=_HEAD,
        ),
        Row(
            "lapsed",
            Group.WAITING,
            _("申请人的期限已过，等着判断"),
            _("没有补正或者缴费，有无正当理由由承办人判断，不会自动终止（条例 30）。"),
            lambda seat: seat.open.filter(state__in=_AWAITING, period_ends_on__lt=seat.on),
        ),
        Row(
            "unassigned",
            Group.WAITING,
            _("新到的，还没有承办人"),
            _("交办，或者自己接下来。"),
            lambda seat: _untaken(seat, long=False),
        ),
        Row(
            "untaken",
            Group.LEFT,
            _("收到超过一个工作日，还没有承办人"),
            _("内部流转的时间不从期限中扣除（指导案例26号）。"),
            lambda seat: _untaken(seat, long=True),
            alarming=True,
        ),
        Row(
            "unconfirmed",
            Group.LEFT,
            _("还没有与申请人确认收到"),
            _("平信、电子邮件、传真应当与申请人确认（条例 31）；确认以前按到达之日起算。"),
            lambda seat: seat.open.filter(channel__in=_CONFIRMED, confirmed_on=None, forwarded_by=""),
        ),
        Row(
            "silent",
            Group.LEFT,
            _("征求意见期满没有答复，还没有接着办"),
            _("第三方逾期不答复的由本机关决定，共同制作机关逾期的视为同意（条例 32、34）。"),
            _silent,
        ),
        Row(
            "undelivered",
            Group.LEFT,
            _("送出已久，还没有登记送达"),
            _("查一查邮件到了没有；申请人的救济期限自知道之日起算。"),
            _undelivered,
        ),
        Row(
            "unassisted",
            Group.LEFT,
            _("协办逾期没有答复"),
            _("催办，或者不再等待，取消协办。"),
            lambda seat: seat.open.filter(
                Exists(Assistance.objects.awaited().filter(case=OuterRef("pk"), due_on__lt=seat.on))
            ),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One line about things that are no cases of this seat; they have a page of their own, at ``address``."""

    key: str
    group: Group
    words: StrOrPromise
    todo: StrOrPromise
    things: Callable[[Seat], QuerySet[Any]]
    address: str
    alarming: bool = False
    asked: str = ""


ELSEWHERE: Final[dict[str, Elsewhere]] = {
    row.key: row
    for row in (
        Elsewhere(
            "asked",
            Group.WAITING,
            _("等我答复的协办"),
            _("别的科室或者单位请您协助，请在内部期限以前答复。"),
            lambda seat: access.asked_of(seat.user).awaited(),
            "desk:requests",
        ),
        Elsewhere(
            "reports",
            Group.WAITING,
            _("还没有公布的年度报告"),
            _("部门在1月31日前、县级以上人民政府在3月31日前公布（条例 49）；休息日不顺延，逾期的仍然应当公布。"),
            lambda seat: seat.reports,
            "desk:reports",
        ),
        Elsewhere(
            "answers",
            Group.SEND,
            _("等本机关提交答复的复议、诉讼"),
            _("复议10个工作日（简易程序5个），诉讼15日，从收到之日起算；逾期不提交的，视为没有证据。"),
            _answers_owed,
            "desk:disputes",
            alarming=True,
            asked="?show=answer",
        ),
        Elsewhere(
            "mail",
            Group.LEFT,
            _("收到的邮件还没有登记"),
            _("期限从签收之日起算，不从登记之日起算（条例 31）；不是申请的，注明理由。"),
            lambda seat: access.arrivals_visible_to(seat.user).waiting(),
            "desk:arrivals",
            alarming=True,
        ),
        Elsewhere(
            "undelivered",
            Group.LEFT,
            _("没有送到的通知"),
            _("地址有误的更正后重新发送，或者改用其他方式告知；没有送到的不算告知。"),
            lambda seat: undelivered.seen_by(seat.user),
            "desk:undeliverable",
            alarming=True,
        ),
    )
}


# The page ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """A row that holds something: how many, and its most urgent cases."""

    row: Row
    count: int
    at_least: bool
    lines: list[tuple[Case, Urgency]]

    @property
    def more(self) -> bool:
        return self.count > len(self.lines)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A line about things elsewhere that there are: how many."""

    row: Elsewhere
    count: int
    at_least: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A question of the day with what there is to it; quiet when there is nothing."""

    key: str
    words: StrOrPromise
    empty: StrOrPromise
    blocks: list[Block]
    pointers: list[Pointer]

    @property
    def all(self) -> list[Block | Pointer]:
        return [*self.pointers, *self.blocks]

    @property
    def count(self) -> int:
        return sum(each.count for each in self.all)

    @property
    def at_least(self) -> bool:
        return any(each.at_least for each in self.all)

    @property
    def alarming(self) -> bool:
        return any(each.row.alarming for each in self.all)


def rows_for(user: Staff) -> list[Row]:
    """The rows that are about somebody's work."""
    return [row for row in ROWS.values() if access.agencies_where(user, row.roles)]


def has_day(user: Staff) -> bool:
    """Whether today's page is for this person: they work on cases, or on the annual report."""
    return bool(rows_for(user)) or bool(access.agencies_where(user, WRITES_REPORTS))


def look(user: Staff, *, on: date) -> list[Section]:
    """The page for this person on this day."""
    seat, rows = Seat(user, on=on), rows_for(user)
    keys = _keys({row.key: row.cases(seat) for row in rows})
    cases = {case.pk: case for case in shown({pk for found in keys.values() for pk in found[:SHOWN]})}
    blocks = {
        row.key: Block(
            row,
            count=min(len(keys[row.key]), COUNTED),
            at_least=len(keys[row.key]) > COUNTED,
            lines=[(cases[pk], urgency_of(cases[pk], on=on)) for pk in keys[row.key][:SHOWN] if pk in cases],
        )
        for row in rows
        if row.key in keys
    }
    pointers = [pointer for row in ELSEWHERE.values() if (pointer := _pointer(row, seat)).count]
    return [
        Section(
            group.value,
            its.words,
            its.empty,
            [block for block in blocks.values() if block.row.group is group],
            [pointer for pointer in pointers if pointer.row.group is group],
        )
        for group, its in GROUPS.items()
    ]


def _pointer(row: Elsewhere, seat: Seat) -> Pointer:
    count = row.things(seat)[: COUNTED + 1].count()
    return Pointer(row, min(count, COUNTED), at_least=count > COUNTED)


def _keys(found: dict[str, CaseQuerySet]) -> dict[str, list[int]]:
    """The cases of each row that has any, most urgent first, of all rows in one query."""
    parts = [
        Case.objects.filter(pk__in=cases.order_by("due_on", "pk").values("pk")[: COUNTED + 1])
        .annotate(row=Value(key))
        .values_list("row", "due_on", "pk")
        for key, cases in found.items()
    ]
    keys: dict[str, list[int]] = {}
    rows = parts[0].union(*parts[1:], all=True) if parts else ()
    for key, _due_on, pk in sorted(rows, key=lambda each: (each[1] or date.max, each[2])):
        keys.setdefault(key, []).append(pk)
    return keys
