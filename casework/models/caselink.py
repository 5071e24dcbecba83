"""What ties two cases together. Neither is changed by it; both show it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.law.words import Text

from .case import Case
from .person import Staff


class LinkKind(models.TextChoices):
    """What the later case is to the earlier one."""

    SPLIT_FROM = "split_from", _("由该件拆分")
    DUPLICATE_OF = "duplicate_of", _("与该件是同一申请")
    REPEATS = "repeats", _("该件已经答复过同一申请")
    TRANSFERRED_FROM = "transferred_from", _("由该件转来")
    REDECISION_OF = "redecision_of", _("对该件重新作出答复")


#: The same tie as the later case says it, and as the earlier one does.
LINK_WORDS: dict[str, tuple[Text, Text]] = {
    LinkKind.SPLIT_FROM.value: (
        Text("由{number}拆分", "Split from {number}"),
        Text("拆分出{number}", "Split off {number}"),
    ),
    LinkKind.DUPLICATE_OF.value: (
        Text("与先收到的{number}是同一申请", "The same application as {number}, which came first"),
        Text("后收到的{number}是同一申请", "{number}, which came later, is the same application"),
    ),
    LinkKind.REPEATS.value: (
        Text("{number}已经答复过同一申请", "{number} has answered the same application"),
        Text("{number}再次申请同一信息", "{number} asks for the same information again"),
    ),
    LinkKind.TRANSFERRED_FROM.value: (
        Text("由{number}转来", "Forwarded from {number}"),
        Text("转出后由{number}办理", "Forwarded and handled as {number}"),
    ),
    LinkKind.REDECISION_OF.value: (
        Text("{number}的答复被纠正，由本件重新答复", "The reply in {number} was corrected; this file decides it again"),
        Text("答复被纠正后，由{number}重新答复", "After the reply was corrected, {number} decides it again"),
    ),
}


class CaseLink(models.Model):
    """``later`` came out of, or says again, what ``earlier`` is."""

    kind = models.CharField(_("关联"), max_length=20, choices=LinkKind.choices)
    later = models.ForeignKey(Case, models.PROTECT, related_name="links_back")
    earlier = models.ForeignKey(Case, models.PROTECT, related_name="links_forward")
    reason = models.TextField(_("说明"), blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("关联的申请")
        verbose_name_plural = _("关联的申请")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "later", "earlier"], name="one_link_a_pair"),
            models.CheckConstraint(condition=~Q(later=F("earlier")), name="no_case_is_linked_to_itself"),
            models.CheckConstraint(condition=Q(kind__in=LinkKind.values), name="link_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.later} {self.get_kind_display()} {self.earlier}"

    def seen_from(self, case: Case) -> tuple[Case, Text]:
        """The other case, and the tie in the words of this one."""
        from_later, from_earlier = LINK_WORDS[self.kind]
        other, words = (self.earlier, from_later) if case.pk == self.later_id else (self.later, from_earlier)
        return other, words.format(number=other.number)


def links_of(case: Case) -> list[tuple[CaseLink, Case, Text]]:
    """Every tie of a case with the other one, in the order in which they were made."""
    links = CaseLink.objects.filter(Q(later=case) | Q(earlier=case)).select_related("later__agency", "earlier__agency")
    return [(link, *link.seen_from(case)) for link in links]
