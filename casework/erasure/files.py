"""By what personal data is kept: an application, a request for correction, a proposal, each with its end and mark."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.db.models import QuerySet

from casework.law.words import Text
from casework.models import Agency, Case, Dispute, Proposal, RecordCorrection
from casework.wordsearch import cases as cases_index

from .table import OF_CORRECTIONS, OF_PROPOSALS, PERSONAL, Place

File = Case | RecordCorrection | Proposal


class Matter(StrEnum):
    """Three kinds of file."""

    CASE = "case"
    CORRECTION = "correction"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file.

    ``ended``: the column of the day from which the time of keeping runs. ``mark``: what tells one from all others, and
    is the same after a restore. ``pending``: keys of those that wait for something although they have ended.
    ``forget``: takes them out of the index by which they are found.
    """

    model: type[Any]
    places: dict[str, Place]
    ended: str
    words: Text
    mark: Callable[[Any], tuple[str, ...]]
    pending: Callable[[Agency], Iterable[int]] = lambda _agency: ()
    forget: Callable[[list[int]], object] = lambda _keys: None

    def of_agency(self, agency: Agency, *, ended_before: date) -> "QuerySet[Any]":
        """The files of an agency that ended before a day, with nothing pending."""
        ended: QuerySet[Any] = self.model._default_manager.filter(agency=agency, **{f"{self.ended}__lt": ended_before})
        return ended.exclude(pk__in=list(self.pending(agency))).order_by("pk")

    @staticmethod
    def numbered(files: "QuerySet[Any]", number: str) -> "QuerySet[Any]":
        """The one of them with this number; a proposal, which has none, by its key."""
        if files.model is Proposal:
            return files.filter(pk=int(number)) if number.isdecimal() else files.none()
        return files.filter(number=number)

    def all_ended(self) -> "QuerySet[Any]":
        ended: QuerySet[Any] = self.model._default_manager.exclude(**{self.ended: None})
        return ended.select_related("agency")


def kind_of(file: File) -> Matter:
    return next(matter for matter, kind in FILES.items() if isinstance(file, kind.model))


def _disputed(agency: Agency) -> list[int]:
    disputes = Dispute.objects.filter(agency=agency).exclude(case=None).prefetch_related("steps")
    return [dispute.case_id for dispute in disputes if dispute.case_id and dispute.is_pending]


def _of_proposal(proposal: Proposal) -> tuple[str, ...]:
    """It has no number; a key of the database alone may come again after a restore, with another proposal."""
    first = proposal.voices.order_by("pk").values_list("at", flat=True).first()
    return proposal.agency.code, str(proposal.pk), first.isoformat() if first else ""


FILES: Final[dict[Matter, FileKind]] = {
    Matter.CASE: FileKind(
        Case,
        PERSONAL,
        "closed_on",
        Text("申请", "applications"),
        lambda case: (case.agency.code, str(case.year), case.number),
        pending=_disputed,
        forget=cases_index.forget,
    ),
    Matter.CORRECTION: FileKind(
        RecordCorrection,
        OF_CORRECTIONS,
        "closed_on",
        Text("更正请求", "requests for correction"),
        lambda correction: (Matter.CORRECTION, correction.agency.code, correction.number),
    ),
    Matter.PROPOSAL: FileKind(
        Proposal,
        OF_PROPOSALS,
        "decided_on",
        Text("主动公开建议", "proposals"),
        lambda proposal: (Matter.PROPOSAL, *_of_proposal(proposal)),
    ),
}
