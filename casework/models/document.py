"""Files that belong to a case. The bytes lie under ``MEDIA_ROOT`` by a random name; the row is the only way to them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .case import Case
from .person import Staff


class DocumentKind(models.TextChoices):
    """Where the file comes from, which decides who may see it."""

    APPLICATION = "application", _("申请材料")
    SUPPLEMENT = "supplement", _("补正材料")
    REPLY = "reply", _("答复附件")


def storage_name(document: "Document", filename: str) -> str:
    """A name that tells nothing and can't be guessed; what the sender called the file is in ``name``."""
    return f"documents/{document.case_id}/{uuid.uuid4().hex}"


class Document(models.Model):
    """One stored file with its digest."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    kind = models.CharField(_("类别"), max_length=12, choices=DocumentKind.choices)
    name = models.CharField(_("文件名"), max_length=200)
    file = models.FileField(upload_to=storage_name, max_length=200)
    size = models.PositiveBigIntegerField(_("字节数"))
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "sha256"], name="same_file_once_a_case"),
        ]

    def __str__(self) -> str:
        return self.name
