"""Reading the log of accesses and the events by person, case, kind and days, newest first, a page at a time."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

from django.db.models import Q, QuerySet

from casework.law.calendar import start_of
from casework.models import AccessKind, AccessRecord, Agency, Case, Event, Kind, Staff
from casework.models.accessrecord import OF_MACHINES

Row = TypeVar("Row", AccessRecord, Event)
#: Records are written within so many others of their moment's order.
_SLACK: Final = 1000
#: Rows of one query: a page needs few of each agency, an export all of them.
_FIRST_CHUNK: Final = 60
_LARGEST_CHUNK: Final = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; what is empty is not asked. ``since`` and ``until``: days, both included.

    ``token``: the mark of a token of the interface.
    """

    person: Staff | None = None
    case: Case | None = None
    kind: AccessKind | None = None
    event: Kind | None = None
    token: str = ""
    since: date | None = None
    until: date | None = None


def accesses(agencies: Iterable[Agency], asked: Asked, *, before: int | None = None) -> Iterator[AccessRecord]:
    """Accesses of these agencies, and those of nobody's agency, newest first.

    One query an agency, merged: each follows the index of its agency, however many others there are.
    """
    found = _narrowed(asked)
    if before is not None:
        found = found.filter(pk__lt=before)
    own = [found.filter(agency=agency) for agency in agencies]
    if asked.case is None:
        own.append(found.filter(agency=None))
    yield from heapq.merge(*map(_down, own), key=lambda row: -row.pk)


def events(agencies: Iterable[Agency], asked: Asked, *, before: int | None = None) -> Iterator[Event]:
    """Events of the cases of these agencies; only for a person or a case, by which they are indexed."""
    if asked.person is None and asked.case is None:
        return
    found = Event.objects.filter(_days(asked), case__agency__in=list(agencies))
    if asked.person:
        found = found.filter(by=asked.person)
    if asked.case:
        found = found.filter(case=asked.case)
    if asked.event:
        found = found.filter(kind=asked.event.value)
    if before is not None:
        found = found.filter(pk__lt=before)
    yield from _down(found.select_related("case", "by", "for_whom"))


def _narrowed(asked: Asked) -> QuerySet[AccessRecord]:
    found = AccessRecord.objects.filter(_days(asked)).select_related("by", "case")
    if asked.person:
        found = found.filter(by=asked.person)
    if asked.case:
        found = found.filter(case=asked.case)
    if asked.kind:
        found = found.filter(kind=asked.kind.value)
    if asked.token:
        found = found.filter(page__startswith=OF_MACHINES, what__startswith=f"{asked.token} ")
    # The key follows the moment, so that days long past are found without reading everything since.
    if asked.since:
        later = AccessRecord.objects.filter(at__gte=start_of(asked.since))
        first = later.order_by("at", "pk").values_list("pk").first()
        found = found.filter(pk__gte=first[0] - _SLACK) if first else found.none()
    if asked.until:
        after = start_of(asked.until + timedelta(days=1))
        last = AccessRecord.objects.filter(at__lt=after).order_by("-at", "-pk").values_list("pk").first()
        found = found.filter(pk__lte=last[0] + _SLACK) if last else found.none()
    return found


def _days(asked: Asked) -> Q:
    days = Q()
    if asked.since:
        days &= Q(at__gte=start_of(asked.since))
    if asked.until:
        days &= Q(at__lt=start_of(asked.until + timedelta(days=1)))
    return days


def _down(rows: "QuerySet[Row]") -> Iterator[Row]:
    """The rows by key, newest first, read as far as somebody asks."""
    rows, last, chunk = rows.order_by("-pk"), None, _FIRST_CHUNK
    while part := list((rows if last is None else rows.filter(pk__lt=last))[:chunk]):
        yield from part
        last, chunk = part[-1].pk, min(chunk * 4, _LARGEST_CHUNK)
