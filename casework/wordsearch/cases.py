"""Cases by their words: which hold what was typed, and which are like another. For the office alone.

A case is brought into the index by a task soon after it came or was corrected (``text_marked``); until then a search
reads its text itself, so that nothing is missed.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from django.db import connection, models, transaction

from casework.models import Case, CaseText, TextMark
from casework.models.bulk import insert

from .index import AT_ONCE, holding_all, in_parts
from .marks import marks_of
from .pairs import folded, keys, sought

#: Of more cases than this a word is no help.
MOST_FOUND: Final = 20_000
#: Agencies that are asked for by the index; of more the cases themselves are asked.
_MOST_AGENCIES: Final = 20
#: Newest cases that are looked at under one mark: what many texts say tells nothing, and costs no more for that.
_UNDER_ONE: Final = 60
_INDEXED: Final = ("agency_id", "number", "subject", "content", "text_marked", "applicant__name")


def candidates_holding(query: str, agencies: Collection[int]) -> list[int] | None:
    """Keys of all cases of these agencies that can hold every word of the query, and of others beside them.

    ``None`` where the index does not help: no letter is asked for, or too many cases have them all. Two queries.
    """
    plain = sought(folded(query))
    if not plain:
        return None
    of = [_organ(key) for key in agencies] if len(agencies) <= _MOST_AGENCIES else []
    held = holding_all(CaseText.objects.all(), plain, one_of=of).values_list("pk", flat=True)
    found = list(held[: MOST_FOUND + 1])
    waiting = Case.objects.filter(text_marked=False, agency__in=agencies).values_list("pk", flat=True)
    found += list(waiting[: MOST_FOUND + 1])
    return found if len(found) <= MOST_FOUND else None


def candidates_like(agency_id: int, marks: Sequence[int], *, most: int = 40, but: int | None = None) -> list[int]:
    """Keys of the cases of an agency that share most marks, in one query whose cost does not grow with the cases."""
    if not marks:
        return []
    # A part of a union may have no limit of its own on SQLite, but what it looks in may.
    parts = [TextMark.objects.filter(pk__in=_newest(agency_id, mark)).values_list("case", flat=True) for mark in marks]
    found: Iterable[int] = parts[0].union(*parts[1:], all=True)
    counted = Counter(key for key in found if key != but)
    return sorted(counted, key=lambda key: (-counted[key], -key))[:most]


def _newest(agency_id: int, mark: int) -> "models.QuerySet[TextMark, Any]":
    return TextMark.objects.filter(agency=agency_id, mark=mark).order_by("-case").values("pk")[:_UNDER_ONE]


def index_waiting(*, at_once: int = 1000) -> int:
    """Bring the cases that are new or have been corrected into the index, so many at once; how many there were."""
    with transaction.atomic():
        waiting = Case.objects.filter(text_marked=False).order_by("-pk").select_related("applicant")
        wanted = waiting.only(*_INDEXED)
        of_self = {"of": ("self",)} if connection.features.has_select_for_update_of else {}
        cases = list(
            wanted.select_for_update(
                skip_locked=connection.features.has_select_for_update_skip_locked,
                **of_self,  # type: ignore[arg-type]
            )[:at_once]
        )
        if cases:
            found = [case.pk for case in cases]
            forget(found)
            insert(CaseText, [{"case_id": case.pk, "pairs": " ".join(keys_of(case))} for case in cases])
            insert(
                TextMark,
                [
                    {"agency_id": case.agency_id, "mark": mark, "case_id": case.pk}
                    for case in cases
                    for mark in marks_of(case.subject, case.content)
                ],
            )
            Case.objects.filter(pk__in=found).found_by_words()
    return len(cases)


def index_all_waiting(*, at_once: int = 1000, most: int = 20_000) -> int:
    """What waits, batch by batch in transactions of their own; a large ledger is finished by the next calls."""
    done = 0
    while done < most and (batch := index_waiting(at_once=at_once)):
        done += batch
    return done


def forget(cases: Collection[int]) -> None:
    """Take cases out of the index; whoever erases what one says has to, and it is made anew from what is left."""
    CaseText.objects.filter(case__in=cases).delete()
    TextMark.objects.filter(case__in=cases).delete()
    Case.objects.filter(pk__in=cases).found_by_words(indexed=False)


def rebuild_cases() -> int:
    """The index of cases anew, in transactions of a thousand; how many there are."""
    with transaction.atomic():
        Case.objects.filter(text_marked=True).found_by_words(indexed=False)
    done = 0
    while batch := index_waiting():
        done += batch
    return done


def case_differences() -> Iterator[str]:
    """Cases that are said to be in the index and are not, or otherwise; those that wait are none."""
    cases = Case.objects.filter(text_marked=True).select_related("applicant").order_by("pk")
    for part in in_parts(cases.only(*_INDEXED).iterator(AT_ONCE)):
        found = {case.pk for case in part}
        kept = dict(CaseText.objects.filter(case__in=found).values_list("case", "pairs"))
        marks: dict[int, set[int]] = {key: set() for key in found}
        for key, mark in TextMark.objects.filter(case__in=found).values_list("case", "mark"):
            marks[key].add(mark)
        for case in part:
            as_text = kept.get(case.pk) == " ".join(keys_of(case))
            if not as_text or marks[case.pk] != set(marks_of(case.subject, case.content)):
                yield f"case {case.pk}"


def keys_of(case: Case) -> list[str]:
    """What the index holds of a case."""
    text = folded(f"{case.number}\n{case.applicant.name}\n{case.subject}\n{case.content}")
    return [_organ(case.agency_id), *keys(text)]


def _organ(agency_id: int) -> str:
    """No key of a text begins with this letter: they are hexadecimal."""
    return f"o{agency_id}"
