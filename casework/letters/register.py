"""The register of letters: an agency's letters of a year in the order of their numbers, and the proof of no gaps.

A number is given out once and stays taken (law.md 9.4): a void letter keeps it, with its reason, and a serial without
a letter is named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Max, Q, QuerySet

from casework.law.calendar import day_of
from casework.law.letters import LETTERS, LetterKind
from casework.law.words import Text
from casework.models import Agency, Letter

_MISSING_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Series:
    """One series of numbers of a year: the last one used, how many are void, and those that no letter bears."""

    word: str
    last: int
    letters: int
    void: int
    missing: Sequence[int]

    @property
    def said(self) -> Text:
        """As the register proves it: 本年度第1至37号，其中作废2件。"""
        proof = Text("本年度第1至{last}号，其中作废{void}件", "Numbers 1 to {last} of the year, {void} of them void")
        if not self.missing:
            proof = Text("{proof}，没有缺号。", "{proof}; none is missing.").format(proof=proof)
            return proof.format(last=self.last, void=self.void)
        named = "、".join(map(str, self.missing[:_MISSING_NAMED]))
        more = "…" if len(self.missing) > _MISSING_NAMED else ""
        proof = Text(
            "{proof}；没有文书的号：{named}{more}（自编文号跳过的，以后签发时接着使用）。",
            "{proof}; without a letter: {named}{more} (passed over by a typed number, and used by later signatures).",
        ).format(proof=proof, named=named, more=more)
        return proof.format(last=self.last, void=self.void)


def letters_of(agency: Agency, year: int, kind: str = "") -> QuerySet[Letter]:
    """The letters of a year by series and serial; those without a serial after them. Without their content."""
    found = Letter.objects.filter(agency=agency, year=year).defer("content")
    if kind:
        found = found.filter(kind=kind)
    found = found.select_related("case", "signed_by", "voided_by").prefetch_related("deliveries")
    return found.order_by("series", "serial", "pk")


def years_of(agency: Agency) -> list[int]:
    """The years in which letters were signed, the newest first."""
    return list(Letter.objects.filter(agency=agency).values_list("year", flat=True).distinct().order_by("-year"))


def series_of(agency: Agency, year: int) -> Iterator[Series]:
    """What proves the numbers of a year."""
    numbered = Letter.objects.filter(agency=agency, year=year, serial__isnull=False)
    counted = numbered.values("series").annotate(
        last=Max("serial"), letters=Count("pk"), void=Count("pk", filter=Q(voided_at__isnull=False))
    )
    for row in counted.order_by("series"):
        missing: Sequence[int] = ()
        if row["letters"] != row["last"]:
            used = set(numbered.filter(series=row["series"]).values_list("serial", flat=True))
            missing = [n for n in range(1, row["last"] + 1) if n not in used]
        yield Series(row["series"], row["last"], row["letters"], row["void"], missing)


HEADINGS: Final = ("文号", "文书", "登记编号", "成文日期", "签发人", "送出日期", "送达日期", "作废日期", "作废理由")


def row_of(letter: Letter) -> list[str | date | None]:
    """One line of the register under ``HEADINGS``."""
    sent = letter.last_delivery
    return [
        letter.number,
        LETTERS[LetterKind(letter.kind)].title.zh,
        letter.case.number,
        day_of(letter.signed_at),
        letter.signed_by.get_full_name(),
        sent.sent_on if sent else None,
        sent.delivered_on if sent else None,
        day_of(letter.voided_at) if letter.voided_at else None,
        letter.void_reason,
    ]
