"""更正本人信息 (条例 41): a request of its own, with its evidence and its trace; no application, and in no table."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.law import correction as law
from casework.law.correction import ENDINGS, STANDINGS, Ending, EndingRow, Standing, StandingRow
from casework.law.due import Due
from casework.law.receipt import CHANNEL_WORDS
from casework.law.remedies import Route
from casework.law.words import Text

from .agency import Agency
from .appendonly import AppendOnly, AppendOnlyQuerySet
from .applicant import Identified, ToldBy
from .document import Scan
from .person import Staff


class RecordCorrectionQuerySet(models.QuerySet["RecordCorrection"]):
    """Sets of requests that more than one place asks for."""

    def still_open(self) -> "RecordCorrectionQuerySet":
        return self.exclude(standing=Standing.CLOSED)


class RecordCorrection(Identified):
    """Somebody says what an organ records about them is wrong, with evidence, and asks that it be put right.

    Whoever asks is stated here as in an application: name, sealed identity number, contact. ``source``: the request of
    another agency of this deployment from which it was passed on; its query code opens both.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="corrections", verbose_name=_("行政机关"))
    number = models.CharField(_("编号"), max_length=80)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    address = models.CharField(_("通信地址"), max_length=300, blank=True)
    language = models.CharField(max_length=10, default="zh-hans", editable=False)
    query_code_hash = models.CharField(max_length=160, editable=False)
    #: Of the form that made it, so that the same form sent twice makes one.
    form_key = models.CharField(max_length=64, blank=True, default="", editable=False)
    source = models.OneToOneField("self", models.PROTECT, null=True, related_name="passed_on")

    record = models.CharField(_("哪一项记录"), max_length=300)
    wrong = models.TextField(_("记录的内容，哪里不准确"))
    right = models.TextField(_("应当更正为"))
    grounds = models.TextField(_("证据说明"))

    received_on = models.DateField(_("收到日期"))
    received_at = models.DateTimeField(editable=False)
    clerk = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="corrections", verbose_name=_("承办人"))
    standing = models.CharField(
        max_length=8, choices=[(s.value, row.clerk.zh) for s, row in STANDINGS.items()], default=Standing.RECEIVED
    )
    asked = models.TextField(_("请补充的内容"), blank=True)
    supplemented_on = models.DateField(_("补充日期"), null=True)
    ending = models.CharField(
        max_length=11, choices=[(e.value, row.words.zh) for e, row in ENDINGS.items()], blank=True
    )
    reply = models.TextField(_("答复"), blank=True)
    organ = models.CharField(_("有权更正的机关"), max_length=200, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True)
    #: When whoever asked first read the reply on the portal: the periods of the remedies run from then.
    opened_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    #: What a notice needs of whoever is told: see ``reach.Addressee``.
    told_by: str = ToldBy.EMAIL.value
    told_less: bool = False

    objects = RecordCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("更正请求")
        verbose_name_plural = _("更正请求")
        ordering = ["received_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="one_number_a_correction"),
            models.UniqueConstraint(fields=["form_key"], condition=~Q(form_key=""), name="one_correction_a_form"),
            models.CheckConstraint(
                condition=Q(standing__in=[s.value for s in Standing]), name="correction_standing_is_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, ending="", reply="", organ="", opened_on=None) & ~Q(standing="closed")
                | Q(closed_on__isnull=False, standing="closed", ending__in=[e.value for e in Ending]),
                name="closed_correction_has_day_and_ending",
            ),
            models.CheckConstraint(
                condition=~Q(ending__in=[e.value for e, row in ENDINGS.items() if row.organ]) | ~Q(organ=""),
                name="passed_on_names_the_organ",
            ),
            models.CheckConstraint(
                condition=Q(ending__in=["", "withdrawn"]) | ~Q(reply=""), name="correction_is_replied_to_in_words"
            ),
            models.CheckConstraint(condition=Q(standing="asked") | Q(asked=""), name="asked_while_waiting"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("received_on")), name="correction_closed_later"
            ),
        ]
        indexes = [
            models.Index(fields=["number"], name="correction_by_number"),
            models.Index(fields=["agency", "received_on"], name="corrections_waiting", condition=~Q(standing="closed")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def standing_row(self) -> StandingRow:
        return STANDINGS[Standing(self.standing)]

    @property
    def ending_row(self) -> EndingRow | None:
        return ENDINGS[Ending(self.ending)] if self.ending else None

    @property
    def names(self) -> str:
        return self.name

    def due(self) -> Due:
        """Until when the agency wants to reply; article 41 names no period (``law.correction.due``)."""
        return law.due(
            self.received_on,
            self.supplemented_on,
            days=self.agency.correction_days,
            calendar=self.agency.calendar,
        )

    def routes(self, on: date) -> tuple[Route, ...]:
        """The lawful steps that are open to whoever asked: against the reply, or against silence."""
        places: dict[str, Any] = {
            "review_organ": self.agency.review_organ,
            "court": self.agency.court,
            "calendar": self.agency.calendar,
        }
        if self.ending:
            return law.routes(Ending(self.ending), known_on=self.opened_on, **places)
        return law.routes_of_silence(self.received_on, on=on, **places)


def evidence_name(evidence: "Evidence", filename: str) -> str:
    """A name that tells nothing and can't be guessed."""
    return f"corrections/{evidence.correction_id}/{uuid.uuid4().hex}"


class Evidence(models.Model):
    """One file that came with a request, or with what was added to it."""

    correction = models.ForeignKey(RecordCorrection, models.PROTECT, related_name="evidence")
    name = models.CharField(_("文件名"), max_length=200)
    file = models.FileField(upload_to=evidence_name, max_length=200)
    size = models.PositiveBigIntegerField(_("字节数"))
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(_("病毒查杀"), max_length=8, choices=Scan.choices, default=Scan.OFF)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["correction", "sha256"], name="same_evidence_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_opened(self) -> bool:
        """Not before the scanner has spoken, never where it found something, and not once it was erased."""
        return self.scan in (Scan.OFF, Scan.CLEAN) and not self.sha256.startswith("erased:")


class CorrectionKind(StrEnum):
    """What happened to a request; the past tense of the verb that did it."""

    FILED = "filed"
    REGISTERED = "registered"
    FORWARDED = "forwarded"
    TAKEN = "taken"
    ASKED = "asked"
    ANSWERED = "answered"
    CORRECTED = "corrected"
    REFUSED = "refused"
    TRANSFERRED = "transferred"
    DIRECTED = "directed"
    WITHDRAWN = "withdrawn"
    OPENED = "opened"
    IDENTITY_READ = "identity_read"


@dataclass(frozen=True, slots=True)
class CorrectionSentence:
    """How an event reads to the office, and to whoever asked (``None``: it stays inside).

    ``personal``: keys of the payload that an erasure has to empty.
    """

    clerk: Text
    citizen: Text | None
    personal: tuple[str, ...] = ()


_S = CorrectionSentence
CORRECTION_SENTENCES: Final[dict[CorrectionKind, CorrectionSentence]] = {
    CorrectionKind.FILED: _S(
        Text("申请人在网上提出更正请求。", "The request was filed online."),
        Text("您提出了更正请求。", "You filed the request."),
    ),
    CorrectionKind.REGISTERED: _S(
        Text("{by}登记书面提出的更正请求（{channel}）。", "{by} registered a request on paper ({channel})."),
        Text("行政机关登记了您书面提出的更正请求。", "The office registered your request, which came on paper."),
    ),
    CorrectionKind.FORWARDED: _S(
        Text("{organ}转来更正请求（{number}）。", "{organ} passed the request on ({number})."),
        Text(
            "{organ}把您的更正请求（{number}）转送本机关。", "{organ} passed your request ({number}) on to this office."
        ),
    ),
    CorrectionKind.TAKEN: _S(
        Text("{by}受理，承办本件。", "{by} took the request in hand."),
        Text("行政机关已经受理，正在核实。", "The office has taken your request in hand."),
    ),
    CorrectionKind.ASKED: _S(
        Text("{by}请申请人补充：{text}", "{by} asked for more: {text}"),
        Text("行政机关请您补充：{text}", "The office asked you for more: {text}"),
        personal=("text",),
    ),
    CorrectionKind.ANSWERED: _S(
        Text("申请人补充：{text}", "More was given: {text}"),
        Text("您补充：{text}", "You added: {text}"),
        personal=("text",),
    ),
    CorrectionKind.CORRECTED: _S(
        Text("{by}答复：予以更正。", "{by} replied: corrected."),
        Text("行政机关更正了记录并答复您。", "The office corrected the record and replied."),
    ),
    CorrectionKind.REFUSED: _S(
        Text("{by}答复：不予更正。", "{by} replied: not corrected."),
        Text("行政机关答复您：不予更正。", "The office replied that it does not correct the record."),
    ),
    CorrectionKind.TRANSFERRED: _S(
        Text("{by}转送{organ}处理并告知申请人。", "{by} passed the request on to {organ} and told the person."),
        Text("行政机关把您的更正请求转送{organ}。", "The office passed your request on to {organ}."),
    ),
    CorrectionKind.DIRECTED: _S(
        Text("{by}告知申请人向{organ}提出。", "{by} told the person to ask {organ}."),
        Text("行政机关告知您向{organ}提出。", "The office told you to ask {organ}."),
    ),
    CorrectionKind.WITHDRAWN: _S(
        Text("申请人撤回更正请求。", "The request was withdrawn."),
        Text("您撤回了更正请求。", "You withdrew the request."),
    ),
    CorrectionKind.OPENED: _S(
        Text("申请人在网上打开了答复。", "The reply was opened online."),
        Text("您打开了答复。", "You opened the reply."),
    ),
    CorrectionKind.IDENTITY_READ: _S(
        Text("{by}查看了证件号码。", "{by} read the identity number."),
        None,
    ),
}


class CorrectionEventQuerySet(AppendOnlyQuerySet["CorrectionEvent"]):
    """Events are added, read, and nothing else."""


class CorrectionEvent(AppendOnly):
    """One thing that happened to a request: what, when, who. Without ``by`` it was whoever asked."""

    correction = models.ForeignKey(RecordCorrection, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in CorrectionKind])
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    payload = models.JSONField(default=dict)

    objects = CorrectionEventQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in CorrectionKind]), name="correction_event_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.for_office().zh}"

    def for_office(self) -> Text:
        return CORRECTION_SENTENCES[CorrectionKind(self.kind)].clerk.format(**dict(self._values()))

    def for_citizen(self) -> Text | None:
        sentence = CORRECTION_SENTENCES[CorrectionKind(self.kind)].citizen
        return sentence.format(**dict(self._values())) if sentence else None

    def _values(self) -> Iterator[tuple[str, object]]:
        yield "by", self.by.get_full_name() if self.by else _CITIZEN
        for key in ("text", "organ", "number"):
            yield key, self.payload.get(key) or "—"
        yield "channel", CHANNEL_WORDS.get(self.payload.get("channel", ""), "—")


_CITIZEN: Final = Text("申请人", "the person")
