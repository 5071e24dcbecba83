"""Reconsideration and suits against the agency: who attacked what, and everything that happened, row by row.

A dispute itself says only what never changes. Organ, docket number and result stand in its steps, because an appeal
brings another court and another number; a correction is a further step that takes the place of the mistaken one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from casework.law import disputes
from casework.law.disputes import (
    CORRECTED,
    FARED,
    OF_ANSWERS,
    RESULTS,
    STAGES,
    TURNING,
    Fared,
    Result,
    Stage,
    StageRow,
    Standing,
)
from casework.law.due import Due
from casework.law.outcomes import Outcome
from casework.law.report import DISPUTES
from casework.law.withholding import WITHHOLDINGS, Withholding
from casework.law.words import Text

from .agency import Agency
from .appendonly import AppendOnly, AppendOnlyQuerySet
from .case import Case
from .decision import Decision
from .material import Area
from .person import Staff


class DisputeKind(models.TextChoices):
    """The groups of table 四 (law.disputes.DisputeKind, for forms and the database)."""

    RECONSIDERATION = disputes.DisputeKind.RECONSIDERATION.value, _("行政复议")
    DIRECT_SUIT = disputes.DisputeKind.DIRECT_SUIT.value, _("未经复议直接起诉")
    SUIT_AFTER_RECONSIDERATION = disputes.DisputeKind.SUIT_AFTER_RECONSIDERATION.value, _("复议后起诉")


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Sets of disputes that more than one place asks for."""

    def stood(self, *, until: date, known_at: datetime | None = None) -> "DisputeQuerySet":
        """With ``stands``, the result at the end of a day (empty: pending), and ``stands_since``.

        What had not come by then, and what was struck out, is left out. ``known_at`` as for ``standing`` of the steps.
        """
        steps = DisputeStep.objects.standing(known_at)
        turned = steps.filter(dispute=OuterRef("pk"), stage__in=TURNING, on__lte=until)
        last = turned.order_by("-on", "-place")
        stood = self.annotate(stands=Subquery(last.values("result")[:1]), stands_since=Subquery(last.values("on")[:1]))
        return stood.filter(stands_since__isnull=False)

    def awaiting_answer(self) -> "DisputeQuerySet":
        """Those in which the agency owes an answer."""
        told = DisputeStep.objects.standing().filter(dispute=OuterRef("pk"), stage__in=OF_ANSWERS)
        latest = Subquery(told.order_by("-on", "-place").values("stage")[:1])
        return self.alias(latest=latest).filter(latest__in=disputes.CALLING)


