"""Whole histories in bulk: what an office knows of its cases from before, row by row of its ledger.

The one verb that writes many cases at once. An admitted case is an ordinary case: its facts are rows, its events stand
in the order in which they took effect, its copies of the clock come from the same replay and the same schedule.
Nobody is told: what happened years ago is no news.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, models, transaction

from casework.access import check_may_register
from casework.law import identity
from casework.law.calendar import day_of, start_of
from casework.law.history import FACTS, HEADINGS, Fault, History, Timeline, faults, timeline
from casework.law.refusals import Refused
from casework.law.states import State
from casework.law.words import Text
from casework.models import (
    Agency,
    Applicant,
    Case,
    Conflict,
    CountChange,
    Counted,
    Decision,
    Event,
    Extension,
    IdentityKind,
    Kind,
    Staff,
    Supplement,
    edition,
)
from casework.models.bulk import insert, take_ids
from casework.models.sealing import blind_index

from .numbering import allocate, pass_over

UNSTATED_REASON: Final = "台账没有载明延期的日期和理由；日期按原答复期限届满之日（在此之前办结的，按办结之日）登记。"
UNSTATED_SUPPLEMENT: Final = "台账没有载明需要补正的事项。"
CHANGED_REASON: Final = "台账所载的事实有变化。"

#: Events that time or a look causes; a case with no others but those of a ledger is still the ledger's.
_NO_HANDLING: Final = frozenset(
    {Kind.REMINDED, Kind.ESCALATED, Kind.LAPSE_FOUND, Kind.IDENTITY_READ, Kind.CALENDAR_CHANGED}
)
_PERSONAL: Final = frozenset({"applicant_name", "identity_number", "contact", "content", "note"})
_MOVES: Final = {
    "supplement_requested_on": Kind.SUPPLEMENT_REQUESTED,
    "supplement_received_on": Kind.SUPPLEMENT_RECEIVED,
    "extension_days": Kind.EXTENDED,
}


@dataclass(slots=True)
class Admission:
    """What became of the rows of a ledger."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    numbered: int = 0
    """Of those added, how many had no number of their own and were given one."""


class Unfit(Refused):
    """Rows that contradict what is on file; nothing was stored."""

    def __init__(self, rows: list[tuple[int, Fault]]) -> None:
        super().__init__(
            Text(
                "台账有{n}处与系统中的记录冲突，什么也没有保存。",
                "{n} entries of the ledger conflict with the records; nothing was stored.",
            ).format(n=len(rows))
        )
        self.rows = rows


def admit(
    agency: Agency,
    histories: Iterable[Sequence[History]],
    *,
    at: datetime,
    by: Staff | None = None,
    stated: Collection[str] = FACTS,
    reserved: Container[tuple[int, str]] = (),
    dry_run: bool = False,
    progress: Callable[[int], object] = lambda rows: None,
) -> Admission:
    """Store histories that ``law.history.faults`` has found sound, all or none; ``by`` is ``None`` at the shell.

    A row with the number of a case on file amends it in the facts that ``stated`` names, unless the case has been
    handled here since: then ``Unfit`` names the rows. A row without a number gets one, and is known again the next
    time by all its facts. ``reserved``: years and numbers of the whole ledger, which are not given out.
    """
    if by is not None:
        check_may_register(by, agency)
    admitting = _Admitting(agency, at, by, frozenset(stated), reserved, writes=not dry_run)
    if dry_run:
        admitting.take_all(histories, progress)
        return admitting.tally
    try:
        with transaction.atomic():
            # Two ledgers of one agency take turns; other acts on the agency's cases do not wait (FOR NO KEY UPDATE).
            Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
            edition.hold()
            admitting.calendar = agency.calendar
            admitting.take_all(histories, progress)
    except IntegrityError:
        # Between the look and the write somebody registered one of the numbers: the only race that is left.
        raise Refused(
            Text(
                "导入时有人登记了编号相同的申请，什么也没有保存，请再导入一次。",
                "Somebody registered an application with one of these numbers meanwhile; nothing was stored. "
                "Import the ledger again.",
            )
        ) from None
    return admitting.tally


