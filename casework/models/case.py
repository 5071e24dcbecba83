"""Case: the file of one application, a state machine whose every change is made by a verb of ``casework.actions``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, RETURN_VALUE, FSMField, transition

from casework.law import clock
from casework.law.calendar import Calendar
from casework.law.lastday import LastDay, Timely, last_days
from casework.law.outcomes import KINDS, OUTCOMES, ApplicantKind, Outcome, OutcomeRow
from casework.law.refusals import Refused
from casework.law.states import CLOSED, OPEN, STATES, State, StateRow
from casework.law.watch import milestones, notice_days, untaken_on
from casework.law.words import Text

from .agency import Agency
from .applicant import Applicant
from .person import Staff

if TYPE_CHECKING:
    from .clockfacts import Delay, Extension, ExtensionRequest, FeeNotice, Supplement
    from .consultation import Consultation
    from .decision import Decision

S = State
_TAKES_SUPPLEMENT = frozenset({S.SUPPLEMENT_REQUESTED, S.IN_REVIEW})


class Conflict(Refused):
    """Somebody else changed the case since it was read; nothing was stored."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "这件申请刚刚被别人处理过，您的操作没有生效。请刷新页面，查看最新情况后再决定。",
                "Somebody else has just acted on this case, so your act was not carried out. "
                "Reload the page, see where the case stands now, and decide again.",
            )
        )


class Channel(models.TextChoices):
    """How the application arrived (law.clock.Channel, for forms and the database)."""

    IN_PERSON = clock.Channel.IN_PERSON.value, _("当面")
    SIGNED_MAIL = clock.Channel.SIGNED_MAIL.value, _("邮寄（签收）")
    ORDINARY_MAIL = clock.Channel.ORDINARY_MAIL.value, _("平信")
    ONLINE = clock.Channel.ONLINE.value, _("网络")
    EMAIL = clock.Channel.EMAIL.value, _("电子邮件")
    FAX = clock.Channel.FAX.value, _("传真")
    OTHER = clock.Channel.OTHER.value, _("其他")


class Form(models.TextChoices):
    """In what form the applicant wants the information (条例 29(2)(三), 40)."""

    ELECTRONIC = "electronic", _("电子文件")
    PAPER = "paper", _("纸质复印件")
    INSPECTION = "inspection", _("到场查阅、抄录")


class Way(models.TextChoices):
    """By what way the applicant wants the reply."""

    ONLINE = "online", _("在本网站查收")
    EMAIL = "email", _("电子邮件")
    POST = "post", _("邮寄")
    PICK_UP = "pick_up", _("自行领取")


class CaseQuerySet(models.QuerySet["Case"]):
    """Sets of cases that more than one place asks for."""

    def still_open(self) -> CaseQuerySet:
        return self.filter(closed_on=None)

    def applications(self) -> CaseQuerySet:
        """Without the files under which a corrected reply is decided again: those are no new applications."""
        return self.filter(is_redecision=False)

    def among(self, keys: Iterable[int]) -> CaseQuerySet:
        """``pk__in`` for a thousand keys: written out, since to prepare a parameter a key costs more than the query."""
        written = ",".join(str(int(key)) for key in keys) or "NULL"
        return self.filter(RawSQL(f'"casework_case"."id" IN ({written})', (), models.BooleanField()))  # noqa: S611 - integers # nosec B611

    def found_by_words(self, *, indexed: bool = True) -> int:
        """Note that the index of words holds them, or that it has to be made anew; how many. No fact of the case."""
        return self.update(text_marked=indexed)

    def untouched(self) -> CaseQuerySet:
        """Received, and the office has done nothing about it yet that the file would show."""
        return self.filter(
            state=S.RECEIVED,
            supplements=None,
            consultations=None,
            extensions=None,
            fee_notices=None,
            reasons_requests=None,
            decisions=None,
        )

    def with_clock_facts(self) -> CaseQuerySet:
        """Everything that ``Case.due`` replays, in a fixed number of queries."""
        return self.select_related("agency").prefetch_related(
            "supplements", "consultations", "extensions", "delays", "fee_notices"
        )


