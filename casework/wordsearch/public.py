"""What is public already, and may answer somebody before they apply: one row of ``SOURCES`` for each kind of it.

A further kind is another row, and whoever changes one calls ``keep_public``.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.urls import reverse

from casework.law.calendar import day_of
from casework.law.words import Text
from casework.models import Agency, Explanation, Publication, PublishedReply, ReportEdition, RuleDocument, Searchable

from . import Entry, Like, alike, forget, keep

#: With a smaller share, what is found has only everyday words in common with what was asked.
LEAST: Final = 0.5
MOST: Final = 5
_AT_ONCE: Final = 500
#: Words that belong to applying and not to what is applied for.
_FORMAL: Final = re.compile(
    r"(?:本人|我们?|现|依法|根据.{0,30}?条例(?:第.{1,6}条)?|特此)?(?:向(?:贵|你)(?:局|单位|机关|府|办))?"
    r"(?:申请|请求|要求|希望|请)(?:依法)?(?:公开|提供|获取|查询|查阅)|政府信息|以上|谢谢"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of public matter. ``rows``: what can be found; ``known_by``: its number through all corrections."""

    key: str
    words: Text
    model: type[Model]
    rows: Callable[[], QuerySet[Any]]
    known_by: Callable[[Any], int]
    entry: Callable[[Any], Entry]


def public_like(text: str, agency: Agency, *, on: date) -> list[Like]:
    """What may answer this already, of this office and of others; its own come first among equals.

    ``on``: the day; what becomes public on a later one is in the index before and found from its day on.
    """
    rows = Searchable.objects.filter(source__in=list(SOURCES), on__lte=on)
    found = alike(_FORMAL.sub(" ", text), rows, least=LEAST, most=4 * MOST)
    found.sort(key=lambda like: (-round(like.share, 1), like.found.agency_id != agency.pk, -like.share))
    return found[:MOST]


def keep_public(rows: Sequence[Any]) -> None:
    """Have these rows found, or no longer; only inside the transaction that changed them. Other models pass through."""
    for source in SOURCES.values():
        changed = [row for row in rows if isinstance(row, source.model)]
        for start in range(0, len(changed), _AT_ONCE):
            part = changed[start : start + _AT_ONCE]
            there = list(source.rows().filter(pk__in=[row.pk for row in part]))
            keep(map(source.entry, there))
            forget(source.key, {source.known_by(row) for row in part} - {source.known_by(row) for row in there})


def all_public() -> Iterator[Entry]:
    """Everything of every source, as the index should hold it."""
    for source in SOURCES.values():
        for row in source.rows().iterator(chunk_size=_AT_ONCE):
            yield source.entry(row)


def words_of(source: str) -> Text:
    return SOURCES[source].words


def _publication(row: Publication) -> Entry:
    return Entry("publication", row.entry_pk, row.agency_id, row.title, row.on, row.address, row.column)


def _document(row: RuleDocument) -> Entry:
    on = row.published_on or row.made_on
    return Entry("document", row.entry_pk, row.agency_id, row.title, on, row.address, row.number)


def _explanation(row: Explanation) -> Entry:
    return Entry("explanation", row.entry_pk, row.agency_id, row.title, row.on, row.address, text=row.explains)


def _reply(row: PublishedReply) -> Entry:
    version = row.current
    if version is None or row.public_from is None:
        raise ValueError("the reply is not decided")
    address = reverse("portal:published", args=[row.pk])
    text = f"{version.topic_words.zh}\n{version.summary}"
    return Entry("reply", row.pk, row.agency_id, version.title, row.public_from, address, text=text)


def _report(row: ReportEdition) -> Entry:
    report = row.report
    address = reverse("portal:published_report", args=[report.agency.code, report.year])
    return Entry(
        "report",
        row.report_id,
        report.agency_id,
        f"{report.agency.name}{report.year}年政府信息公开工作年度报告{'（含下级）' if report.region else ''}",
        day_of(row.published_at) if row.published_at else day_of(row.signed_at),
        address + ("?region=1" if report.region else ""),
    )


def _newest_published() -> QuerySet[ReportEdition]:
    """Of each report its newest published edition."""
    later = ReportEdition.objects.published().filter(report=OuterRef("report"), number__gt=OuterRef("number"))
    found = ReportEdition.objects.published().filter(~Exists(later)).select_related("report__agency")
    return found.defer("content", "packed_cases", "parts").order_by("pk")


SOURCES: Final[dict[str, Source]] = {
    source.key: source
    for source in (
        Source(
            "publication",
            Text("主动公开", "Published"),
            Publication,
            lambda: Publication.objects.counting().filter(batched=False),
            lambda row: row.entry_pk,
            _publication,
        ),
        Source(
            "document",
            Text("规章、行政规范性文件", "Regulations and normative documents"),
            RuleDocument,
            lambda: RuleDocument.objects.counting().exclude(published_on=None),
            lambda row: row.entry_pk,
            _document,
        ),
        Source(
            "explanation",
            Text("政策解读", "Policy explained"),
            Explanation,
            Explanation.objects.counting,
            lambda row: row.entry_pk,
            _explanation,
        ),
        Source(
            "reply",
            Text("公开的答复", "Published reply"),
            PublishedReply,
            lambda: PublishedReply.objects.decided().prefetch_related("versions"),
            lambda row: row.pk,
            _reply,
        ),
        Source(
            "report",
            Text("年度报告", "Annual report"),
            ReportEdition,
            _newest_published,
            lambda row: row.report_id,
            _report,
        ),
    )
}
