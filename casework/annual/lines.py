"""The cases of a year as lines of an edition, ``agency code,number,applicant kind,row in,row out``, and back.

Agency by agency in the order of codes, in each by registration. A number may hold a comma; the other parts never do.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import F

from casework.law.matrix import CARRIED_IN, CARRIED_OUT, TOTAL, Matrix, place
from casework.law.outcomes import ApplicantKind, Outcome

from .table3 import Agencies, counted

#: Rows that a query holds at once.
_AT_ONCE = 5000


class Line(NamedTuple):
    """One case as an edition counts it."""

    agency: str
    number: str
    kind: str
    row_in: str
    row_out: str

    def __str__(self) -> str:
        return ",".join(self)

    @classmethod
    def read(cls, text: str) -> "Line":
        """``ValueError`` for what is no such line."""
        agency, rest = text.split(",", 1)
        number, kind, row_in, row_out = rest.rsplit(",", 3)
        return cls(agency, number, kind, row_in, row_out)

    def stands_in(self, row: str, column: str) -> bool:
        """Whether the cell counts it."""
        closed = self.row_out != CARRIED_OUT
        return column in (TOTAL, self.kind) and (row in (self.row_in, self.row_out) or (closed and row == TOTAL))


def lines_of(agencies: Agencies, year: int) -> Iterator[Line]:
    """A line for each case that the year's table counts; a million of them need no more memory than a few thousand."""
    for agency in sorted(agencies, key=lambda agency: agency.code):
        # Not by the key itself: PostgreSQL would then read a cursor from the key's index, every agency's cases with it.
        rows = counted([agency], year).order_by(F("pk") + 0)
        found = rows.values_list("number", "applicant_kind", "carried_in", "counted_as")
        for number, kind, carried_in, counted_as in found.iterator(chunk_size=_AT_ONCE):
            outcome = Outcome(counted_as) if counted_as else None
            yield Line(agency.code, number, kind, *place(carried_in=bool(carried_in), outcome=outcome))


def count(year: int | None, lines: Iterable[Line]) -> Matrix:
    """Table 三 counted from lines; ``ValueError`` for a kind or a row that the form does not have."""
    groups = Counter((line.kind, line.row_in, line.row_out) for line in lines)
    return tally(year, groups)


def tally(year: int | None, groups: Counter[tuple[str, str, str]]) -> Matrix:
    """The same from how often each kind came in and went out by the same rows."""
    return Matrix.from_groups(
        year,
        (
            (ApplicantKind(kind), row_in == CARRIED_IN, None if row_out == CARRIED_OUT else Outcome(row_out), number)
            for (kind, row_in, row_out), number in groups.items()
        ),
    )
