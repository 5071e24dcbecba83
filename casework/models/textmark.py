"""Marks of a text by which like texts find each other without one being held against all (docs/decisions/015).

A text is the set of its pairs of neighbouring characters, so that a Chinese word of two characters is one element of
it, on both engines alike. Of their hashes the ``KEPT`` smallest are its marks: two texts that share the part *s* of
their pairs share about ``KEPT`` × *s* marks. Documents that a text names are marks as well.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

from django.db import connection, models, transaction

from .agency import Agency
from .bulk import insert
from .case import Case

#: The smallest hashes that are kept: of two texts with a third of their pairs alike, one couple in 130 shares none.
KEPT: Final = 12
#: Documents that are marks; a text that names more is a list.
_DOCUMENTS: Final = 8
#: Newest cases that are looked at under one mark: what many texts say tells nothing, and costs no more for that.
_UNDER_ONE: Final = 60
#: What every application says; its pairs are nobody's mark.
_BOILERPLATE: Final = (
    "申请公开",
    "政府信息公开",
    "依申请公开",
    "信息公开申请",
    "请公开",
    "请提供",
    "复制件",
    "中华人民共和国",
    "根据条例",
    "特此申请",
)


def pairs(text: str) -> frozenset[str]:
    """Neighbouring characters, two by two, whatever the punctuation between them."""
    letters = [character for character in text.casefold() if character.isalnum()]
    return frozenset(a + b for a, b in pairwise(letters))


_EMPTY: Final = frozenset[str]().union(*(pairs(words) for words in _BOILERPLATE))


def telling(text: str) -> frozenset[str]:
    """The pairs that tell one application from another; all, where nothing else is left."""
    found = pairs(text)
    return found - _EMPTY or found


def documents_in(subject: str, content: str) -> frozenset[str]:
    """The documents that are asked for, each in one spelling: by number, by title in 《》, or the subject itself."""
    found = {f"{organ}{year}{number}".casefold() for organ, year, number in _NUMBER.findall(f"{subject}\n{content}")}
    titles = [*_TITLE.findall(f"{subject}\n{content}"), subject]
    plain = ("".join(c for c in title.casefold() if c.isalnum()) for title in titles)
    return frozenset(found | {title for title in plain if len(title) >= _SHORTEST_TITLE})


#: 东政发〔2025〕12号, with any of the brackets that people type. Three characters of the organ, as nothing says where
#: the words before its name end (请提供东政发).
_NUMBER: Final = re.compile(
    r"([\u4e00-\u9fff]{2,3})\s*[〔\[（(【]\s*((?:19|20)\d{2})\s*[〕\]）)】]\s*(?:第\s*)?(\d{1,5})\s*号"
)
_TITLE: Final = re.compile(r"《([^《》\n]{2,120})》")
_SHORTEST_TITLE: Final = 4


def marks_of(subject: str, content: str) -> list[int]:
    """The marks of a text, smallest first, and those of the documents that it names; at most 20."""
    words = sorted(_hashed("w", pair) for pair in telling(f"{subject}\n{content}"))[:KEPT]
    documents = sorted(_hashed("d", each) for each in documents_in(subject, content))[:_DOCUMENTS]
    return list(dict.fromkeys([*words, *documents]))


def _hashed(kind: str, what: str) -> int:
    """Eight bytes of BLAKE2: the same in every process, on every machine and engine."""
    return int.from_bytes(hashlib.blake2b(f"{kind}{what}".encode(), digest_size=8).digest(), signed=True)


class TextMark(models.Model):
    """One mark of one case. Rebuilt from the text at any time, so nothing rests on it."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    mark = models.BigIntegerField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["agency", "mark", "case"], name="cases_under_a_mark")]

    def __str__(self) -> str:
        return f"{self.mark:x} {self.case_id}"


def candidates(agency_id: int, marks: Sequence[int], *, most: int = 40, but: int | None = None) -> list[int]:
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


def mark_waiting(*, at_once: int = 1000) -> int:
    """Mark the texts that are new or have been corrected, so many at once; how many there were."""
    with transaction.atomic():
        waiting = Case.objects.filter(text_marked=False).order_by("-pk").only("agency_id", "subject", "content")
        cases = list(
            waiting.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)[:at_once]
        )
        if cases:
            keys = [case.pk for case in cases]
            TextMark.objects.filter(case__in=keys).delete()
            insert(
                TextMark,
                [
                    {"agency_id": case.agency_id, "mark": mark, "case_id": case.pk}
                    for case in cases
                    for mark in marks_of(case.subject, case.content)
                ],
            )
            Case.objects.filter(pk__in=keys).update(text_marked=True)
    return len(cases)


def mark_all_waiting(*, at_once: int = 1000, most: int = 20_000) -> int:
    """Mark what waits, batch by batch in transactions of their own; a large ledger is finished by the next calls."""
    done = 0
    while done < most and (batch := mark_waiting(at_once=at_once)):
        done += batch
    return done