def facts_of(case: Case, *, row: int = 0) -> History:
    """How a case reads as a row of a ledger; asks for nothing that ``with_ledger_facts`` has not fetched.

    The ledger has no column for papers other than identity card and credit code, so their numbers stay here.
    """
    applicant = case.applicant
    supplement = next((s for s in case.supplements.all() if not s.superseded), None)
    extension = next(iter(case.extensions.all()), None)
    decision = case.current_decision if case.outcome else None
    keeps_number = applicant.identity_kind in (IdentityKind.RESIDENT, IdentityKind.CREDIT_CODE)
    ways = (applicant.contact_person, applicant.phone, applicant.email, applicant.address, applicant.contact)
    return History(
        row=row,
        number=case.number,
        received_on=case.received_on,
        channel=case.channel,
        applicant_kind=case.applicant_kind,
        applicant_name=applicant.name,
        identity_number=applicant.identity_number if keeps_number else "",
        contact="；".join(way for way in ways if way),
        content=case.content,
        supplement_requested_on=supplement.requested_on if supplement else None,
        supplement_received_on=supplement.received_on if supplement else None,
        extension_days=extension.working_days if extension else None,
        outcome=case.outcome,
        closed_on=case.closed_on,
        document_number=decision.document_number if decision else "",
        note=case.note,
    )


def with_ledger_facts(cases: models.QuerySet[Case]) -> models.QuerySet[Case]:
    """Everything that ``facts_of`` reads, in a fixed number of queries."""
    return cases.select_related("applicant").prefetch_related("supplements", "extensions", "decisions")


@dataclass(slots=True)
class _Amendment:
    """A case on file, the row that says otherwise, and in what."""

    case: Case
    stored: History
    new: History
    changed: tuple[str, ...]


