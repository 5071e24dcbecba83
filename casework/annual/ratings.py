"""What applicants thought of the replies of an office: figures with their n, and comments that name no case."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Count

from casework.law.calendar import start_of
from casework.models import Agency, Rating

#: With fewer ratings the figure would be the opinion of somebody who can be guessed.
FEWEST: Final = 5
LOOKED_BACK: Final = timedelta(days=365)
MOST_COMMENTS: Final = 100


@dataclass(frozen=True, slots=True)
class Ratings:
    """``counts``: how often each of 1 to 5 was given in the last 365 days."""

    agency: Agency
    since: date
    counts: Counter[int]
    comments: tuple[str, ...]

    @property
    def n(self) -> int:
        return self.counts.total()

    @property
    def shown(self) -> bool:
        return self.n >= FEWEST

    @property
    def mean(self) -> float:
        return sum(value * number for value, number in self.counts.items()) / self.n

    @property
    def lines(self) -> list[tuple[int, int]]:
        """From 5 to 1, with the number of each."""
        return [(value, self.counts[value]) for value in range(5, 0, -1)]


def ratings_of(agency: Agency, *, on: date) -> Ratings:
    """Two queries. The comments stand in the order of their characters, so that their order tells nobody's."""
    since = on - LOOKED_BACK
    given = Rating.objects.filter(decision__case__agency=agency, at__gte=start_of(since)).order_by()
    counts = Counter(dict(given.values_list("satisfaction").annotate(number=Count("*"))))
    comments = given.exclude(comment="").order_by("comment").values_list("comment", flat=True)[:MOST_COMMENTS]
    found = Ratings(agency, since, counts, tuple(comments))
    return found if found.shown else Ratings(agency, since, counts, ())
