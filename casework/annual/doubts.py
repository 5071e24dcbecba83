"""What somebody who audits the table would ask about, all the year round: each doubt opens its cases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from casework.law.calendar import start_of
from casework.law.matrix import NEW, TOTAL, Matrix
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.states import State
from casework.law.words import Text
from casework.models import Case

from .table3 import Agencies, cases_of_cell, keys

ANNUAL_FORM: Final = "国办公开办函〔2021〕30号"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One warning: ``{n}`` cases, and where it comes from: a cell of the table, or a question to the cases."""

    key: str
    words: Text
    law: str
    cell: tuple[str, str] | None = None
    asked: Callable[[int, date], Q | None] | None = None
    """Year and today → which cases; ``None`` where the year leaves nothing to ask."""

    def said(self, n: int) -> Text:
        return self.words.format(n=n)


def doubts_of(agencies: Agencies, matrix: Matrix, year: int, *, on: date) -> list[tuple[Doubt, int]]:
    """The doubts that there are about the year's table, and how many cases each holds; ``on`` is today."""
    found = []
    for doubt in DOUBTS.values():
        if doubt.cell is not None:
            number = matrix.figure(*doubt.cell)
        else:
            number = cases_in_doubt(agencies, doubt.key, year, on=on).count()
        if number:
            found.append((doubt, number))
    return found


def cases_in_doubt(agencies: Agencies, key: str, year: int, *, on: date) -> QuerySet[Case]:
    """The cases of one doubt, oldest first."""
    doubt = DOUBTS[key]
    if doubt.cell is not None:
        return cases_of_cell(agencies, year, *doubt.cell)
    asked = doubt.asked(year, on) if doubt.asked is not None else None
    if asked is None:
        return Case.objects.none()
    return Case.objects.applications().filter(asked, agency__in=keys(agencies)).order_by("received_on", "id")


def _unsent(year: int, on: date) -> Q | None:
    """Signed in the year, and left after it or not at all: closed by dispatch alone (235号 四)."""
    if year == on.year:
        return Q(closed_on=None, state=State.SIGNED.value)
    end = date(year, 12, 31)
    signed = Q(
        decisions__returned_at=None,
        decisions__signed_at__gte=start_of(date(year, 1, 1)),
        decisions__signed_at__lt=start_of(date(year + 1, 1, 1)),
    )
    return signed & Q(received_on__lte=end) & (Q(closed_on=None) | Q(closed_on__gt=end))


def _overdue(year: int, on: date) -> Q | None:
    return Q(closed_on=None, due_on__lt=on) if year == on.year else None


def _lapsed(year: int, on: date) -> Q | None:
    return Q(closed_on=None, period_ends_on__lt=on) if year == on.year else None


DOUBTS: Final[dict[str, Doubt]] = {
    doubt.key: doubt
    for doubt in (
        Doubt(
            "other_result",
            Text(
                "有 {n} 件计入“（六）其他处理—3.其他”。请逐件核对，能够归入具体情形的应当归入。",
                "Cases under “(6) Other – 3. other”: {n}. Check each; whatever fits a named row belongs there.",
            ),
            ANNUAL_FORM,
            (Outcome.OTHER_3.value, TOTAL),
        ),
        Doubt(
            "still_unclear",
            Text(
                "有 {n} 件以“补正后申请内容仍不明确”办结。请核对补正告知是否具体、补正是否确实没有说清。",
                "Cases closed as still unclear after a supplement: {n}. Check that the notice was specific and that "
                "the answer really left it unclear.",
            ),
            "条例 30",
            (Outcome.UNAVAILABLE_3.value, TOTAL),
        ),
        Doubt(
            "other_kind",
            Text(
                "本年新收有 {n} 件的申请人类型是“其他”。公司、高校、基金会、律师事务所另有各自的一列。",
                "New cases with an applicant of the kind “other”: {n}. Companies, universities, foundations and law "
                "firms have columns of their own.",
            ),
            ANNUAL_FORM,
            (NEW, ApplicantKind.OTHER.value),
        ),
        Doubt(
            "unsent",
            Text(
                "有 {n} 件在本年签发、没有在本年送出。答复以送出之日办结：12月31日以前没有送出的，结转下年度。",
                "Replies signed this year that have not left this year: {n}. A case is closed on the day its reply "
                "leaves: what has not left by 31 December is carried out.",
            ),
            "国办公开办函〔2016〕235号 四",
            asked=_unsent,
        ),
        Doubt(
            "overdue",
            Text("有 {n} 件已经超过答复期限还没有办结。", "Cases open beyond the last day for the reply: {n}."),
            "条例 33",
            asked=_overdue,
        ),
        Doubt(
            "lapsed",
            Text(
                "有 {n} 件申请人的补正或者缴费期限已过，还没有作出处理；不处理的，结转下年度。",
                "Cases in which the applicant’s time for a supplement or a fee has run out and nothing was decided: "
                "{n}. Left so, they are carried out.",
            ),
            "条例 30",
            asked=_lapsed,
        ),
    )
}
