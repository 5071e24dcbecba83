"""Cases → a ledger under the printed headings, by year and number; row by row, so that memory stays flat."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import BinaryIO, Final

from casework.actions.history import facts_of, with_ledger_facts
from casework.exports import write_csv, write_xlsx
from casework.law.history import FACTS, HEADINGS, History
from casework.law.outcomes import KINDS, OUTCOMES, ApplicantKind
from casework.law.receipt import Channel
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Case

FORMS: Final = ("csv", "xlsx")
_CHUNK: Final = 1000

Value = str | int | date | None


def write(stream: BinaryIO, form: str, agency: Agency, *, year: int | None = None, identities: bool = True) -> int:
    """Write the agency's cases, of one year of receipt or of all, as ``csv`` or ``xlsx``; returns how many.

    Identity numbers are in clear, because a ledger that is read back must say what it said; without ``identities``
    their column is left out, which says nothing of them.
    """
    if form not in FORMS:
        raise Refused(_NO_SUCH_FORM, field="output")
    names = [name for name in FACTS if identities or name != "identity_number"]
    rows = (_row(history, names) for history in histories(agency, year))
    titles = [HEADINGS[name] for name in names]
    if form == "xlsx":
        return write_xlsx(stream, titles, rows, sheet="台账")
    return write_csv(stream, titles, rows)


def histories(agency: Agency, year: int | None = None) -> Iterator[History]:
    """The cases as rows of a ledger, in the order of an index, which no sort has to hold in memory."""
    cases = Case.objects.applications().filter(agency=agency)
    if year is not None:
        cases = cases.filter(year=year)
    for case in with_ledger_facts(cases).order_by("year", "number").iterator(chunk_size=_CHUNK):
        yield facts_of(case)


def _row(history: History, names: Sequence[str]) -> list[Value]:
    """The facts as printed, in the order of the headings."""
    printed: dict[str, Value] = {
        "channel": Channel(history.channel).words.zh,
        "applicant_kind": KINDS[ApplicantKind(history.applicant_kind)].words.zh,
        "outcome": _OUTCOMES[history.outcome],
    }
    return [printed.get(name, getattr(history, name)) for name in names]


def _outcomes() -> Iterator[tuple[str, str]]:
    """The classes without items by number and name, the items by number: ``三(一)予以公开``, ``三(三)5``."""
    yield "", ""
    for row in OUTCOMES.values():
        yield row.code.value, row.number if row.item else f"{row.number}{row.words.zh}"


_OUTCOMES: Final[dict[str, str]] = dict(_outcomes())

_NO_SUCH_FORM: Final = Text("请输出到 .csv 或者 .xlsx 文件。", "The output has to be a .csv or .xlsx file.")
