"""Attempts to bring a document to whom it is addressed: when it left, by what way, whether it arrived or came back."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from casework.law.words import Text

from .case import Case
from .decision import Decision
from .letter import Letter
from .person import Staff


class DispatchMode(models.TextChoices):
    """How a document left; post only by the postal enterprise (国办公开办函〔2016〕235号 二, 邮政法 55)."""

    ONLINE = "online", _("网上送达")
    EMAIL = "email", _("电子邮件")
    POST = "post", _("邮政企业寄送")
    IN_PERSON = "in_person", _("当面送达")


MODE_WORDS: Final = {
    DispatchMode.ONLINE: Text("网上送达", "the portal"),
    DispatchMode.EMAIL: Text("电子邮件", "e-mail"),
    DispatchMode.POST: Text("邮政企业寄送", "post"),
    DispatchMode.IN_PERSON: Text("当面送达", "hand"),
}
#: No courier carries the documents of an organ of the state (邮政法 55), so there is nothing to choose from.
CARRIER: Final = Text("中国邮政（邮政企业）", "China Post, the postal enterprise")
#: By these ways a document has arrived on the day on which it left.
ARRIVES_AT_ONCE: Final = frozenset({DispatchMode.ONLINE, DispatchMode.IN_PERSON})


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """What has not arrived."""

    def undelivered(self, on: date) -> "DeliveryQuerySet":
        """What left before that day, and of which nobody has heard since."""
        return self.filter(sent_on__lt=on, delivered_on=None, returned_on=None)

    def latest_of_each(self) -> "DeliveryQuerySet":
        """The last attempt for every document."""
        again = Delivery.objects.filter(pk__gt=OuterRef("pk")).filter(
            Q(letter=OuterRef("letter")) | Q(decision=OuterRef("decision"))
        )
        return self.filter(~Exists(again))

    def returned(self) -> "DeliveryQuerySet":
        """What came back and has not been sent again."""
        return self.latest_of_each().filter(returned_on__isnull=False)


class Delivery(models.Model):
    """One attempt to serve a letter. The reply has its decision as well: what was decided before letters has no other.

    The first attempt is the act of the office and decides whether it was in time (235号 四); the attempt that arrives
    starts the periods of the remedies.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="deliveries")
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="deliveries")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="deliveries")
    mode = models.CharField(_("送出方式"), max_length=12, choices=DispatchMode.choices)
    postal_number = models.CharField(_("邮件号码"), max_length=40, blank=True)
    sent_on = models.DateField(_("送出日期"))
    sent_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    delivered_on = models.DateField(_("送达日期"), null=True)
    witness = models.TextField(_("留置送达情况"), blank=True)
    returned_on = models.DateField(_("退回日期"), null=True)
    return_reason = models.TextField(_("退回原因"), blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("送达")
        verbose_name_plural = _("送达")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(letter__isnull=False) | Q(decision__isnull=False), name="delivery_of_something"
            ),
            models.CheckConstraint(
                condition=Q(delivered_on=None) | Q(delivered_on__gte=F("sent_on")), name="delivered_after_it_left"
            ),
            models.CheckConstraint(
                condition=Q(returned_on=None, return_reason="")
                | Q(returned_on__gte=F("sent_on"), delivered_on=None) & ~Q(return_reason=""),
                name="returned_with_a_reason_or_delivered",
            ),
            models.CheckConstraint(
                condition=~Q(mode=DispatchMode.POST.value) | ~Q(postal_number=""), name="post_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(witness="") | Q(mode=DispatchMode.IN_PERSON.value), name="left_only_at_the_door"
            ),
        ]
        indexes = [
            models.Index(fields=["sent_on"], name="on_the_way", condition=Q(delivered_on=None, returned_on=None)),
            models.Index(fields=["returned_on"], name="came_back", condition=Q(returned_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.letter or self.decision} {self.sent_on}"

    @property
    def came_back(self) -> bool:
        return self.returned_on is not None

    @property
    def can_come_back(self) -> bool:
        return self.mode not in ARRIVES_AT_ONCE and not self.came_back

    @property
    def carrier(self) -> Text | None:
        return CARRIER if self.mode == DispatchMode.POST else None


def latest_of_each(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """``DeliveryQuerySet.latest_of_each`` of deliveries that have been read: the last attempt for every document."""
    latest: list[Delivery] = []
    for each in sorted(deliveries, key=lambda delivery: delivery.pk):
        again = {("letter", each.letter_id), ("decision", each.decision_id)} - {("letter", None), ("decision", None)}
        latest = [d for d in latest if not again & {("letter", d.letter_id), ("decision", d.decision_id)}]
        latest.append(each)
    return latest


def letters_with_deliveries(case: Case) -> list[Letter]:
    """The letters of a case with every attempt to serve each; asks nothing where the case has them."""
    if "letters" in case.__dict__.get("_prefetched_objects_cache", {}):
        return list(case.letters.all())
    letters = list(case.letters.prefetch_related("deliveries"))
    for letter in letters:
        letter.case = case
    return letters