class _Admitting:
    """One ledger on its way in."""

    def __init__(
        self,
        agency: Agency,
        at: datetime,
        by: Staff | None,
        stated: frozenset[str],
        reserved: Container[tuple[int, str]],
        *,
        writes: bool,
    ) -> None:
        self.agency, self.at, self.on, self.by = agency, at, day_of(at), by
        self.stated, self.reserved, self.writes = stated, reserved, writes
        self.calendar = agency.calendar
        self.tally = Admission()
        self.unfit: list[tuple[int, Fault]] = []
        self.seen: Counter[str] = Counter()
        #: One unsaved case a state, of which only its copies of the clock are asked.
        self.standing = {state: Case(agency=agency, state=state.value) for state in State}

    def take_all(self, histories: Iterable[Sequence[History]], progress: Callable[[int], object]) -> None:
        """Chunk by chunk. Once a row is found unfit the rest is only compared, so that all such rows can be named."""
        for chunk in histories:
            new, amendments = self.compare(chunk)
            self.find_handled(amendments)
            if not self.unfit:
                self.tally.added += len(new)
                self.tally.numbered += sum(not history.number for history, _mark in new)
                self.tally.updated += len(amendments)
                self.tally.unchanged += len(chunk) - len(new) - len(amendments)
                if self.writes:
                    self.add(new)
                    for amendment in amendments:
                        self.amend(amendment)
            progress(len(chunk))
        if self.unfit:
            raise Unfit(self.unfit)

    # -- what is on file already -----------------------------------------------------------------------------------

    def compare(self, chunk: Sequence[History]) -> tuple[list[tuple[History, str]], list[_Amendment]]:
        """The rows that are new, each with its mark if it has no number, and those that say something else."""
        marks = {history.row: self.mark(history) for history in chunk if not history.number}
        known = set(
            Case.objects.filter(agency=self.agency, ledger_mark__in=marks.values()).values_list(
                "ledger_mark", flat=True
            )
            if marks
            else ()
        )
        on_file = self.on_file(chunk)
        new: list[tuple[History, str]] = []
        amendments = []
        for history in chunk:
            if not history.number:
                if marks[history.row] not in known:
                    new.append((history, marks[history.row]))
                continue
            case = on_file.get((history.received_on.year, history.number))
            if case is None:
                new.append((history, ""))
            elif amendment := self.difference(case, history):
                amendments.append(amendment)
        return new, amendments

    def mark(self, history: History) -> str:
        """By what a row without a number is known again: its facts, and which of several equal rows it is."""
        mark = blind_index("\x1f".join(str(getattr(history, name)) for name in FACTS))
        self.seen[mark] += 1
        return mark if self.seen[mark] == 1 else blind_index(f"{mark}{self.seen[mark]}")

    def on_file(self, chunk: Sequence[History]) -> dict[tuple[int, str], Case]:
        numbers: defaultdict[int, list[str]] = defaultdict(list)
        for history in chunk:
            if history.number:
                numbers[history.received_on.year].append(history.number)
        found: dict[tuple[int, str], Case] = {}
        for year, those in numbers.items():
            cases = with_ledger_facts(Case.objects.filter(agency=self.agency, year=year, number__in=those))
            if self.writes:
                cases = cases.select_for_update(of=("self",))
            for case in cases:
                case.agency = self.agency
                found[year, case.number] = case
        return found

    def difference(self, case: Case, history: History) -> _Amendment | None:
        """What the row says otherwise; a column that the ledger does not have says nothing."""
        stored = facts_of(case, row=history.row)
        unstated = {name: getattr(stored, name) for name in FACTS if name not in self.stated}
        new = replace(history, **unstated) if unstated else history
        changed = tuple(name for name in FACTS if getattr(stored, name) != getattr(new, name))
        return _Amendment(case, stored, new, changed) if changed else None

    def find_handled(self, amendments: list[_Amendment]) -> None:
        """Name the rows that would overwrite what was done here, or that make no sense with what they leave out."""
        if not amendments:
            return
        handled = set()
        events = Event.objects.filter(case__in=[amendment.case.pk for amendment in amendments])
        for case_id, kind, payload in events.values_list("case_id", "kind", "payload").iterator():
            if kind not in _NO_HANDLING and not payload.get("ledger"):
                handled.add(case_id)
        for amendment in amendments:
            if amendment.case.pk in handled:
                fields = "、".join(HEADINGS[name] for name in amendment.changed)
                self.unfit.append((amendment.new.row, Fault("number", _HANDLED.format(fields=fields))))
            elif self.stated != frozenset(FACTS):
                readings = self.agency.readings_on(amendment.new.received_on)
                found = faults(amendment.new, on=self.on, calendar=self.calendar, readings=readings)
                self.unfit += [(amendment.new.row, fault) for fault in found]

    # -- new cases -------------------------------------------------------------------------------------------------

    def add(self, new: list[tuple[History, str]]) -> None:
        """Table by table, in the order in which the rows can refer to each other."""
        if not new:
            return
        numbers = self.numbers_for(new)
        rows: dict[type[models.Model], list[dict[str, Any]]] = {
            model: [] for model in (Applicant, Case, Supplement, Extension, Decision, Event)
        }
        applicants, cases = take_ids(Applicant, len(new)), take_ids(Case, len(new))
        for applicant_id, case_id, (history, mark) in zip(applicants, cases, new, strict=True):
            number = history.number or next(numbers[history.received_on.year])
            case = {"id": case_id, "applicant_id": applicant_id, "number": number, "ledger_mark": mark}
            self.build(rows, case, history)
        for model, those in rows.items():
            insert(model, those)

    def numbers_for(self, new: list[tuple[History, str]]) -> dict[int, Iterator[str]]:
        """Numbers for the rows that have none, by year, in the order of the ledger."""
        typed: defaultdict[int, list[str]] = defaultdict(list)
        wanted: Counter[date] = Counter()
        for history, _mark in new:
            if history.number:
                typed[history.received_on.year].append(history.number)
            else:
                wanted[date(history.received_on.year, 1, 1)] += 1
        for year, numbers in typed.items():
            pass_over(self.agency, year, numbers)
        return {
            day.year: iter(allocate(self.agency, day, count, reserved=_OfYear(self.reserved, day.year)))
            for day, count in wanted.items()
        }

    def build(self, rows: dict[type[models.Model], list[dict[str, Any]]], case: dict[str, Any], new: History) -> None:
        """The rows of one history; ``case`` has its keys already."""
        readings = self.agency.readings_on(new.received_on)
        line = timeline(new, on=self.on, calendar=self.calendar, readings=readings)
        rows[Applicant].append({"id": case["applicant_id"], **self.applicant_fields(new)})
        case |= _case_fields(new) | self.copies(new, line)
        case |= {"agency_id": self.agency.pk, "year": new.received_on.year, "registered_at": self.at}
        rows[Case].append(case)
        of_case = {"case_id": case["id"]}
        for model, values in self.fact_fields(new, line):
            if values is not None:
                rows[model].append(of_case | values)
        received = {"received_on": new.received_on.isoformat()}
        events = rows[Event]
        events.append(self.event(case["id"], Kind.IMPORTED, new.received_on, None, line.first_due_on, received))
        events += self.fact_events(case["id"], new, line, FACTS)

    def copies(self, history: History, line: Timeline) -> dict[str, Any]:
        """The copies of the clock by the schedule of ``Case``, asked of one case for each state in turn."""
        case = self.standing[history.state]
        case.received_on, case.channel = history.received_on, history.channel
        return case.copies_of(line.due, self.period_ends_on(history), on=self.on)

    def fact_fields(
        self, history: History, line: Timeline
    ) -> Iterator[tuple[type[models.Model], dict[str, Any] | None]]:
        """The facts that are rows of their own; ``None`` where the history has no such fact."""
        yield Supplement, self.supplement_fields(history)
        yield Extension, _extension_fields(history, line)
        yield Decision, _decision_fields(history)

    def applicant_fields(self, history: History) -> dict[str, Any]:
        number = history.identity_number
        return {
            "name": history.applicant_name,
            "contact": history.contact,
            "identity_kind": self.identity_kind(number),
            **Applicant.identity_columns(number),
        }

    def identity_kind(self, number: str) -> str:
        """Of a number that has been checked, its form tells what it is."""
        if not number:
            return ""
        resident = identity.is_resident_number(number, on=self.on)
        return IdentityKind.RESIDENT.value if resident else IdentityKind.CREDIT_CODE.value

    def period_ends_on(self, history: History) -> date | None:
        """How long an applicant who is still awaited has by the agency's setting; a ledger does not say."""
        asked = history.supplement_requested_on
        if asked is None or history.state is not State.SUPPLEMENT_REQUESTED:
            return None
        return self.calendar.add_workdays(asked, self.agency.supplement_days)

    def supplement_fields(self, history: History) -> dict[str, Any] | None:
        if history.supplement_requested_on is None:
            return None
        return {
            "requested_on": history.supplement_requested_on,
            "received_on": history.supplement_received_on,
            "period_ends_on": self.period_ends_on(history),
            "unclear": UNSTATED_SUPPLEMENT,
        }

    # -- cases on file ---------------------------------------------------------------------------------------------

    def amend(self, amendment: _Amendment) -> None:
        """Bring an imported case in step with its row, and say in an event what changed.

        An amendment is no transition: an office may have typed the wrong result, or closed the wrong row.
        """
        case, new = amendment.case, amendment.new
        readings = self.agency.readings_on(new.received_on)
        line = timeline(new, on=self.on, calendar=self.calendar, readings=readings)
        values = _case_fields(new) | self.copies(new, line) | {"version": case.version + 1}
        if not Case.objects.filter(pk=case.pk, version=case.version).update(**values):
            raise Conflict
        applicant = self.applicant_fields(new)
        if "identity_number" not in amendment.changed:
            # Sealed anew the same number would look like another, and a paper of another kind would be lost.
            applicant = {name: applicant[name] for name in ("name", "contact")}
        Applicant.objects.filter(pk=case.applicant_id).update(**applicant)
        for model, fields in self.fact_fields(new, line):
            _keep(model, case, fields)
        appeared = {name for name in amendment.changed if not getattr(amendment.stored, name)}
        payload = {
            "fields": list(amendment.changed),
            "reason": CHANGED_REASON,
            "before": _said_before(amendment),
        }
        corrected = self.event(case.pk, Kind.CORRECTED, self.on, case.due_on, line.due.due_on, payload)
        insert(Event, [*self.fact_events(case.pk, new, line, appeared), corrected])
        before, counted = Counted.of(case), _case_fields(new)
        if any(counted[name] != value for name, value in before._asdict().items()):
            insert(CountChange, [{"case_id": case.pk, "at": self.at, "cause": corrected["kind"], **before._asdict()}])

    # -- events ----------------------------------------------------------------------------------------------------

    def fact_events(self, case: int, history: History, line: Timeline, which: Collection[str]) -> list[dict[str, Any]]:
        """The events of those facts that are named, in the order in which they took effect; the reply comes last."""
        events = [
            self.event(
                case, _MOVES[move.field], move.on, move.due_before, move.due_after, self.said(history, move.field)
            )
            for move in line.moves
            if move.field in which
        ]
        if history.closed_on is not None and "outcome" in which:
            due_on = line.due.due_on
            outcome = {"outcome": history.outcome}
            events.append(self.event(case, Kind.DISPATCHED, history.closed_on, due_on, due_on, outcome))
        return events

    def said(self, history: History, name: str) -> dict[str, Any]:
        if name == "extension_days":
            return {"days": history.extension_days, "reason": UNSTATED_REASON}
        until = self.period_ends_on(history)
        return {"until": until.isoformat()} if name == "supplement_requested_on" and until else {}

    def event(
        self,
        case: int,
        kind: Kind,
        on: date,
        due_before: date | None,
        due_after: date | None,
        payload: dict[str, Any],
    ) -> dict[str, Any]:
        return {
            "case_id": case,
            "kind": kind.value,
            "on": on,
            "at": self.at,
            "by_id": self.by.pk if self.by else None,
            "payload": {**payload, "ledger": True},
            "due_before": due_before,
            "due_after": due_after,
        }