class Case(models.Model):
    """One application to one agency, from receipt to dispatch.

    Stored dates are facts, except ``due_on``, ``due_is_provisional``, ``period_ends_on`` and ``watch_on``: those are
    copies for the index, written only by ``keep_clock`` and proved equal to the replay by ``verify_clocks``.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="cases", verbose_name=_("行政机关"))
    number = models.CharField(_("登记编号"), max_length=80)
    year = models.PositiveSmallIntegerField(_("收到年度"), editable=False)
    applicant_kind = models.CharField(
        _("申请人类型"), max_length=16, choices=[(k.value, row.words.zh) for k, row in KINDS.items()]
    )
    applicant = models.OneToOneField(Applicant, models.PROTECT, related_name="case", verbose_name=_("申请人"))

    channel = models.CharField(_("申请渠道"), max_length=16, choices=Channel.choices)
    arrived_on = models.DateField(_("到达日期"))
    confirmed_on = models.DateField(_("与申请人确认日期"), null=True, blank=True)
    received_on = models.DateField(_("收到日期"), editable=False)
    registered_at = models.DateTimeField(_("登记时间"), editable=False)
    #: Of the form that made the case, so that the same form sent twice at once makes one.
    registration_key = models.CharField(max_length=64, blank=True, default="", editable=False)
    forwarded_by = models.CharField(_("转送机关"), max_length=200, blank=True)
    forwarded_on = models.DateField(_("转送日期"), null=True, blank=True)
    is_oral = models.BooleanField(_("口头申请"), default=False)
    written_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("代为填写的工作人员")
    )

    subject = models.CharField(_("信息名称、文号或者其他特征"), max_length=300, blank=True)
    content = models.TextField(_("申请内容"))
    wanted_form = models.CharField(_("提供形式"), max_length=12, choices=Form.choices, blank=True)
    wanted_way = models.CharField(_("获取方式"), max_length=12, choices=Way.choices, blank=True)
    note = models.TextField(_("备注"), blank=True)
    query_code_hash = models.CharField(max_length=160, blank=True, editable=False)
    language = models.CharField(max_length=10, default="zh-hans", editable=False)
    #: Where a row of a ledger had no number of its own: the keyed hash by which the same row is known again.
    ledger_mark = models.CharField(max_length=64, blank=True, default="", editable=False)

    state = FSMField(
        _("状态"),
        max_length=24,
        default=S.RECEIVED.value,
        protected=True,
        choices=[(s.value, row.clerk.zh) for s, row in STATES.items()],
    )
    clerk = models.ForeignKey(
        Staff, models.SET_NULL, null=True, blank=True, related_name="cases", verbose_name=_("承办人")
    )
    division = models.CharField(_("承办科室"), max_length=80, blank=True)
    #: Decides again what was corrected in reconsideration or in court: no application, so no table counts it.
    is_redecision = models.BooleanField(_("重新办理"), default=False, db_default=False, editable=False)
    outcome = models.CharField(_("办理结果"), max_length=20, blank=True, editable=False)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True, editable=False)

    due_on = models.DateField(_("答复期限"), null=True, editable=False)
    due_is_provisional = models.BooleanField(default=False, editable=False)
    period_ends_on = models.DateField(_("申请人期限"), null=True, editable=False)
    watch_on = models.DateField(null=True, editable=False)
    #: Whether ``wordsearch.cases`` knows the case as it stands now; until then a search reads its text itself.
    text_marked = models.BooleanField(default=False, db_default=False, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("申请")
        verbose_name_plural = _("申请")
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "number"], name="one_number_an_agency_and_year"),
            models.UniqueConstraint(
                fields=["agency", "ledger_mark"], condition=~Q(ledger_mark=""), name="one_case_a_ledger_row"
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="case_state_is_known"),
            models.CheckConstraint(
                condition=Q(applicant_kind__in=[k.value for k in ApplicantKind]), name="case_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, outcome="", state__in=[s.value for s in State if s in OPEN])
                | Q(
                    closed_on__isnull=False,
                    outcome__in=[o.value for o in Outcome],
                    state__in=[s.value for s in State if s in CLOSED],
                ),
                name="closed_case_has_day_and_outcome",
            ),
            models.UniqueConstraint(
                fields=["registration_key"], condition=~Q(registration_key=""), name="one_case_a_form"
            ),
            models.CheckConstraint(
                condition=Q(is_oral=False) | Q(written_by__isnull=False), name="oral_application_was_written_down"
            ),
            models.CheckConstraint(
                condition=Q(forwarded_by="", forwarded_on=None)
                | ~Q(forwarded_by="") & Q(channel=clock.Channel.OTHER.value),
                name="forwarded_comes_by_the_other_channel",
            ),
            models.CheckConstraint(condition=Q(arrived_on__lte=F("received_on")), name="received_not_before_arrival"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(received_on__lte=F("closed_on")), name="closed_not_before_receipt"
            ),
        ]
        indexes = [
            # The annual matrix and the statistics of replies read only this index; see annual/ and bench/.
            models.Index(
                fields=["agency", "applicant_kind", "outcome", "closed_on", "received_on", "due_on", "is_redecision"],
                name="annual_matrix",
            ),
            # What came in a year. With received_on further to the left SQLite would take it for the matrix as well,
            # and be ten times slower.
            models.Index(
                fields=["agency", "year", "channel", "applicant_kind", "received_on", "is_redecision"],
                name="received_in_year",
            ),
            models.Index(fields=["due_on", "id"], name="queue_by_due", condition=Q(closed_on=None)),
            models.Index(fields=["agency", "due_on", "id"], name="queue_of_agency", condition=Q(closed_on=None)),
            models.Index(fields=["watch_on"], name="sweep", condition=Q(watch_on__isnull=False)),
            models.Index(fields=["number"], name="case_by_number"),
            # The queue of an office with 200,000 cases by its other columns, and its workload; see bench/office.py.
            # None by closed_on: SQLite would take it for the matrix. ``desk.workload`` reads annual_matrix as well.
            models.Index(fields=["agency", "received_on", "id"], name="cases_by_receipt"),
            models.Index(fields=["agency", "state", "id"], name="cases_by_state"),
            models.Index(fields=["agency", "clerk", "id"], name="cases_by_clerk"),
            models.Index(fields=["agency", "number", "id"], name="cases_by_number"),
            models.Index(
                fields=["agency", "clerk", "division", "due_on"], name="workload", condition=Q(closed_on=None)
            ),
            models.Index(fields=["id"], name="text_not_marked", condition=Q(text_marked=False)),
        ]

    def __str__(self) -> str:
        return self.number

    # What the case is -------------------------------------------------------------------------------------------

    @property
    def standing(self) -> StateRow:
        """The row of the state: whose turn, does the clock run, is it final, the words."""
        return STATES[State(self.state)]

    @property
    def is_open(self) -> bool:
        return not self.standing.final

    @property
    def is_terminated(self) -> bool:
        """Closed without an answer in the matter: given up, lapsed or ended otherwise (三(六))."""
        return State(self.state) is S.TERMINATED

    @property
    def result(self) -> OutcomeRow | None:
        """The row of the outcome with which the case was closed."""
        return OUTCOMES[Outcome(self.outcome)] if self.outcome else None

    @property
    def kind_row(self) -> Text:
        return KINDS[ApplicantKind(self.applicant_kind)].words

    @property
    def open_supplement(self) -> Supplement | None:
        """The supplement that the applicant has been asked for and has not sent."""
        return unanswered(self.supplements.all())

    @property
    def has_undelivered(self) -> bool:
        """Whether a notice to the applicant failed since they were last told otherwise."""
        kinds = ("undelivered", "told_otherwise")
        if "events" in self.__dict__.get("_prefetched_objects_cache", {}):
            told = [event for event in self.events.all() if event.kind in kinds]
            return bool(told) and max(told, key=lambda event: event.pk).kind == "undelivered"
        newest = self.events.filter(kind__in=kinds).order_by("-pk")
        return newest.values_list("kind", flat=True).first() == "undelivered"

    @property
    def unpaid_fee(self) -> FeeNotice | None:
        """The fee notice that the applicant has neither paid nor seen cancelled."""
        return unpaid(self.fee_notices.all())

    @property
    def extension_request(self) -> ExtensionRequest | None:
        """The request for an extension that the head has not answered."""
        return next((each for each in self.extension_requests.all() if each.consented is None), None)

    @property
    def awaited_supplement(self) -> Supplement | None:
        """The supplement that can still be taken: until a decision on its lapse is signed (条例 30)."""
        return self.open_supplement if State(self.state) in _TAKES_SUPPLEMENT else None

    @property
    def current_decision(self) -> Decision | None:
        """The proposal on the table, or the decision that closed the case; returned proposals don't count."""
        return next((d for d in self.decisions.all() if d.returned_at is None), None)

    @property
    def was_late(self) -> bool:
        """Whether it was closed after its due date: a reply signed in time and posted late is late (law.md 4.10)."""
        return self.closed_on is not None and self.due_on is not None and self.closed_on > self.due_on

    # The clock --------------------------------------------------------------------------------------------------

    def receipt(self) -> clock.Receipt:
        return clock.Receipt(
            clock.Channel(self.channel), self.arrived_on, self.confirmed_on, forwarded=bool(self.forwarded_by)
        )

    def clock_facts(self) -> list[clock.Fact]:
        """The facts on file that move the date, in the order in which they took effect."""
        if self._state.adding:
            return []  # nothing but the receipt can be on file yet
        return facts_in_order(
            self.consultations.all(),
            self.extensions.all(),
            self.supplements.all(),
            self.fee_notices.all(),
            self.delays.all(),
            self._order(),
        )

    def _order(self) -> list[clock.Ordered]:
        """The day that a decision sets for the new reply; asked of linked files alone, which are few."""
        if not self.is_redecision:
            return []
        from .dispute import orders_of

        return [clock.Ordered(self.received_on, until, law) for until, law in orders_of([self.pk]).values()]

    def due(self) -> clock.Due:
        """Replay the clock over all facts (design: replay, never patch)."""
        return clock.replay(self.receipt(), self.clock_facts(), calendar=self.agency.calendar, readings=self.readings)

    @property
    def readings(self) -> clock.Readings:
        """How the agency read what the law leaves open when the application arrived."""
        return self.agency.readings_on(self.arrived_on)

    CLOCK_COPIES = ("due_on", "due_is_provisional", "period_ends_on", "watch_on")

    def clock_copies(self, *, on: date) -> dict[str, Any]:
        """What the stored copies of the clock ought to be, seen from the day ``on``."""
        return self.copies_of(self.due(), self._period_ends_on(), on=on)

    def copies_of(self, due: clock.Due, period_ends_on: date | None, *, on: date) -> dict[str, Any]:
        """The copies that follow from a replay; asks the database nothing, so that histories can be stored in bulk."""
        watch_on = next_look(self.watched_days(due.due_on, period_ends_on), on=on)
        return {
            "due_on": due.due_on,
            "due_is_provisional": due.provisional,
            "period_ends_on": period_ends_on,
            "watch_on": watch_on,
        }

    def keep_clock(self, *, on: date) -> bool:
        """Bring the stored copies in step with the facts; whether any of them changed."""
        copies = self.clock_copies(on=on)
        changed = any(getattr(self, name) != value for name, value in copies.items())
        for name, value in copies.items():
            setattr(self, name, value)
        return changed

    def watched_days(self, due_on: date | None, period_ends_on: date | None) -> list[date]:
        """The days, past ones too, on which time alone calls for something; none once the case is closed."""
        if not self.is_open:
            return []
        calendar = self.agency.calendar
        return days_to_watch(
            milestones_of(self.agency, due_on, calendar) if due_on else (),
            period_ends_on,
            untaken_since=self.received_on if self.clerk_id is None and self.channel == Channel.ONLINE else None,
            unasked_since=self.received_on if self.state == S.RECEIVED else None,
            calendar=calendar,
        )

    def _period_ends_on(self) -> date | None:
        """The last day of the applicant's own period, while the office waits for a supplement or a payment."""
        if self._state.adding:
            return None  # nothing has been asked yet
        return awaited_until(self.state, self.supplements.all(), self.fee_notices.all())

    def last_days(self) -> list[LastDay]:
        """Until when each thing that the office can still do has its effect; nothing once the case is closed."""
        if not self.is_open:
            return []
        over = {
            Timely.SUPPLEMENT_NOTICE: bool(self.supplements.all()) or self.state != S.RECEIVED,
            Timely.EXTENSION: bool(self.extensions.all()) or self.state == S.SIGNED,
            Timely.FEE_NOTICE: bool(self.fee_notices.all()) or self.state != S.RECEIVED,
        }
        settled = [act for act, is_over in over.items() if is_over]
        return last_days(self.received_on, self.due_on, settled=settled, calendar=self.agency.calendar)

    def forget_facts(self) -> None:
        """Drop what was prefetched, so that the next replay reads the facts as they are now."""
        self.__dict__.pop("_prefetched_objects_cache", None)

    # Optimistic concurrency -------------------------------------------------------------------------------------

    def expect(self, version: int) -> None:
        """Refuse to act on a case that has changed since the page with this version was drawn."""
        if version != self.version:
            raise Conflict

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write only if nobody wrote since this instance was read; raises ``Conflict``."""
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
        self.version += 1
        try:
            super().save(*args, **{**kwargs, "force_update": True})
        except BaseException:
            self.version -= 1
            raise

    def _do_update(self, base_qs: Any, *args: Any, **kwargs: Any) -> Any:
        """The claim and the write are one statement: no row changes if the version is not the one that was read."""
        updated = super()._do_update(base_qs.filter(version=self.version - 1), *args, **kwargs)
        if not updated:
            raise Conflict
        return updated

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """Read again, writing the protected ``state`` past its guard on this instance alone (docs/decisions/003)."""
        names = [f.attname for f in self._meta.concrete_fields] if fields is None else list(fields)
        rest = [name for name in names if name != "state"]
        if rest:
            super().refresh_from_db(using=using, fields=rest, from_queryset=from_queryset)
        if "state" in names:
            # After the version: if another acts between the two queries, this instance can't be saved.
            rows = from_queryset if from_queryset is not None else Case._base_manager.using(using or self._state.db)
            self.__dict__["state"] = rows.filter(pk=self.pk).values_list("state", flat=True).get()

    # Transitions: they set the case's own fields and nothing else -------------------------------------------------

    @transition(field=state, source=S.RECEIVED.value, target=S.SUPPLEMENT_REQUESTED.value)
    def request_supplement(self) -> None:
        """条例 30."""

    @transition(field=state, source=[S.SUPPLEMENT_REQUESTED.value, S.IN_REVIEW.value], target=S.RECEIVED.value)
    def receive_supplement(self) -> None:
        """条例 30."""

    @transition(field=state, source=S.RECEIVED.value, target=S.FEE_NOTIFIED.value)
    def notify_fee(self) -> None:
        """国办函〔2020〕109号."""

    @transition(field=state, source=S.FEE_NOTIFIED.value, target=S.RECEIVED.value)
    def record_payment(self) -> None:
        """国办函〔2020〕109号."""

    @transition(field=state, source=S.FEE_NOTIFIED.value, target=S.RECEIVED.value)
    def cancel_fee(self) -> None:
        """The notice was a mistake; the case rests where it was before it."""

    @transition(
        field=state,
        source=[S.RECEIVED.value, S.SUPPLEMENT_REQUESTED.value, S.FEE_NOTIFIED.value],
        target=S.IN_REVIEW.value,
    )
    def propose(self) -> None:
        """A clerk's draft goes to signature (条例 45)."""

    @transition(
        field=state,
        source=S.IN_REVIEW.value,
        target=RETURN_VALUE(S.RECEIVED.value, S.SUPPLEMENT_REQUESTED.value, S.FEE_NOTIFIED.value),
    )
    def send_back(self, resting: State) -> str:
        """The draft goes back to the clerk; the case rests again where it was."""
        return resting.value

    @transition(field=state, source=S.IN_REVIEW.value, target=S.SIGNED.value)
    def sign(self) -> None:
        """条例 45."""

    @transition(
        field=state,
        source=S.SIGNED.value,
        target=RETURN_VALUE(S.RECEIVED.value, S.SUPPLEMENT_REQUESTED.value, S.FEE_NOTIFIED.value),
    )
    def take_back(self, resting: State) -> str:
        """What was signed has not left and must change; the case rests again where it was."""
        return resting.value

    @transition(
        field=state,
        source=S.SIGNED.value,
        target=GET_STATE(
            lambda self, outcome, on: OUTCOMES[outcome].closes_as.value, states=[s.value for s in State if s in CLOSED]
        ),
    )
    def dispatch(self, outcome: Outcome, on: date) -> None:
        """The reply leaves the office, which closes the case (国办公开办函〔2016〕235号 四)."""
        self.outcome, self.closed_on = outcome.value, on

    @transition(field=state, source=[s.value for s in State if s in OPEN], target=S.TERMINATED.value)
    def withdraw(self, on: date) -> None:
        """The applicant gives the application up; counted under 三(六)3 (law.md 6.4)."""
        self.outcome, self.closed_on = Outcome.OTHER_3.value, on


