"""What was filed: the edition that stands for a year, how one is made, and the proof that it still fits itself."""

import hashlib
import json
import tomllib
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import F, QuerySet

from casework.actions.report import Frozen
from casework.law.calendar import day_of
from casework.law.matrix import Matrix
from casework.law.refusals import Refused
from casework.law.report import Report
from casework.law.words import Text, said
from casework.models import Agency, AnnualReport, ReportEdition
from casework.models.edition import shelf
from casework.models.setting import SETTINGS

from .lines import Line, count, lines_of, tally
from .report import report_of
from .table3 import agencies_of

#: The modules that decide what is counted where; their text is part of what an edition was made with.
_COUNTING: Final = ("law", "annual")


def filed_edition(agency: Agency, year: int, *, region: bool = False) -> ReportEdition | None:
    """What was filed for that year: the newest published edition, before publication the newest signed one."""
    return _standing([agency], year, region=region).first()


def _standing(agencies: Iterable[Agency], year: int, *, region: bool) -> QuerySet[ReportEdition]:
    """The editions of a year, of each agency the one that stands first; the heavy list of cases is read when asked."""
    editions = ReportEdition.objects.filter(report__agency__in=list(agencies), report__year=year, report__region=region)
    newest = editions.order_by("report", F("published_at").desc(nulls_last=True), "-number")
    return newest.select_related("report__agency").defer("packed_cases")


def report_of_edition(edition: ReportEdition) -> Report:
    """The frozen report as a value, with the line that says which edition it is."""
    return Report.from_dict(edition.content, imprint=imprint(edition))


def imprint(edition: ReportEdition) -> Text:
    """``第1版，2027年1月20日签发，校验值（SHA-256）…``: what stands under a filed report wherever it is printed."""
    return Text(
        "第{n}版，{on}签发，校验值（SHA-256）{digest}", "Edition {n}, signed on {on}, digest (SHA-256) {digest}"
    ).format(n=edition.number, on=said(day_of(edition.signed_at)), digest=edition.digest)


# Making one ----------------------------------------------------------------------------------------------------------


def live(report: AnnualReport) -> Report:
    """The report as the records and its text give it now."""
    return report_of(report.agency, report.year, region=report.region)


def frozen(report: AnnualReport) -> Frozen:
    """Everything that a signature freezes, in one pass over the cases.

    Raises ``Refused`` where table 三 is not the count of its own cases: then one changed between two looks.
    """
    found = live(report)
    agencies = list(agencies_of(report.agency, region=report.region))
    content = found.as_dict()
    digest = hashlib.sha256(canonical(content))
    of_content = digest.hexdigest()
    groups: Counter[tuple[str, str, str]] = Counter()

    def passing() -> Iterator[str]:
        for line in lines_of(agencies, report.year):
            groups[line.kind, line.row_in, line.row_out] += 1
            text = str(line)
            digest.update(f"\n{text}".encode())
            yield text

    packed = ReportEdition.pack(passing())
    parts = _parts(report, agencies) if report.region else []
    if _with_parts(tally(report.year, groups), parts).differences(found.table3):
        raise Refused(_MOVING)
    made = made_with(agencies) | {"cases": sum(groups.values())}
    return Frozen(content, packed, digest.hexdigest(), of_content, made, parts)


def content_digest(report: AnnualReport) -> str:
    """The digest of figures and text as they are now; the case lines are not in it."""
    return hashlib.sha256(canonical(live(report).as_dict())).hexdigest()


def canonical(content: object) -> bytes:
    """JSON in one way only: keys in order, no blanks, UTF-8. The digest is over this, and then over the case lines."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _parts(report: AnnualReport, agencies: Iterable[Agency]) -> list[dict[str, Any]]:
    """The units of a region with the digest of what each filed, ``""`` where only its records could be counted.

    A unit outside this system has no case lines; its part holds its ``table3``, which ``recount`` adds.
    """
    agencies, standing = sorted(agencies, key=lambda agency: agency.code), dict[int, ReportEdition]()
    for edition in _standing(agencies, report.year, region=False).defer("packed_cases", "content"):
        standing.setdefault(edition.report.agency_id, edition)
    found = []
    for agency in agencies:
        filed = standing.get(agency.pk)
        found.append(
            {
                "code": agency.code,
                "name": agency.name,
                "edition": filed.number if filed else None,
                "digest": filed.digest if filed else "",
            }
        )
    return found


def _with_parts(matrix: Matrix, parts: Iterable[dict[str, Any]]) -> Matrix:
    for part in parts:
        if "table3" in part:
            matrix += Matrix.from_dict(matrix.year, part["table3"])
    return matrix


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


# Proof ---------------------------------------------------------------------------------------------------------------


def recount(edition: ReportEdition) -> Matrix:
    """Table 三 of an edition counted from its own case lines, and from the tables of units outside this system."""
    counted = count(edition.content["year"], map(Line.read, edition.case_lines()))
    return _with_parts(counted, edition.parts)


def digest_of(edition: ReportEdition) -> str:
    """The digest that the stored content and lines give now."""
    digest = hashlib.sha256(canonical(edition.content))
    for line in edition.case_lines():
        digest.update(f"\n{line}".encode())
    return digest.hexdigest()


def faults_of(edition: ReportEdition) -> list[Text]:
    """What does not fit in a stored edition; nothing, if it is as it was signed."""
    faults: list[Text] = []
    for holds, sentence in ((_digest_holds, _DIGEST), (_count_holds, _COUNT)):
        try:
            whole = holds(edition)
        except (KeyError, TypeError, ValueError, zlib.error) as error:
            return [*faults, _UNREADABLE.format(error=error)]
        if not whole:
            faults.append(sentence)
    return faults


def _digest_holds(edition: ReportEdition) -> bool:
    return digest_of(edition) == edition.digest


def _count_holds(edition: ReportEdition) -> bool:
    return not recount(edition).differences(report_of_edition(edition).table3)


def faulty_editions(progress: Callable[[], object] = lambda: None) -> Iterator[tuple[ReportEdition, list[Text]]]:
    """Every stored edition that is not as it was signed, with what does not fit; one at a time in memory."""
    for pk in list(ReportEdition.objects.order_by("pk").values_list("pk", flat=True)):
        edition = ReportEdition.objects.select_related("report__agency").get(pk=pk)
        progress()
        if faults := faults_of(edition):
            yield edition, faults


_MOVING: Final = Text(
    "签发的同时有申请的办理情况发生变化，没有签发。请刷新页面后再试。",
    "A case changed in the same moment, so nothing was signed. Reload the page and try again.",
)
_DIGEST: Final = Text("内容或者申请清单与签发时的校验值不符", "content or list of cases do not give the digest")
_COUNT: Final = Text("表三与本版的申请清单不符", "table 3 is not the count of its own cases")
_UNREADABLE: Final = Text("存储的内容读不出来（{error}）", "what is stored can’t be read ({error})")
