"""What the files of a draft withhold, for whoever is to pass or sign it."""

from dataclasses import dataclass
from typing import Any

from casework.law.withholding import WITHHOLDINGS, Withholding
from casework.models import Decision, Release


@dataclass(frozen=True, slots=True)
class WithheldFile:
    """A file of the draft, the record of which it was made, and each area with its ground and remark."""

    release: Release
    areas: list[tuple[dict[str, Any], Withholding, str]]


def withheld_with(decision: Decision) -> list[WithheldFile]:
    """Every file of the draft that was made of a record, in a fixed number of queries."""
    attached = decision.attachments.exclude(release=None)
    found = Release.objects.filter(documents__in=attached).select_related("material__document")
    files = []
    for release in found.prefetch_related("material__areas"):
        remarks = {area.number: area.remark for area in release.material.areas.all()}
        areas = [(each, WITHHOLDINGS[each["ground"]], remarks.get(each["number"], "")) for each in release.map]
        files.append(WithheldFile(release, areas))
    return files
