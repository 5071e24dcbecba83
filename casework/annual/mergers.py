"""Organs that went into others: whose cases a unit reports in a year (law.md 7.8).

Cases stay where they were registered. From the year of the merger on, the successor reports them, so that item 2 of
its table holds what the predecessor carried out the year before, and nothing is counted in two units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from casework.models import Agency, SettingChange


@dataclass(frozen=True, slots=True)
class Mergers:
    """All mergers on record: agency → the day and its successor, by key."""

    rows: Mapping[int, tuple[date, int]]

    @classmethod
    def known(cls, at: datetime | None = None) -> "Mergers":
        """Those on record now, or at a past moment: a merger is recorded once, as a change of the organ that went."""
        rows = Agency.objects.exclude(succeeded_on=None).values_list("pk", "succeeded_on", "successor_id")
        found = {pk: (on, heir) for pk, on, heir in rows if on is not None and heir is not None}
        if at is None:
            return cls(found)
        # What the first change after the moment says was before it.
        for change in SettingChange.objects.filter(field="successor", at__gt=at).order_by("-pk"):
            was = change.before
            if was["successor"] is None or was["on"] is None:
                found.pop(change.agency_id, None)
            else:
                heir = Agency.objects.get(code=was["successor"])
                found[change.agency_id] = date.fromisoformat(was["on"]), heir.pk
        return cls(found)

    def reporter(self, agency: int, year: int) -> int:
        """Who reports the cases of an agency for a year: itself, until the year in which it went into another."""
        passed = {agency}
        while (row := self.rows.get(agency)) is not None and row[0].year <= year and row[1] not in passed:
            agency = row[1]
            passed.add(agency)
        return agency

    def reported_by(self, agency: int, year: int) -> list[int]:
        """The agencies whose cases one reports for a year: its own first, then its predecessors'."""
        return [agency, *(each for each in self.rows if each != agency and self.reporter(each, year) == agency)]
