"""How an edition is made: everything that a signature freezes, in one pass over the cases."""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from casework.actions.report import Frozen
from casework.law.refusals import Refused
from casework.law.report import Report
from casework.law.words import Text
from casework.models import Agency, AnnualReport, ReportEdition
from casework.models.edition import shelf
from casework.models.setting import SETTINGS

from .filed import canonical, with_parts
from .lines import Line, lines_of, tally
from .region import Source, Unit, region_of
from .report import report_of
from .table3 import agencies_of

#: The modules that decide what is counted where; their text is part of what an edition was made with.
_COUNTING: Final = ("law", "annual")


def live(report: AnnualReport) -> Report:
    """The report as the records and its text give it now."""
    return report_of(report.agency, report.year, region=report.region)


def frozen(report: AnnualReport) -> Frozen:
    """Everything that a signature freezes, in one pass over the cases.

    Raises ``Refused`` where table 三 is not the count of its own cases: then one changed between two looks.
    """
    found = live(report)
    units = region_of(report.agency, report.year).units if report.region else ()
    content = found.as_dict()
    digest = hashlib.sha256(canonical(content))
    of_content = digest.hexdigest()
    groups: Counter[tuple[str, str, str]] = Counter()

    def passing() -> Iterator[str]:
        for text in _lines(report, units):
            line = Line.read(text)
            groups[line.kind, line.row_in, line.row_out] += 1
            digest.update(f"\n{text}".encode())
            yield text

    packed = ReportEdition.pack(passing())
    parts = [_part(unit) for unit in units]
    if with_parts(tally(report.year, groups), parts).differences(found.table3):
        raise Refused(_MOVING)
    agencies = list(agencies_of(report.agency, region=report.region, year=report.year))
    made = made_with(agencies) | {"cases": sum(groups.values())}
    return Frozen(content, packed, digest.hexdigest(), of_content, made, parts)


def content_digest(report: AnnualReport) -> str:
    """The digest of figures and text as they are now; the case lines are not in it."""
    return hashlib.sha256(canonical(live(report).as_dict())).hexdigest()


def _lines(report: AnnualReport, units: Iterable[Unit]) -> Iterator[str]:
    """The case lines of an agency; of a region, those of each unit as it was counted: what it filed, or its records."""
    if not report.region:
        agencies = list(agencies_of(report.agency, region=False, year=report.year))
        yield from map(str, lines_of(agencies, report.year))
    for unit in units:
        if unit.edition is not None:
            yield from unit.edition.case_lines()
        elif unit.source is Source.RECORDS:
            yield from map(str, lines_of([unit.agency, *unit.predecessors], report.year))


def _part(unit: Unit) -> dict[str, Any]:
    """A unit with the digest of what it filed or sent, ``""`` where only its records could be counted.

    What was sent as a file has no case lines: its part holds its ``table3``, which ``recount`` adds.
    """
    sent = unit.edition or unit.received
    digest = unit.edition.digest if unit.edition else unit.received.sha256 if unit.received else ""
    part: dict[str, Any] = {
        "code": unit.agency.code,
        "name": unit.agency.name,
        "source": unit.source.value,
        "number": sent.number if sent else None,
        "digest": digest,
    }
    if unit.received is not None and unit.report is not None:
        part["table3"] = unit.report.table3.as_dict()
    return part


def made_with(agencies: Iterable[Agency]) -> dict[str, Any]:
    """The working papers: version of the code, calendar editions, and how each agency reads what is unsettled."""
    readings = [name for name, setting in SETTINGS.items() if setting.reading]
    return {
        "code": {"version": code_version(), "counting": counting_digest()},
        "calendars": [{"year": edition.year, "number": edition.number} for edition in shelf().editions()],
        "applied_calendars": [
            {"year": file.year, "number": file.number, "region": file.region, "hash": file.content_hash}
            for file in (*shelf().national, *shelf().regional)
        ],
        "readings": {
            agency.code: {name: getattr(agency, name) for name in readings}
            | {"former_readings": agency.former_readings}
            for agency in agencies
        },
    }


@cache
def code_version() -> str:
    """The version of this program as installed, or as its project file says."""
    try:
        return metadata.version("gongkai")
    except metadata.PackageNotFoundError:
        project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8"))
        return str(project["project"]["version"])


@cache
def counting_digest() -> str:
    """SHA-256 over the modules that count: two editions with the same one were counted by the same rules."""
    digest, root = hashlib.sha256(), Path(__file__).resolve().parent.parent
    for folder in _COUNTING:
        for file in sorted((root / folder).rglob("*.py")):
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


_MOVING: Final = Text(
    "签发的同时有申请的办理情况发生变化，没有签发。请刷新页面后再试。",
    "A case changed in the same moment, so nothing was signed. Reload the page and try again.",
)
