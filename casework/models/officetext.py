"""The words of an office for the public, in versions that never change."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.law.officetexts import PLACES, Place, PlaceRow
from casework.law.words import Text

from .agency import Agency
from .appendonly import AppendOnly, AppendOnlyQuerySet
from .person import Staff


class OfficeTextQuerySet(AppendOnlyQuerySet["OfficeText"]):
    """Versions are added and read."""

    def of(self, agency: Agency) -> "dict[Place, OfficeText]":
        """The words of an office that hold now, in the order of the table; what is empty is left out. One query."""
        newest: dict[str, OfficeText] = {}
        for row in self.filter(agency=agency).order_by("version"):
            newest[row.place] = row
        return {place: newest[place] for place in PLACES if place in newest and newest[place].zh}


class OfficeText(AppendOnly):
    """One version of one text: plain words, Chinese first; an empty version ends what was there."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="texts")
    place = models.CharField(max_length=16, choices=[(place.value, row.words.zh) for place, row in PLACES.items()])
    version = models.PositiveIntegerField()
    zh = models.TextField(_("中文"), blank=True)
    en = models.TextField(_("英文"), blank=True)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = OfficeTextQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "place", "version"], name="one_office_text_a_version"),
            models.CheckConstraint(
                condition=models.Q(place__in=[place.value for place in Place]), name="place_of_text_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(zh="") | models.Q(en=""), name="english_text_stands_beside_the_chinese"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} v{self.version}"

    @property
    def row(self) -> PlaceRow:
        return PLACES[Place(self.place)]

    @property
    def words(self) -> Text:
        """Where nobody wrote the English, the Chinese is shown to everybody."""
        return Text(self.zh, self.en or self.zh)