class Dispute(models.Model):
    """One reconsideration or one suit, through all its instances.

    ``case`` is missing where it is about an application from before the system, or about proactive publication;
    ``about`` then says what. ``decision`` is missing where the complaint is that there was none.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="disputes", verbose_name=_("行政机关"))
    kind = models.CharField(_("类别"), max_length=26, choices=DisputeKind.choices)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="disputes", verbose_name=_("申请"))
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="disputes")
    about = models.TextField(_("争议事项"), blank=True)
    complainant = models.CharField(_("申请人、原告"), max_length=200)
    simplified = models.BooleanField(_("适用简易程序"), default=False)
    #: Of a suit after reconsideration, where that is in the system.
    after = models.ForeignKey("self", models.PROTECT, null=True, related_name="suits", verbose_name=_("经过的复议"))
    recorded_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("复议、诉讼")
        verbose_name_plural = _("复议、诉讼")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DisputeKind.values), name="dispute_kind_is_known"),
            models.CheckConstraint(condition=Q(case__isnull=False) | ~Q(about=""), name="dispute_is_about_something"),
            models.CheckConstraint(
                condition=Q(decision=None) | Q(case__isnull=False), name="disputed_decision_has_its_case"
            ),
            models.CheckConstraint(
                condition=Q(simplified=False) | Q(kind=DisputeKind.RECONSIDERATION),
                name="only_reconsideration_is_simplified",
            ),
            models.CheckConstraint(
                condition=Q(after=None) | Q(kind=DisputeKind.SUIT_AFTER_RECONSIDERATION),
                name="only_a_later_suit_follows_reconsideration",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.docket_number or self.organ}"

    @property
    def words(self) -> Text:
        return DISPUTES[self.kind]

    @property
    def is_suit(self) -> bool:
        return self.kind != DisputeKind.RECONSIDERATION

    @cached_property
    def steps_in_order(self) -> list["DisputeStep"]:
        """What stands, in the order of time: corrected steps and those struck out are left out."""
        steps = [step for step in self.steps.all() if step.stage != Stage.VOIDED]
        replaced = {step.corrects_id for step in self.steps.all()}
        return sorted((step for step in steps if step.pk not in replaced), key=lambda step: (step.on, step.place))

    def forget_steps(self) -> None:
        """Drop what was read, so that the steps are read as they are now."""
        self.__dict__.pop("steps_in_order", None)
        self.__dict__.pop("_prefetched_objects_cache", None)

    @property
    def is_struck_out(self) -> bool:
        return not self.steps_in_order

    @property
    def standing(self) -> Standing | None:
        return disputes.standing(self.steps_in_order)

    @property
    def is_pending(self) -> bool:
        now = self.standing
        return now is not None and now.result is None

    @property
    def received_on(self) -> date | None:
        return self.steps_in_order[0].on if self.steps_in_order else None

    @property
    def organ(self) -> str:
        """Before whom it is: of an appeal, the higher court."""
        return next((step.organ for step in reversed(self.steps_in_order) if step.organ), "")

    @property
    def docket_number(self) -> str:
        return next((step.docket_number for step in reversed(self.steps_in_order) if step.docket_number), "")

    @property
    def order_by(self) -> date | None:
        """The last day that the newest decision sets for a new reply, where it sets one."""
        decided = (step for step in reversed(self.steps_in_order) if step.stage == Stage.DECIDED)
        return next((step.order_by for step in decided), None)

    @property
    def reopened(self) -> "DisputeStep | None":
        """The step with the linked file under which the application is decided again."""
        return next((step for step in self.steps_in_order if step.stage == Stage.REOPENED), None)

    @property
    def may_reopen(self) -> bool:
        """Whether its result may call for a new decision, and none has been begun."""
        now = self.standing
        return self.case_id is not None and self.reopened is None and bool(now and now.row and now.row.redecides)

    def answer_due(self) -> Due | None:
        """Until when the agency owes its answer, by the working days of the agency; ``None`` when it owes none."""
        kind = disputes.DisputeKind(self.kind)
        return disputes.answer_due(kind, self.steps_in_order, self.agency.calendar, simplified=self.simplified)

    def warning(self) -> Text | None:
        """A reply that had to be reviewed before it could be sued (复议法 23)."""
        decision, case = self.decision, self.case
        if decision is None or case is None:
            return None
        return disputes.direct_suit_warning(
            disputes.DisputeKind(self.kind),
            decision.row,
            decided_on=decision.dispatched_on or case.closed_on or date.max,
            inquiry_review_first=self.agency.inquiry_review_first,
        )


class DisputeStepQuerySet(AppendOnlyQuerySet["DisputeStep"]):
    """Steps are added and read."""

    def standing(self, known_at: datetime | None = None) -> "DisputeStepQuerySet":
        """Those that no later step corrects or strikes out; with ``known_at``, those that stood so at that moment."""
        found = self.exclude(stage=Stage.VOIDED.value)
        if known_at is None:
            return found.filter(correction=None)
        return found.filter(Q(correction=None) | Q(correction__at__gt=known_at), at__lte=known_at)


class DisputeStep(AppendOnly):
    """One thing that happened in a dispute; never changed, only corrected by a further one.

    ``place``: in which order steps of one day came; a correction keeps that of the step which it corrects.
    ``order_by``: the last day that a decision sets for a new reply. ``file``: the case under which it is decided again.
    """

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="steps")
    place = models.PositiveSmallIntegerField(default=1)
    stage = models.CharField(_("环节"), max_length=12, choices=[(s.value, row.words.zh) for s, row in STAGES.items()])
    on = models.DateField(_("日期"))
    organ = models.CharField(_("复议机关、法院"), max_length=200, blank=True)
    docket_number = models.CharField(_("案号"), max_length=80, blank=True)
    result = models.CharField(
        _("结果"), max_length=16, blank=True, choices=[(r.value, row.words.zh) for r, row in RESULTS.items()]
    )
    words = models.TextField(_("说明"), blank=True)
    order_by = models.DateField(_("限期重新作出答复"), null=True)
    file = models.OneToOneField(Case, models.PROTECT, null=True, related_name="redecides_after")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="correction")
    reason = models.TextField(_("更正的理由"), blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DisputeStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("复议、诉讼的环节")
        verbose_name_plural = _("复议、诉讼的环节")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=[s.value for s in Stage]), name="dispute_stage_is_known"),
            models.CheckConstraint(
                condition=Q(stage=Stage.DECIDED.value, result__in=[r.value for r in Result])
                | ~Q(stage=Stage.DECIDED.value) & Q(result=""),
                name="a_decision_and_nothing_else_has_a_result",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None, reason="") | Q(corrects__isnull=False) & ~Q(reason=""),
                name="a_correction_has_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.VOIDED.value, corrects__isnull=False) | ~Q(stage=Stage.VOIDED.value),
                name="what_is_struck_out_was_there",
            ),
            models.CheckConstraint(
                condition=Q(file=None) | Q(stage=Stage.REOPENED.value), name="only_reopening_has_a_file"
            ),
            models.CheckConstraint(
                condition=Q(order_by=None) | Q(order_by__gte=F("on")), name="ordered_reply_comes_after_the_order"
            ),
        ]
        indexes = [models.Index(fields=["dispute", "on", "place"], name="steps_of_dispute")]

    def __str__(self) -> str:
        return f"{self.on} {self.row.words}"

    @property
    def row(self) -> StageRow:
        return STAGES[Stage(self.stage)]

    @property
    def result_row(self) -> disputes.ResultRow | None:
        return RESULTS[Result(self.result)] if self.result else None

    @property
    def law(self) -> str:
        """The article under which it was decided so."""
        row = self.result_row
        return row.law(self.dispute.kind) if row else ""


class DisputedItem(models.Model):
    """One withheld place of a reply that a dispute is about, and how it fared where the reply was corrected.

    Page, number and ground are kept beside the place: they stay when the record itself has to go (保密法 35).
    """

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="items")
    area = models.ForeignKey(Area, models.SET_NULL, null=True, related_name="disputed")
    page = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    whole = models.BooleanField(default=False)
    ground = models.CharField(_("理由"), max_length=60)
    fared = models.CharField(max_length=6, blank=True, choices=[(f.value, words.zh) for f, words in FARED.items()])

    class Meta:
        verbose_name = _("有争议的不予公开内容")
        verbose_name_plural = _("有争议的不予公开内容")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["dispute", "area"], name="a_place_is_disputed_once_in_a_dispute"),
            models.CheckConstraint(
                condition=Q(fared__in=["", *(f.value for f in Fared)]), name="how_it_fared_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id}: {self.page}/{self.number}"

    @property
    def why(self) -> Withholding:
        return WITHHOLDINGS[self.ground]

    @property
    def outcome(self) -> Text | None:
        """How it fared, as far as the dispute stands decided now."""
        now = self.dispute.standing
        found = disputes.fares(now.result if now else None, self.fared)
        return FARED[found] if found else None


def areas_given_with(decision: Decision | None) -> list[Area]:
    """What the files of a reply withhold from its applicant, by file, page and number."""
    if decision is None:
        return []
    found: list[Area] = []
    for document in decision.attachments.exclude(release=None).select_related("release"):
        assert document.release is not None
        numbers = [each["number"] for each in document.release.map]
        areas = Area.objects.filter(material=document.release.material_id, number__in=numbers)
        found += areas.select_related("material__document").order_by("page", "number")
    return found


def fared_by_ground(agency: Agency, *, on: date) -> dict[str, tuple[int, int]]:
    """Of an agency, by ground: on how many withheld places a review or a court has decided, and how many fell.

    Each place counts once, by the last decision on it, however often it was attacked.
    """
    stood: models.QuerySet[Any] = Dispute.objects.filter(agency=agency, items__isnull=False).stood(until=on)
    decided = stood.exclude(stands="").values_list("pk", "stands_since", "stands")
    results = {pk: (since, Result(result)) for pk, since, result in decided}
    last: dict[object, tuple[date, str, Fared]] = {}
    rows = DisputedItem.objects.filter(dispute__in=results).values_list("pk", "area", "dispute", "ground", "fared")
    for pk, area, dispute, ground, recorded in rows.order_by("pk"):
        since, result = results[dispute]
        fared, place = disputes.fares(result, recorded), area or f"item {pk}"
        if fared and (place not in last or last[place][0] <= since):
            last[place] = since, ground, fared
    found: dict[str, tuple[int, int]] = {}
    for _since, ground, fared in last.values():
        judged, fell = found.get(ground, (0, 0))
        found[ground] = judged + 1, fell + (fared is Fared.FELL)
    return found


def orders_of(files: Collection[int]) -> dict[int, tuple[date, str]]:
    """Of each linked file to which the newest decision sets a day: until when to answer, and by which article."""
    decided = DisputeStep.objects.standing().filter(stage=Stage.DECIDED.value, dispute__steps__file__in=files)
    found: dict[int, tuple[date | None, str]] = {}
    rows = decided.order_by("on", "place").values_list("dispute__steps__file", "order_by", "result", "dispute__kind")
    for file, until, result, kind in rows:
        found[file] = until, RESULTS[Result(result)].law(kind)
    return {file: (until, law) for file, (until, law) in found.items() if until is not None}


def disputes_about(case: Case) -> tuple[list[Dispute], DisputeStep | None]:
    """The disputes about a case, and the step that made it a linked file, if it is one; all in one query."""
    opening = DisputeStep.objects.filter(file=case).values("dispute")
    about = Q(dispute__case=case) | Q(dispute__in=opening)
    steps = DisputeStep.objects.filter(about).select_related("dispute__decision").order_by("id")
    found: dict[int, tuple[Dispute, list[DisputeStep]]] = {}
    for step in steps:
        _dispute, those = found.setdefault(step.dispute_id, (step.dispute, []))
        those.append(step)
    opened_by = None
    own = []
    for dispute, those in found.values():
        dispute.agency = case.agency
        dispute._prefetched_objects_cache = {"steps": those}  # type: ignore[attr-defined]
        for step in those:
            step.dispute = dispute
        if dispute.case_id == case.pk:
            dispute.case = case
            own.append(dispute)
        else:
            opened_by = dispute.reopened
    return [dispute for dispute in own if not dispute.is_struck_out], opened_by


@dataclass(frozen=True, slots=True)
class Overturned:
    """Of so many replies under a code that were attacked and decided upon, how many were corrected."""

    decided: int
    corrected: int
    decided_in_region: int
    corrected_in_region: int

    @property
    def percent(self) -> int | None:
        """Of the agency; ``None`` where so few say nothing."""
        return _percent(self.corrected, self.decided)

    @property
    def percent_in_region(self) -> int | None:
        return _percent(self.corrected_in_region, self.decided_in_region)


def _percent(part: int, of: int) -> int | None:
    return round(100 * part / of) if of >= FEWEST_FOR_PERCENT else None


#: Of fewer than these a percentage would say more than is known.
FEWEST_FOR_PERCENT: Final = 10
_CORRECTING: Final[Collection[str]] = [row.result.value for row in RESULTS.values() if row.column == CORRECTED]


def overturned(agency: Agency, outcome: Outcome, *, on: date) -> Overturned:
    """Replies under a code, each once however often it was attacked: of the agency, and of its region, in one query.

    The region is the agency above it with all below, or where there is none the agency itself with all below.
    """
    region = agency.path.removesuffix(f"{agency.code}/") or agency.path
    rows = Dispute.objects.filter(decision__outcome=outcome.value, agency__path__startswith=region)
    stood: models.QuerySet[Any] = rows.stood(until=on)
    decided = stood.exclude(stands="")
    own, corrected = Q(agency=agency.pk), Q(stands__in=_CORRECTING)
    found = decided.aggregate(
        decided=Count("decision", distinct=True, filter=own),
        corrected=Count("decision", distinct=True, filter=own & corrected),
        decided_in_region=Count("decision", distinct=True),
        corrected_in_region=Count("decision", distinct=True, filter=corrected),
    )
    return Overturned(**found)
