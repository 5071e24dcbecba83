"""Calendar editions: see what a notice would move, apply it, and bring every open case in step with it.

A preview stores nothing. To apply writes one edition, from whose commit on every verb reckons by it; the dates stored
before it are then replayed in batches. A batch that dies leaves nothing, and whoever carries on finds what is not done
yet by asking each case, so that to apply again changes nothing and a killed recomputation is simply taken up again.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Least

from casework.access import check_may_apply_editions
from casework.law.calendar import day_of
from casework.law.edition_file import EditionFile, check_whole_year
from casework.law.editions import EDITIONS
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Actor, CalendarEdition, Case, Event, Kind, Recomputation, Staff, edition
from casework.models.bulk import insert
from casework.models.case import next_look
from casework.models.replays import Found, Replays
from casework.notices import Moved, tell_calendar

Progress = Callable[[int], object]

#: Cases in one transaction: locks are short, and a recomputation that dies loses little.
BATCH: Final = 2000
#: Cases that a preview lists; the figures count all.
MOST_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class Move:
    """One case that an edition touches: from when, to when."""

    number: str
    agency_id: int
    before: date | None
    after: date | None
    overdue: bool
    """It is overdue by the new date and was not by the old one."""
    confirmed: bool
    """Its date is no longer provisional."""
    refusal: Text | None = None
    """Why the new calendar does not allow the facts on file; such a case is left as it is, for a person to look at."""

    @property
    def days(self) -> int:
        """Calendar days later, negative earlier."""
        return (self.after - self.before).days if self.before and self.after else 0


@dataclass(slots=True)
class Preview:
    """What an edition would do to the open cases."""

    looked_at: int = 0
    later: int = 0
    earlier: int = 0
    overdue: int = 0
    confirmed: int = 0
    refused: int = 0
    by_days: Counter[int] = field(default_factory=Counter)
    shown: list[Move] = field(default_factory=list)
    """The most urgent first: newly overdue, then by the new date."""

    @property
    def moved(self) -> int:
        return self.later + self.earlier

    @property
    def histogram(self) -> list[tuple[int, int]]:
        return sorted(self.by_days.items())

    def add(self, move: Move) -> None:
        self.overdue += move.overdue
        self.confirmed += move.confirmed
        self.refused += move.refusal is not None
        if move.days:
            self.later += move.days > 0
            self.earlier += move.days < 0
            self.by_days[move.days] += 1
        if move.days or move.refusal:
            self.shown.append(move)
            if len(self.shown) >= 2 * MOST_LISTED:
                self.cut()

    def cut(self) -> None:
        self.shown.sort(key=lambda m: (m.refusal is None, not m.overdue, m.after or date.max, m.number))
        del self.shown[MOST_LISTED:]


def preview(file: EditionFile, *, on: date, progress: Progress = lambda n: None) -> Preview:
    """Which open cases would move, from when to when; ``Refused`` when the file could not be applied."""
    edition.look_again()
    check(file)
    found = Preview()
    replays = Replays(edition.shelf().with_file(file))
    for keys in _batches():
        for case in replays.of(Case.objects.among(keys).still_open()):
            found.looked_at += 1
            if move := _move(case, on):
                found.add(move)
        progress(len(keys))
    found.cut()
    return found


def check(file: EditionFile) -> None:
    """Refuse what cannot be laid over the editions in force."""
    if same := CalendarEdition.objects.filter(content_hash=file.content_hash).first():
        if CalendarEdition.objects.filter(supersedes=same).exists():
            raise Refused(_SUPERSEDED.format(number=file.number), field="document_number")
        return  # applied already: to apply again carries on with what is left of it
    applied = edition.shelf()
    known = [f for f in (*applied.national, *applied.regional) if (f.year, f.region) == (file.year, file.region)]
    if file.supersedes and not any(f.number == file.supersedes for f in known):
        raise Refused(_NOTHING_SUPERSEDED.format(number=file.supersedes, year=file.year), field="supersedes")
    if any(f.number == file.number for f in known) and file.supersedes != file.number:
        raise Refused(_SAME_NUMBER.format(number=file.number), field="document_number")
    years = [e.year for e in applied.editions()]
    if file.year > years[-1] + (0 if file.region else 1):
        raise Refused(_GAP.format(year=file.year, last=years[-1]), field="year")
    if file.year < years[0]:
        raise Refused(_BEFORE_ALL.format(year=file.year, first=years[0]), field="year")
    built_in = {e.year for e in EDITIONS}
    if not file.region:
        others = [f for f in known if not edition.replaces(file, f)]
        if file.year not in built_in and not others:
            check_whole_year(file)
        elif not file.supersedes and any(e.year == file.year and e.number == file.number for e in EDITIONS):
            raise Refused(_BUILT_IN.format(number=file.number), field="document_number")


def apply(file: EditionFile, *, source: str, by: Staff, at: datetime) -> CalendarEdition:
    """From now on the edition holds. ``carry_on`` brings the dates stored before into step; twice is once."""
    check_may_apply_editions(by)
    with transaction.atomic():
        edition.hold_alone()
        check(file)
        found = CalendarEdition.objects.filter(content_hash=file.content_hash).first()
        if found is None:
            found = CalendarEdition.objects.create(
                year=file.year,
                number=file.number,
                published_on=file.published_on,
                region=file.region,
                off=file.off,
                make_up=file.make_up,
                source=source,
                content_hash=file.content_hash,
                supersedes=_superseded(file),
                applied_at=at,
                applied_by=by,
            )
            Recomputation.objects.create(edition=found)
    edition.look_again()
    return found


def _superseded(file: EditionFile) -> CalendarEdition | None:
    if not file.supersedes:
        return None
    wanted = (file.year, file.region, file.supersedes)
    in_force = CalendarEdition.objects.in_force()
    return next(row for row in in_force if (row.year, row.region, row.number) == wanted)


def carry_on(applied: CalendarEdition, *, at: datetime, progress: Progress = lambda n: None) -> Recomputation:
    """Replay every open case that is not in step yet, a batch at a time; says so as it goes, and ends when all are."""
    edition.look_again()
    run = Recomputation.objects.filter(edition=applied)
    run.update(total=Case.objects.still_open().count(), done=0, refused=0)
    replays = Replays()
    for keys in _batches():
        with transaction.atomic():
            _recompute(applied, keys, replays, at=at)
        progress(len(keys))
    run.update(finished_at=at)
    return run.get()


def unfinished() -> Iterator[CalendarEdition]:
    """Editions whose recomputation was killed or is under way."""
    yield from CalendarEdition.objects.filter(recomputation__finished_at=None).order_by("pk")


def _batches() -> Iterator[list[int]]:
    """The open cases, so ordered that what one person has to hear falls together."""
    keys = array("q", Case.objects.still_open().order_by("agency_id", "clerk_id", "pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH].tolist()


def _recompute(applied: CalendarEdition, keys: list[int], replays: Replays, *, at: datetime) -> None:
    on = day_of(at)
    cases = Case.objects.among(keys).still_open()
    if connection.features.has_select_for_update:
        # A verb that was first ends first, and its facts are read; one that comes later reckons by the new calendar.
        list(cases.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    changed = [found for found in replays.of(cases) if any(found.differences(on))]
    sound = [found for found in changed if found.refusal is None]
    moves = [(found, move) for found in sound if (move := _move(found, on))]
    _store(sound, on)
    insert(Event, [_event(applied, found, at=at) for found, _move in moves])
    tell_calendar(applied, [_moved(found, move) for found, move in moves], at=at)
    Recomputation.objects.filter(edition=applied).update(
        done=Least(F("done") + len(keys), F("total")),
        moved=F("moved") + sum(move.days != 0 for _found, move in moves),
        overdue=F("overdue") + sum(move.overdue for _found, move in moves),
        confirmed=F("confirmed") + sum(move.confirmed for _found, move in moves),
        refused=F("refused") + len(changed) - len(sound),
    )


def _store(changed: Iterable[Found], on: date) -> None:
    """One statement for all cases that get the same dates. The version goes up: an act begun before is a conflict."""
    same: dict[tuple[date | None, bool, date | None, date | None], list[int]] = defaultdict(list)
    for found in changed:
        look = next_look(found.watched, on=on)
        same[found.due_on, found.provisional, found.period_ends_on, look].append(found.case.pk)
    for copies, keys in same.items():
        values = dict(zip(Case.CLOCK_COPIES, copies, strict=True))
        Case.objects.among(keys).update(**values, version=F("version") + 1)


def _move(found: Found, on: date) -> Move | None:
    """What changes for people: a date, whether it is sure, or that the facts no longer stand."""
    case, refusal = found.case, found.refusal
    if refusal is None and (case.due_on, case.due_is_provisional) == (found.due_on, found.provisional):
        return None
    return Move(
        case.number,
        case.agency_id,
        case.due_on,
        found.due_on,
        overdue=found.due_on is not None and found.due_on < on and (case.due_on is None or case.due_on >= on),
        confirmed=case.due_is_provisional and not found.provisional,
        refusal=refusal.sentence if refusal else None,
    )


def _event(applied: CalendarEdition, found: Found, *, at: datetime) -> dict[str, Any]:
    case = found.case
    change = "moved" if case.due_on != found.due_on else "provisional" if found.provisional else "confirmed"
    return {
        "case_id": case.pk,
        "kind": Kind.CALENDAR_CHANGED.value,
        "on": day_of(at),
        "at": at,
        "actor": Actor.CLOCK.value,
        "payload": {"year": applied.year, "edition": applied.number, "change": change},
        "due_before": case.due_on,
        "due_after": found.due_on,
    }


def _moved(found: Found, move: Move) -> Moved:
    case = found.case
    return Moved(
        case.pk, case.number, case.agency_id, case.clerk_id, case.due_on, found.due_on, move.overdue, found.provisional
    )


_NOTHING_SUPERSEDED: Final = Text(
    "没有启用过文号为“{number}”的{year}年放假安排，不能取代。",
    "No edition “{number}” for {year} is in force that could be superseded.",
)
_SUPERSEDED: Final = Text(
    "这份放假安排（{number}）启用过，后来已被取代。", "This edition ({number}) was in force and has been superseded."
)
_SAME_NUMBER: Final = Text(
    "文号“{number}”已经启用，内容不同。如果要更正，请在文件中写明supersedes。",
    "“{number}” is in force already with other days. To correct it, name it under “supersedes”.",
)
_BUILT_IN: Final = Text("文号“{number}”已经收在系统中。", "“{number}” is built in already.")
_GAP: Final = Text(
    "现有放假安排至{last}年，不能跳到{year}年，请先启用中间的年份。",
    "The editions end with {last}; {year} can't be applied before the years in between.",
)
_BEFORE_ALL: Final = Text("{year}年早于最早的放假安排（{first}年）。", "{year} is before the first edition ({first}).")
