"""Reconsideration and suits done in any order, and a notebook of them from which table 四 is counted by hand."""

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from casework.actions import dispute as verbs
from casework.models import Agency, Case, Dispute, DisputeStep, Staff
from tests.cast import Cast, moment

KINDS: Final = ("reconsideration", "direct_suit", "suit_after_reconsideration")
STAGES: Final = (*("answered", "decided", "decided"), *("appealed", "we_appealed", "retried", "heard", "decided"))
#: How it can end, and the column of table 四, as the printed form says it (law.md 7.5).
COLUMNS: Final = {
    **dict.fromkeys(("upheld", "claim_dismissed"), "upheld"),
    **dict.fromkeys(("revoked", "changed", "unlawful", "void", "ordered"), "corrected"),
    **dict.fromkeys(("not_admitted", "inadmissible", "withdrawn", "settled", "ended"), "other"),
}
RESULTS: Final = tuple(COLUMNS)
ANNULLING: Final = ("revoked", "unlawful", "void", "ordered")
#: What opens a matter or ends it; an answer or a hearing does neither.
TURNING: Final = {"received", "decided", "appealed", "we_appealed", "retried"}


@dataclass(frozen=True)
class Noted:
    """One step as it stands in the notebook, by the number of its row."""

    dispute: int
    agency: str
    kind: str
    stage: str
    on: date
    place: int
    result: str = ""


class DisputeActs(ABC):
    """Acts on disputes; those that the office refuses are struck from the notebook by whoever tried them."""

    players: Cast
    mei: Staff
    on: date
    which: int
    made: int
    book: dict[int, Noted]

    @abstractmethod
    def by(self, case: Case) -> Staff:
        """Who keeps the file."""

    # -- acts -------------------------------------------------------------------------------------------------------

    def dispute(self, case: Case | None, days: int) -> None:
        """A notice comes; one in seven is about something from before the system."""
        if days % 7 == 0 or case is None:
            self.noted(self.recorded(self.players.dongshan, None, KINDS[days % 3], days % 3, by=self.players.wang))
        else:
            self.noted(self.recorded(case.agency, case, KINDS[days % 3], days % 3, by=self.by(case)))

    def advance(self, _case: Case | None, days: int) -> None:
        """Something happens in one of them, possible or not."""
        dispute = self.some()
        if dispute is not None:
            stage = STAGES[days % len(STAGES)]
            self.told(dispute, stage, RESULTS[(days + self.which) % len(RESULTS)] if stage == "decided" else "")

    def put_right(self, _case: Case | None, days: int) -> None:
        """A step was recorded for another day, or with another result."""
        step = self.some_step()
        if step is not None:
            right = verbs.correct_stage(
                step,
                on=self.on - timedelta(days=days),
                organ=step.organ,
                result=RESULTS[days % len(RESULTS)] if step.result else "",
                reason="录入错误",
                by=self.keeper(step.dispute),
                at=moment(self.on, 12),
            )
            before = self.book.pop(step.pk)
            self.book[right.pk] = replace(before, on=right.on, result=right.result)

    def strike(self, _case: Case | None, _days: int) -> None:
        """A step was a mistake; with its notice the whole dispute was."""
        step = self.some_step()
        if step is not None:
            verbs.strike_out(step, reason="误登", by=self.keeper(step.dispute), at=moment(self.on, 12))
            whole = step.stage == "received"
            gone = [
                pk for pk, noted in self.book.items() if (noted.dispute == step.dispute_id and whole) or pk == step.pk
            ]
            for pk in gone:
                del self.book[pk]

    def reopen(self, _case: Case | None, days: int) -> None:
        """What was annulled is decided again."""
        dispute = self.some()
        if dispute is not None:
            self.reopened(dispute, days % 3)

    def redress(self, case: Case | None, days: int) -> None:
        """The whole way from the notice to the linked file; now and then a year ends between."""
        if case is None:
            return
        kind = KINDS[days % 2]
        dispute = self.recorded(case.agency, case, kind, 0, by=self.by(case))
        self.noted(dispute)
        self.on += timedelta(days=days * 3)
        until = self.on + timedelta(days=days) if days % 3 else None  # the decision may set a day for the new reply
        self.told(dispute, "decided", ANNULLING[days % len(ANNULLING)], until=until)
        self.reopened(dispute, 0)

    # -- how they are done ------------------------------------------------------------------------------------------

    def recorded(self, agency: Agency, case: Case | None, kind: str, back: int, *, by: Staff) -> Dispute:
        before = Dispute.objects.filter(case=case, kind=KINDS[0]).first() if case and kind == KINDS[2] else None
        return verbs.record_dispute(
            agency,
            kind=kind,
            on=self.on - timedelta(days=back),
            organ="复议机关或者法院",
            complainant="张三",
            about="" if case and (before or kind != KINDS[2]) else "此前的答复",
            case=case,
            after=before,
            by=by,
            at=moment(self.on, 12),
        )

    def noted(self, dispute: Dispute) -> None:
        step = dispute.steps.get()
        self.book[step.pk] = Noted(dispute.pk, dispute.agency.code, dispute.kind, "received", step.on, step.place)

    def told(self, dispute: Dispute, stage: str, result: str, *, until: date | None = None) -> None:
        more: dict[str, Any] = {"order_by": until, "by": self.keeper(dispute), "at": moment(self.on, 12)}
        step = verbs.record_stage(dispute, stage=stage, on=self.on, result=result, **more)
        self.book[step.pk] = Noted(dispute.pk, dispute.agency.code, dispute.kind, stage, step.on, step.place, result)

    def reopened(self, dispute: Dispute, back: int) -> None:
        served = self.on - timedelta(days=back)
        verbs.reopen(dispute, received_on=served, by=self.keeper(dispute), at=moment(self.on, 12))
        self.made += 1

    def some(self) -> Dispute | None:
        found = list(Dispute.objects.order_by("pk").select_related("agency", "case__agency"))
        return found[self.which % len(found)] if found else None

    def some_step(self) -> DisputeStep | None:
        found = list(DisputeStep.objects.filter(pk__in=self.book).order_by("pk").select_related("dispute__agency"))
        return found[self.which % len(found)] if found else None

    def keeper(self, dispute: Dispute) -> Staff:
        return self.players.wang if dispute.agency_id == self.players.dongshan.pk else self.mei

    # -- what the notebook makes of it ------------------------------------------------------------------------------

    def table4(self, year: int, *agencies: str) -> dict[str, dict[str, int]]:
        """Where each dispute stood when the year ended: pending in every such year, decided once (law.md 7.5)."""
        last: dict[int, Noted] = {}
        for noted in sorted(self.book.values(), key=lambda noted: (noted.on, noted.place)):
            if noted.stage in TURNING and noted.on.year <= year and noted.agency in agencies:
                last[noted.dispute] = noted
        cells = Counter(
            (noted.kind, COLUMNS.get(noted.result, "pending"))
            for noted in last.values()
            if not noted.result or noted.on.year == year
        )
        found: dict[str, dict[str, Any]] = {}
        for kind in KINDS:
            row = {column: cells[kind, column] for column in ("upheld", "corrected", "other", "pending")}
            found[kind] = {**row, "total": sum(row.values())}
        return found
