"""The work on a year's annual report, and the editions of it that were filed.

The figures of a draft are derived from the records whenever it is looked at; only an edition keeps figures. What was
filed stays filed: a correction is another edition with its reason (design section 1, law.md 7.10).
"""

import codecs
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .agency import Agency
from .appendonly import AppendOnly, AppendOnlyQuerySet
from .person import Staff

#: Packed bytes that are opened at once: some ten times as much text.
_CHUNK: Final = 64 * 1024


class ReportState(models.TextChoices):
    """How far a report has come."""

    DRAFT = "draft", _("草稿")
    CHECKED = "checked", _("已核对")
    SIGNED = "signed", _("已签发")
    PUBLISHED = "published", _("已公布")


class StepKind(models.TextChoices):
    """What somebody did to a report, in the past tense as of every event."""

    BEGUN = "begun", _("开始编写")
    WRITTEN = "written", _("修改正文")
    CHECKED = "checked", _("核对")
    SENT_BACK = "sent_back", _("退回")
    SIGNED = "signed", _("签发")
    PUBLISHED = "published", _("公布")
    REOPENED = "reopened", _("另编新版")


class AnnualReportQuerySet(models.QuerySet["AnnualReport"]):
    """Finding a report, or beginning it."""

    def begun(self, agency: Agency, year: int, *, region: bool, by: Staff, at: datetime) -> "AnnualReport":
        """The report of that agency and year; the first who asks begins it."""
        report, new = self.get_or_create(agency=agency, year=year, region=region)
        if new:
            ReportStep.objects.create(report=report, kind=StepKind.BEGUN, by=by, at=at)
        return report


class AnnualReport(models.Model):
    """One agency's report for one year; ``region``: that of the agency and all below it (law.md 7.8).

    ``sections``: the prose by number of section, ``{"1": "…", "5": "…"}``, with the marks that bind its figures.
    ``version`` is claimed by every write, so that two editors never overwrite each other unseen.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField(_("年度"))
    region = models.BooleanField(_("含下级"), default=False)
    state = models.CharField(_("状态"), max_length=9, choices=ReportState.choices, default=ReportState.DRAFT)
    sections = models.JSONField(_("正文"), default=dict)
    version = models.PositiveIntegerField(default=0)

    objects = AnnualReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("年度报告")
        verbose_name_plural = _("年度报告")
        ordering = ["-year", "agency__path", "region"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "region"], name="one_report_an_agency_and_year"),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.year}"


class ReportStep(models.Model):
    """Who did what to a report when; never changed."""

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=9, choices=StepKind.choices)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    #: The head who is away, where a deputy signs.
    for_whom = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    remark = models.TextField(blank=True)
    #: Of a check: the digest of what was checked. What has changed since is signed by nobody.
    content_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="report_step_is_known")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.by}"


class ReportEditionQuerySet(AppendOnlyQuerySet["ReportEdition"]):
    """Editions are added and read."""

    def may_become(self, changes: Mapping[str, Any]) -> bool:
        return changes.keys() <= {"published_by", "published_at"}

    def published(self) -> "ReportEditionQuerySet":
        return self.exclude(published_at=None)


class ReportEdition(AppendOnly):
    """A report as it was signed: its figures, its words, the numbers of its cases, and what they were made with.

    ``content``: the public form ``gongkai.annual-report/1``. ``digest``: SHA-256 in hex over content and case lines.
    ``made_with``: version of the code and the calendar editions in force. ``parts``: of a region, the unit tables that
    were summed, each with its own digest. ``reason``: why a later edition was made; the first has none.
    """

    report = models.ForeignKey(AnnualReport, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField(_("版次"))
    reason = models.TextField(_("更正理由"), blank=True)
    content = models.JSONField()
    packed_cases = models.BinaryField(default=bytes)
    digest = models.CharField(max_length=64)
    made_with = models.JSONField(default=dict)
    parts = models.JSONField(default=list)
    signed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    signed_for = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(_("签发时间"))
    published_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("公布时间"), null=True)

    objects = ReportEditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("年度报告版本")
        verbose_name_plural = _("年度报告版本")
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="one_edition_a_number"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="later_edition_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.number}"

    @staticmethod
    def pack(lines: Iterable[str]) -> bytes:
        """Case lines in the form of ``packed_cases``, one after the other, so that a million need no memory."""
        packing, between, packed = zlib.compressobj(6), "", bytearray()
        for line in lines:
            packed += packing.compress(f"{between}{line}".encode())
            between = "\n"
        return bytes(packed + packing.flush())

    def case_lines(self) -> Iterator[str]:
        """``agency code,number,applicant kind,row in,row out`` of each case that the edition counts.

        Raises ``zlib.error`` for bytes that are not what was packed.
        """
        unpacking, rest = zlib.decompressobj(), ""
        reading = codecs.getincrementaldecoder("utf-8")()
        packed = memoryview(bytes(self.packed_cases))
        for start in range(0, len(packed), _CHUNK):
            rest += reading.decode(unpacking.decompress(packed[start : start + _CHUNK]))
            *whole, rest = rest.split("\n")
            yield from whole
        if packed and not unpacking.eof:
            raise zlib.error("the packed cases are cut off")
        if rest:
            yield rest
