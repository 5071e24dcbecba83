"""建议主动公开 (条例 44): what is asked for often is proposed for proactive publication, counted, and decided."""

from datetime import date
from enum import StrEnum
from typing import Final

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from casework.law.words import Text

from .agency import Agency
from .case import Case
from .person import Staff


class Verdict(StrEnum):
    """What became of a proposal."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


VERDICTS: Final[dict[Verdict, Text]] = {
    Verdict.ACCEPTED: Text("采纳，主动公开", "Accepted: to be published"),
    Verdict.DECLINED: Text("不采纳", "Declined"),
}
_WAITING: Final = Text("等待审核", "To be examined")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Sets of proposals that more than one place asks for."""

    def waiting(self) -> "ProposalQuerySet":
        return self.filter(verdict="")

    def public(self) -> "ProposalQuerySet":
        """Those with a title that the office has worded for everybody: nothing an applicant typed is shown."""
        return self.exclude(title="")

    def counted(self) -> "ProposalQuerySet":
        """With the numbers of those who proposed: applicants, officers, visitors."""
        return self.annotate(
            by_applicants=Count("voices", filter=Q(voices__case__isnull=False)),
            by_staff=Count("voices", filter=Q(voices__staff__isnull=False)),
            by_visitors=Count("voices", filter=Q(voices__case=None, voices__staff=None)),
        )


class Proposal(models.Model):
    """One topic that an agency is asked to publish of its own accord.

    ``topic``: as the first who proposed it had asked for it, for the desk alone. ``title``: the office's own words,
    under which the public sees it; empty until it has been worded.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="proposals", verbose_name=_("行政机关"))
    topic = models.TextField(_("建议公开的信息"))
    title = models.CharField(_("对外的名称"), max_length=200, blank=True)
    made_on = models.DateField(_("提出日期"))
    verdict = models.CharField(max_length=8, choices=[(v.value, t.zh) for v, t in VERDICTS.items()], blank=True)
    where = models.CharField(_("公开的位置"), max_length=300, blank=True)
    public_on = models.DateField(_("公开日期"), null=True)
    reason = models.TextField(_("不采纳的理由"), blank=True)
    decided_on = models.DateField(_("审核日期"), null=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("主动公开建议")
        verbose_name_plural = _("主动公开建议")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="", decided_on=None, decided_by=None, where="", public_on=None, reason="")
                | Q(verdict="accepted", decided_on__isnull=False, decided_by__isnull=False, reason="")
                & ~Q(where="")
                & ~Q(title="")
                & Q(public_on__isnull=False)
                | Q(verdict="declined", decided_on__isnull=False, decided_by__isnull=False, where="", public_on=None)
                & ~Q(reason=""),
                name="proposal_is_decided_whole",
            ),
        ]
        indexes = [models.Index(fields=["agency", "id"], name="proposals_waiting", condition=Q(verdict=""))]

    def __str__(self) -> str:
        return self.title or self.topic[:40]

    @property
    def verdict_words(self) -> Text:
        return VERDICTS[Verdict(self.verdict)] if self.verdict else _WAITING

    @property
    def is_accepted(self) -> bool:
        return self.verdict == Verdict.ACCEPTED

    def is_public(self, on: date) -> bool:
        """Whether the day from which the information is to be found has come."""
        return self.public_on is not None and self.public_on <= on


class Voice(models.Model):
    """One person who proposes a topic: an applicant by a case, an officer, or a visitor of the public page.

    ``visitor``: keyed hash by which the same visitor is counted once; forgotten when the proposal is decided.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="voices")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="proposed")
    #: The applicant as the blind index knows them, so that one person with three cases counts once.
    applicant = models.CharField(max_length=64, blank=True)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    visitor = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "case"], condition=Q(case__isnull=False), name="one_voice_a_case"
            ),
            models.UniqueConstraint(
                fields=["proposal", "applicant"], condition=~Q(applicant=""), name="one_voice_an_applicant"
            ),
            models.UniqueConstraint(
                fields=["proposal", "staff"], condition=Q(staff__isnull=False), name="one_voice_an_officer"
            ),
            models.UniqueConstraint(
                fields=["proposal", "visitor"], condition=~Q(visitor=""), name="one_voice_a_visitor"
            ),
            models.CheckConstraint(condition=Q(case=None) | Q(staff=None), name="voice_of_applicant_or_officer"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} · {self.pk}"
