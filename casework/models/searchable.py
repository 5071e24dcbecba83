"""What texts are found by: what is public, what applications say, and the marks by which like ones find each other.

``pairs`` is derived from a text by ``wordsearch.pairs``, and what the database searches by hangs on it: a full-text
table that triggers keep on SQLite, an inverted index on PostgreSQL (migrations 0029 and 0031).
"""

from typing import ClassVar

from django.db import models

from .agency import Agency
from .case import Case


class Searchable(models.Model):
    """One public thing that can be found: ``source`` and ``of`` say which. ``address``: a page here or elsewhere."""

    #: The full-text table on SQLite, the index on PostgreSQL.
    found_by: ClassVar = "casework_pairs"

    source = models.CharField(max_length=16)
    of = models.PositiveBigIntegerField()
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+")
    title = models.CharField(max_length=400)
    on = models.DateField()
    address = models.CharField(max_length=500, blank=True)
    #: Under what it was published: a column, a number.
    beside = models.CharField(max_length=200, blank=True)
    folded = models.TextField()
    pairs = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "of"], name="one_searchable_a_thing")]

    def __str__(self) -> str:
        return self.title


class CaseText(models.Model):
    """By what a case is found: its number, the applicant, subject and content, cut into pairs, and its agency.

    Nobody outside the office searches it. Rebuilt from the case at any time, so nothing rests on it.
    """

    found_by: ClassVar = "casework_case_pairs"

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+")
    pairs = models.TextField()

    def __str__(self) -> str:
        return str(self.case_id)


class TextMark(models.Model):
    """One mark of one case. Rebuilt from the text at any time, so nothing rests on it."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    mark = models.BigIntegerField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["agency", "mark", "case"], name="cases_under_a_mark")]

    def __str__(self) -> str:
        return f"{self.mark:x} {self.case_id}"
