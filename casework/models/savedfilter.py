"""A way to look at the queue that somebody has named, for themselves or for the whole agency."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .agency import Agency
from .person import Staff

#: So many that a line of links can hold them.
MOST_FILTERS = 30


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    """Filters that somebody can use."""

    def for_person(self, person: Staff) -> "SavedFilterQuerySet":
        """One's own, and those that colleagues of one's agencies share."""
        return self.filter(Q(owner=person) | Q(shared_with__in=list(person.roles)), deleted_at=None)


class SavedFilter(models.Model):
    """A name for a query of the queue; a deleted one can be had back until it is made anew."""

    owner = models.ForeignKey(Staff, models.CASCADE, related_name="saved_filters")
    shared_with = models.ForeignKey(Agency, models.CASCADE, null=True, related_name="+", verbose_name=_("共享给"))
    name = models.CharField(_("名称"), max_length=40)
    #: The address behind ``?``, as ``desk.filters`` writes it.
    query = models.CharField(max_length=1000)
    made_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(deleted_at=None), name="one_filter_a_name_and_person"
            )
        ]
        indexes = [models.Index(fields=["shared_with"], name="filters_of_agency", condition=Q(deleted_at=None))]

    def __str__(self) -> str:
        return self.name
