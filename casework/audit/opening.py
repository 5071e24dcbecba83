"""The door in the guards: personal values of sealed rows go, their salts first, and the chain still fits."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Salt

from .logs import Log, commitment, taken_apart
from .sealing import sealed_until


def erase_rows(log: Log, keys: Iterable[int]) -> int:
    """Erase the personal values of these rows; how many had some. Only inside a transaction.

    Raises ``Refused`` where a row is not sealed yet: its values would be in the chain for ever, or not at all.
    """
    wanted = sorted(keys)
    if wanted and wanted[-1] > sealed_until(log):
        raise Refused(Text("记录还没有封存，请稍后再试。", "The record is not sealed yet; try again in a minute."))
    erased = 0
    for salt in Salt.objects.filter(log=log.key, row__in=wanted, salt__isnull=False):
        assert salt.salt is not None
        rows: QuerySet[Any] = QuerySet(log.model).filter(pk=salt.row)  # the model's own refuses to update
        row = rows.values(*log.columns).get()
        fixed, personal = taken_apart(row, tuple(salt.keys))
        committed = commitment(bytes(salt.salt), personal)
        Salt.objects.filter(pk=salt.pk).update(salt=None, commitment=committed)
        rows.update(**{column: fixed[column] for column in log.erasable})
        erased += 1
    return erased
