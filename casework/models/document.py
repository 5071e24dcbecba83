"""Files that belong to a case. The bytes lie under ``MEDIA_ROOT`` by a random name; the row is the only way to them."""

import uuid
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .case import Case
from .consultation import Consultation
from .decision import Decision
from .person import Staff


class DocumentKind(models.TextChoices):
    """Where the file comes from, which decides who may see it."""

    APPLICATION = "application", _("申请材料")
    AUTHORITY = "authority", _("授权委托书")
    SUPPLEMENT = "supplement", _("补正材料")
    REPLY = "reply", _("答复附件")
    SERVICE = "service", _("送达凭证")
    CONSULTATION = "consultation", _("征求意见的答复")
    ASSISTANCE = "assistance", _("协办材料")
    MATERIAL = "material", _("案卷材料")


class Scan(models.TextChoices):
    """What the virus scanner said of a file."""

    OFF = "off", _("没有设置病毒查杀")
    WAITING = "waiting", _("等待病毒查杀")
    CLEAN = "clean", _("查杀没有发现病毒")
    INFECTED = "infected", _("发现病毒")


#: What the applicant sent, and may therefore always read again; of anything else somebody has to say so.
OF_THE_APPLICANT: Final = frozenset({DocumentKind.APPLICATION, DocumentKind.AUTHORITY, DocumentKind.SUPPLEMENT})


def storage_name(document: "Document", filename: str) -> str:
    """A name that tells nothing and can't be guessed; what the sender called the file is in ``name``."""
    return f"documents/{document.case_id}/{uuid.uuid4().hex}"


class Document(models.Model):
    """One stored file with its digest."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    #: The draft with which an attachment of the reply was approved; nothing else leaves with it (条例 17).
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="attachments")
    #: The attempt to serve a letter that it proves (送达回证, 妥投证明).
    delivery = models.ForeignKey("Delivery", models.PROTECT, null=True, related_name="proofs")
    #: What came with an answer of somebody consulted; never the applicant's to read.
    consultation = models.ForeignKey(Consultation, models.PROTECT, null=True, related_name="documents")
    #: The file that was made of a record and passed the release gate, where this is one.
    release = models.ForeignKey("Release", models.PROTECT, null=True, related_name="documents")
    kind = models.CharField(_("类别"), max_length=12, choices=DocumentKind.choices)
    name = models.CharField(_("文件名"), max_length=200)
    file = models.FileField(upload_to=storage_name, max_length=200)
    size = models.PositiveBigIntegerField(_("字节数"))
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(_("病毒查杀"), max_length=8, choices=Scan.choices, default=Scan.OFF)
    scanned_at = models.DateTimeField(null=True)
    #: The scanner's name for what it found.
    virus = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=Q(scan="waiting"), name="waits_for_the_scanner")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "sha256"],
                condition=Q(decision=None, consultation=None),
                name="same_file_once_a_case",
            ),
            models.UniqueConstraint(
                fields=["decision", "sha256"], condition=Q(decision__isnull=False), name="same_attachment_once_a_draft"
            ),
            models.UniqueConstraint(
                fields=["consultation", "sha256"],
                condition=Q(consultation__isnull=False),
                name="same_file_once_a_consultation",
            ),
            models.CheckConstraint(
                condition=Q(decision=None) | Q(kind="reply"), name="only_attachments_belong_to_a_draft"
            ),
            models.CheckConstraint(
                condition=Q(release=None) | Q(kind="reply"), name="what_was_released_is_an_attachment"
            ),
            models.CheckConstraint(
                condition=Q(consultation=None) | Q(kind="consultation"), name="only_answers_belong_to_a_consultation"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_opened(self) -> bool:
        """Not before the scanner has spoken, never where it found something, and not once it was erased."""
        return self.scan in (Scan.OFF, Scan.CLEAN) and not self.sha256.startswith("erased:")
