"""Titles and texts that can be searched by their words: one row for each thing, whatever table it stands in.

``folded`` and ``pairs`` are derived from the text by ``wordsearch.pairs``. What the database searches by hangs on
``pairs``: a full-text table that triggers keep on SQLite, an inverted index on PostgreSQL (migration 0024).
"""

from django.db import models

from .agency import Agency


class Searchable(models.Model):
    """One thing that can be found: ``source`` and ``of`` say which. ``address``: a page of this site or of another."""

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
