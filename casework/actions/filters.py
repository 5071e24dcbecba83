"""Filters of the queue that somebody keeps under a name, and what is taken out by them. No act on any case."""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from casework.access import READS_CASES
from casework.actions.record import clean
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, SavedFilter, Staff, TakenOut
from casework.models.savedfilter import MOST_FILTERS

#: So long a deleted filter can be had back.
UNDO: Final = timedelta(days=7)


def save_filter(name: str, query: str, *, shared_with: Agency | None = None, by: Staff, at: datetime) -> SavedFilter:
    """Keep a way to look at the queue under a name, for oneself or for the agency."""
    name = clean(name, "name", longest=40, lines=False)
    if shared_with is not None and not by.holds(shared_with.pk, *READS_CASES):
        raise Refused(_NOT_THERE, field="shared")
    if SavedFilter.objects.filter(owner=by, deleted_at=None).count() >= MOST_FILTERS:
        raise Refused(_ENOUGH, field="name")
    try:
        with transaction.atomic():
            return SavedFilter.objects.create(owner=by, shared_with=shared_with, name=name, query=query, made_at=at)
    except IntegrityError as error:
        raise Refused(_NAMED_SO, field="name") from error


def rename_filter(found: SavedFilter, name: str, *, by: Staff, at: datetime) -> SavedFilter:
    """Give one's own filter another name."""
    _check_own(found, by)
    found.name = clean(name, "name", longest=40, lines=False)
    try:
        with transaction.atomic():
            found.save(update_fields=["name"])
    except IntegrityError as error:
        raise Refused(_NAMED_SO, field="name") from error
    return found


def delete_filter(found: SavedFilter, *, by: Staff, at: datetime) -> SavedFilter:
    """Take one's own filter away; for a week it can be had back."""
    _check_own(found, by)
    SavedFilter.objects.filter(pk=found.pk, deleted_at=None).update(deleted_at=at)
    return found


def restore_filter(found: SavedFilter, *, by: Staff, at: datetime) -> SavedFilter:
    """Undo the deletion, if the name has not been given anew meanwhile."""
    _check_own(found, by)
    if found.deleted_at is not None and found.deleted_at < at - UNDO:
        raise Refused(Text("删除已超过7天，不能恢复。", "It was deleted more than seven days ago."))
    try:
        with transaction.atomic():
            SavedFilter.objects.filter(pk=found.pk).update(deleted_at=None)
    except IntegrityError as error:
        raise Refused(_NAMED_SO) from error
    return found


def record_taken_out(*, form: str, query: str, cases: int, by: Staff, at: datetime) -> TakenOut:
    """Who took how many cases out as a file."""
    return TakenOut.objects.create(by=by, at=at, form=form, query=query[:1000], cases=cases)


def _check_own(found: SavedFilter, by: Staff) -> None:
    if found.owner_id != by.pk:
        raise Refused(Text("只能修改自己保存的筛选。", "You can change your own filters only."))


_NAMED_SO: Final = Text("您已经有一个同名的筛选，请换一个名称。", "You have a filter of that name; choose another.")
_ENOUGH: Final = Text(
    "最多保存30个筛选，请先删去不用的。", "You can keep 30 filters; delete one that you don’t use first."
)
_NOT_THERE: Final = Text("您不在这个机关工作。", "You don’t work in that office.")