# The same questions asked of rows that are not loaded as a case (``replays``) ----------------------------------------


def facts_in_order(
    consultations: Iterable[Consultation],
    extensions: Iterable[Extension],
    supplements: Iterable[Supplement],
    fee_notices: Iterable[FeeNotice],
    delays: Iterable[Delay],
    orders: Iterable[clock.Ordered] = (),
) -> list[clock.Fact]:
    """The facts that move the date, in the order in which they took effect."""
    # A delay has to be later than the date without it, so it stands before what moves that date on the same day.
    rows: list[tuple[date, int, clock.Fact]] = [(order.on, 0, order) for order in orders]
    rows += [(delay.on, 1, delay.fact()) for delay in delays]
    rows += [(c.sent_on, 1, c.fact()) for c in consultations]
    rows += [(extension.on, 1, extension.fact()) for extension in extensions]
    for supplement in supplements:
        rows += _placed(supplement.facts(), 2)
    for fee in fee_notices:
        rows += _placed(fee.facts(), 4)
    return [fact for *_order, fact in sorted(rows, key=lambda row: row[:2])]


def unanswered(supplements: Iterable[Supplement]) -> Supplement | None:
    return next((s for s in supplements if s.received_on is None and not s.superseded), None)


def unpaid(fee_notices: Iterable[FeeNotice]) -> FeeNotice | None:
    return next((fee for fee in fee_notices if fee.is_awaited), None)


