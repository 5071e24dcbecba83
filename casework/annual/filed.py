"""What was filed: the edition that stands for a year, and the proof that it still fits itself."""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.db.models import F, QuerySet

from casework.law.calendar import day_of
from casework.law.matrix import Matrix
from casework.law.report import Report
from casework.law.words import Text, said
from casework.models import Agency, ReportEdition

from .lines import Line, count

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


def canonical(content: object) -> bytes:
    """JSON in one way only: keys in order, no blanks, UTF-8. The digest is over this, and then over the case lines."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def with_parts(matrix: Matrix, parts: Iterable[dict[str, Any]]) -> Matrix:
    """Table 三 of the lines, and of the units that have none because they sent a file."""
    for part in parts:
        if "table3" in part:
            matrix += Matrix.from_dict(matrix.year, part["table3"])
    return matrix


# Proof ---------------------------------------------------------------------------------------------------------------


def recount(edition: ReportEdition) -> Matrix:
    """Table 三 of an edition counted from its own case lines, and from the tables of units outside this system."""
    counted = count(edition.content["year"], map(Line.read, edition.case_lines()))
    return with_parts(counted, edition.parts)


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


_DIGEST: Final = Text("内容或者申请清单与签发时的校验值不符", "content or list of cases do not give the digest")
_COUNT: Final = Text("表三与本版的申请清单不符", "table 3 is not the count of its own cases")
_UNREADABLE: Final = Text("存储的内容读不出来（{error}）", "what is stored can’t be read ({error})")