@dataclass(frozen=True, slots=True)
class _OfYear(Container[str]):
    """The reserved numbers of one year, without a copy of them."""

    reserved: Container[tuple[int, str]]
    year: int

    def __contains__(self, number: object) -> bool:
        return (self.year, number) in self.reserved


def _case_fields(history: History) -> dict[str, Any]:
    receipt = history.receipt()
    return {
        "channel": history.channel,
        "applicant_kind": history.applicant_kind,
        "arrived_on": receipt.arrived_on,
        "confirmed_on": receipt.confirmed_on,
        "received_on": history.received_on,
        "content": history.content,
        "note": history.note,
        "state": history.state.value,
        "outcome": history.outcome,
        "closed_on": history.closed_on,
    }


def _extension_fields(history: History, line: Timeline) -> dict[str, Any] | None:
    if history.extension_days is None:
        return None
    return {"on": line.extended_on, "working_days": history.extension_days, "reason": UNSTATED_REASON}


def _decision_fields(history: History) -> dict[str, Any] | None:
    """A ledger knows the day of dispatch alone; the decision can't have been signed later than that."""
    if history.closed_on is None:
        return None
    begun = start_of(history.closed_on)
    return {
        "outcome": history.outcome,
        "document_number": history.document_number,
        "proposed_at": begun,
        "signed_at": begun,
        "dispatched_on": history.closed_on,
    }


def _keep(model: type[models.Model], case: Case, values: dict[str, Any] | None) -> None:
    """Make the one row of a fact say these values: write it, change it, or take it away."""
    rows = model._default_manager.filter(case=case)
    if values is None:
        rows.delete()
    elif not rows.update(**values):
        insert(model, [{"case_id": case.pk, **values}])


def _said_before(amendment: _Amendment) -> dict[str, Any]:
    """What the changed facts said before, but for what an erasure of the applicant would have to find again."""
    before = {name: getattr(amendment.stored, name) for name in amendment.changed if name not in _PERSONAL}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in before.items()}


_HANDLED: Final = Text(
    "本件已在系统中办理，记录与台账不同（{fields}）；请在系统中更正，不能用台账覆盖",
    "this case has been handled here and differs in {fields}; correct it there, a ledger can't overwrite it",
)
