"""Templates of letters in versions that never change, and the letters that left the office."""

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.law.letters import LETTERS, STAYS, LetterKind, LetterRow, Reader
from casework.law.refusals import Refused
from casework.law.words import Text

from .agency import Agency
from .case import Case
from .decision import Decision
from .person import Staff

if TYPE_CHECKING:
    from .delivery import Delivery

_KINDS: Final = [(kind.value, row.title.zh) for kind, row in LETTERS.items()]


def letter_storage_name(letter: "Letter", filename: str) -> str:
    """A name that tells nothing and can't be guessed."""
    return f"letters/{letter.case_id}/{uuid.uuid4().hex}"


class LetterTemplateQuerySet(models.QuerySet["LetterTemplate"]):
    """Finding the words that hold."""

    def in_force(
        self, kind: LetterKind, *, agency: Agency, outcome: str = "", ground: str = "", on: date
    ) -> "LetterTemplate | None":
        """The agency's own template for that day, the most particular one and of those the newest version."""
        return (
            self.filter(agency=agency, kind=kind.value, valid_from__lte=on)
            .filter(Q(until=None) | Q(until__gte=on))
            .filter(Q(outcome="") | Q(outcome=outcome, ground="") | Q(outcome=outcome, ground=ground))
            .order_by("-outcome", "-ground", "-valid_from", "-version")
            .first()
        )


class LetterTemplate(models.Model):
    """One version of the words of a document. ``agency`` is ``None`` for the words that come with the software."""

    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="letter_templates", verbose_name=_("行政机关")
    )
    kind = models.CharField(_("文书"), max_length=20, choices=_KINDS)
    outcome = models.CharField(_("办理结果"), max_length=20, blank=True)
    ground = models.CharField(_("情形"), max_length=32, blank=True)
    version = models.PositiveIntegerField(_("版本"))
    source = models.TextField(_("模板"))
    digest = models.CharField(max_length=64)
    valid_from = models.DateField(_("启用日期"))
    #: The last day on which it holds; before ``valid_from`` where it was taken back before it began.
    until = models.DateField(_("停用日期"), null=True, blank=True)
    made_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("文书模板")
        verbose_name_plural = _("文书模板")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "outcome", "ground", "version"],
                condition=Q(agency__isnull=False),
                name="one_template_a_version",
            ),
            models.UniqueConstraint(
                fields=["kind", "digest"], condition=Q(agency=None), name="house_words_are_stored_once"
            ),
            models.CheckConstraint(condition=Q(ground="") | ~Q(outcome=""), name="ground_needs_its_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} v{self.version}"

    #: All that may be written after a version was published.
    END: Final = ("until", "ended_at", "ended_by")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A version is written once; afterwards it can only be ended."""
        if not self._state.adding:
            kwargs["update_fields"] = [*self.END]
        super().save(*args, **kwargs)

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that day, if no later or more particular version stands before it."""
        return self.valid_from <= day and (self.until is None or day <= self.until)


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters by how far they have come."""

    def not_sent(self) -> "LetterQuerySet":
        """Made, not void, and still in the office though they ought to leave it.

        A reply, or the notice of an act, whose case was closed otherwise has nothing left to tell; what a third party
        has to be told of the reply may go by post after it (条例 32).
        """
        moot = Q(case__closed_on__isnull=False) & (Q(decision__isnull=False) | ~Q(act=""))
        moot &= ~Q(kind=LetterKind.OVERRIDE.value)
        return self.filter(voided_at=None, deliveries=None).exclude(kind__in=STAYS).exclude(moot)

    def to_applicant(self) -> "LetterQuerySet":
        """What speaks to the applicant; never what others were asked."""
        theirs = [kind.value for kind, row in LETTERS.items() if row.reader is Reader.APPLICANT and kind not in STAYS]
        return self.filter(voided_at=None, kind__in=theirs)

    def sent_to_applicant(self) -> "LetterQuerySet":
        """What the applicant has been sent and may read again."""
        return self.to_applicant().filter(deliveries__isnull=False).distinct()


class Letter(models.Model):
    """A document as it was signed: its data, its files and their digests. It never changes; it can be declared void.

    The notice of an act (补正, 延期 …) keeps the act: its verb and its arguments. It is carried out when the letter
    leaves (``actions.send``), so a letter that has no delivery is an act that has not been.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="letters")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="letters")
    kind = models.CharField(_("文书"), max_length=20, choices=_KINDS)
    template = models.ForeignKey(LetterTemplate, models.PROTECT, related_name="letters")
    series = models.CharField(max_length=10, blank=True)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField(null=True)
    number = models.CharField(_("文号"), max_length=80, blank=True)
    act = models.CharField(max_length=24, blank=True, default="")
    facts = models.JSONField(default=dict)
    content = models.JSONField()
    pdf = models.FileField(upload_to=letter_storage_name, max_length=200)
    pdf_sha256 = models.CharField(max_length=64)
    docx = models.FileField(upload_to=letter_storage_name, max_length=200)
    docx_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField(_("签发时间"))
    signed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    signed_for = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(_("作废时间"), null=True)
    voided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    void_reason = models.TextField(_("作废理由"), blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("文书")
        verbose_name_plural = _("文书")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "series", "year", "serial"], name="one_letter_a_serial"),
            models.UniqueConstraint(fields=["agency", "number"], condition=~Q(number=""), name="one_letter_a_number"),
            models.UniqueConstraint(fields=["decision"], condition=Q(voided_at=None), name="one_letter_a_decision"),
            models.CheckConstraint(
                condition=Q(voided_at=None, void_reason="") | Q(voided_at__isnull=False) & ~Q(void_reason=""),
                name="void_letter_has_a_reason",
            ),
        ]
        indexes = [
            # Letters that are no reply: few, and today's page asks which of them lie in the office.
            models.Index(fields=["signed_at"], name="letters_of_acts", condition=Q(decision=None, voided_at=None)),
        ]

    def __str__(self) -> str:
        return self.number or self.row.title.zh

    #: All that may be written after the signature.
    VOID: Final = ("voided_at", "voided_by", "void_reason")

    @property
    def row(self) -> LetterRow:
        return LETTERS[LetterKind(self.kind)]

    @property
    def last_delivery(self) -> "Delivery | None":
        """The latest attempt to serve it; ``None`` while it has not left."""
        attempts = list(self.deliveries.all())
        return attempts[-1] if attempts else None

    @property
    def is_unsent(self) -> bool:
        """Whether it is among ``not_sent``, seen by a letter whose deliveries have been read."""
        moot = self.case.closed_on is not None and (self.decision_id is not None or self.act != "")
        if moot and self.kind != LetterKind.OVERRIDE:
            return False
        return self.voided_at is None and self.kind not in STAYS and self.last_delivery is None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write once. Afterwards a letter can only be declared void, once; anything else raises ``Refused``."""
        if not self._state.adding:
            self._check_unchanged()
            kwargs["update_fields"] = [*self.VOID]
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """A number that was given out stays on record (law.md 9.4)."""
        raise Refused(
            Text("已经签发的文书不能删除，只能作废。", "A signed letter can't be deleted, only declared void.")
        )

    def _check_unchanged(self) -> None:
        stored = Letter.objects.get(pk=self.pk)
        changed = [
            field.attname
            for field in self._meta.concrete_fields
            if (stored.voided_at is not None or field.name not in self.VOID)
            and field.value_from_object(self) != field.value_from_object(stored)
        ]
        if changed:
            raise Refused(
                Text(
                    "已经签发的文书不能修改，只能作废后另行制作。",
                    "A signed letter can't be changed, only declared void.",
                )
            )