def awaited_until(state: str, supplements: Iterable[Supplement], fee_notices: Iterable[FeeNotice]) -> date | None:
    """The last day of the applicant's own period, while the office waits for a supplement or a payment."""
    if state == S.SUPPLEMENT_REQUESTED:
        supplement = unanswered(supplements)
        return supplement.period_ends_on if supplement else None
    if state == S.FEE_NOTIFIED:
        fee = unpaid(fee_notices)
        return fee.period_ends_on if fee else None
    return None


def milestones_of(agency: Agency, due_on: date, calendar: Calendar) -> list[date]:
    """The days on which the clerk is to be reminded or the head to be told, and always the due date itself.

    On that day an extension to which the head has consented can be told for the last time.
    """
    return [m.on for m in milestones(due_on, [*agency.remind_days, *agency.escalate_days, 0], calendar)]


def days_to_watch(
    milestones: Iterable[date],
    period_ends_on: date | None,
    *,
    untaken_since: date | None,
    unasked_since: date | None,
    calendar: Calendar,
) -> list[date]:
    """The days, past ones too, on which time alone calls for something in an open case.

    ``untaken_since``: received then and without a clerk; ``unasked_since``: received then, and the applicant may yet
    have to be asked for a supplement.
    """
    days = list(milestones)
    if unasked_since:
        days += notice_days(unasked_since, calendar)
    if period_ends_on:
        days.append(period_ends_on + timedelta(days=1))
    if untaken_since:
        days.append(untaken_on(untaken_since, calendar))
    return days


def next_look(watched: Iterable[date], *, on: date) -> date | None:
    """The first of these days that is not past; ``on`` itself when all are: late is better than never."""
    days = sorted(watched)
    return next((day for day in days if day >= on), on if days else None)


def _placed(facts: Sequence[clock.Fact], rank: int) -> list[tuple[date, int, clock.Fact]]:
    """What the applicant was asked, and the answer, among the facts of the same day: the order in which they can be.

    An answer to an earlier question comes first; then, with its answer, a question answered at once; a question left
    open comes last, because nothing but its answer can follow it.
    """
    if not facts:
        return []  # cancelled: as if it had never been
    asked, *answers = facts
    if any(answer.on == asked.on for answer in answers):
        return [(fact.on, rank + place, fact) for place, fact in enumerate(facts)]
    return [(asked.on, 6, asked), *((answer.on, 0, answer) for answer in answers)]
