"""What the files of a draft withhold, for whoever is to pass or sign it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.law.withholding import WITHHOLDINGS, Withholding
from casework.models import Decision, Release, fared_by_ground


@dataclass(frozen=True, slots=True)
class WithheldFile:
    """A file of the draft, the record of which it was made, and each area with its ground and remark."""

    release: Release
    areas: list[tuple[dict[str, Any], Withholding, str]]
    #: Grounds of these areas on which reviews or courts have decided: words, on how many places, how many fell.
    fared: list[tuple[Withholding, int, int]]


def withheld_with(decision: Decision, *, on: date) -> list[WithheldFile]:
    """Every file of the draft that was made of a record, in a fixed number of queries."""
    known = fared_by_ground(decision.case.agency, on=on)
    attached = decision.attachments.exclude(release=None)
    found = Release.objects.filter(documents__in=attached).select_related("material__document")
    files = []
    for release in found.prefetch_related("material__areas"):
        remarks = {area.number: area.remark for area in release.material.areas.all()}
        areas = [(each, WITHHOLDINGS[each["ground"]], remarks.get(each["number"], "")) for each in release.map]
        grounds = dict.fromkeys(each["ground"] for each in release.map if each["ground"] in known)
        files.append(WithheldFile(release, areas, [(WITHHOLDINGS[key], *known[key]) for key in grounds]))
    return files
