"""What a platform above collects: ledger, tables, filed editions, and how the units of a region stand."""

from dataclasses import replace
from datetime import date
from typing import Final, Literal

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from casework import annual
from casework.access.machines import reached_by
from casework.actions.history import facts_of, with_ledger_facts
from casework.api import answers
from casework.api.asked import AsOf, Code, Cursor, Limit, Number, OfYear, Region, Year
from casework.api.door import TokenRequest
from casework.api.paging import mark, page_of, seen
from casework.api.problems import Problem
from casework.api.routes import reads
from casework.exports import FORMATS, as_json, export_edition
from casework.law.history import FACTS, History
from casework.law.matrix import CARRIED_IN, CARRIED_OUT, NEW, TOTAL
from casework.law.outcomes import Outcome
from casework.law.words import Text
from casework.models import Agency, Case, ReportEdition, Scope

Form = Literal["json", "html", "xlsx", "docx", "pdf", "md"]
_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
}


@reads(
    "/agencies/{code}/ledger",
    Scope.LEDGER,
    answers.Ledger,
    summary="台账 / The ledger",
    description="与导出的台账相同的列，不含证件号码。as_of：当日以前收到的申请，以后发生的事项不列。",
)
def ledger(
    request: TokenRequest,
    code: Code,
    *,
    year: OfYear = None,
    as_of: AsOf = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> answers.Ledger:
    agency = _agency(request, Scope.LEDGER, code)
    cases: QuerySet[Case] = Case.objects.applications().filter(agency=agency)
    if year is not None:
        cases = cases.filter(year=year)
    if as_of is not None:
        cases = cases.filter(received_on__lte=as_of)
    of = f"ledger:{agency.code}:{year}:{as_of}"
    found, after = page_of(with_ledger_facts(cases), of=of, cursor=cursor, limit=limit)
    rows = [_ledger_row(case, as_of) for case in found]
    return answers.Ledger(agency=_ref(agency), as_of=as_of, rows=rows, next=after)


def _ledger_row(case: Case, as_of: date | None) -> answers.LedgerRow:
    facts = facts_of(case)
    if as_of is not None:
        facts = _as_of(case, facts, as_of)
    given = {name: getattr(facts, name) for name in FACTS if name != "identity_number"}
    return answers.LedgerRow(**given | {"outcome": Outcome(facts.outcome) if facts.outcome else None})


def _as_of(case: Case, facts: History, on: date) -> History:
    """The row without what took effect later, by what is known now."""
    asked, answered = facts.supplement_requested_on, facts.supplement_received_on
    extension = next(iter(case.extensions.all()), None)
    open_still = facts.closed_on is not None and facts.closed_on > on
    return replace(
        facts,
        supplement_requested_on=asked if asked and asked <= on else None,
        supplement_received_on=answered if answered and answered <= on else None,
        extension_days=facts.extension_days if extension and extension.on <= on else None,
        outcome="" if open_still else facts.outcome,
        closed_on=None if open_still else facts.closed_on,
        document_number="" if open_still else facts.document_number,
    )


@reads(
    "/agencies/{code}/years/{year}/matrix",
    Scope.MATRIX,
    answers.AnnualReport,
    summary="年度统计表 / The annual tables now",
    description="`gongkai.annual-report/1`，由记录现时生成，与 `manage.py annual_report` 的输出逐字节相同。",
)
def matrix(
    request: TokenRequest,
    code: Code,
    year: Year,
    *,
    region: Region = False,
    as_of: AsOf = None,
) -> HttpResponse:
    agency, today = _agency(request, Scope.MATRIX, code, region=region), timezone.localdate()
    annual.check_year(year, on=today)
    if as_of is not None and not date(year, 1, 1) <= as_of <= today:
        raise Problem("invalid", faults=[("as_of", _NO_DAY.format(year=year))])
    report = annual.report_of(agency, year, region=region, as_of=as_of)
    return HttpResponse(as_json(report), content_type="application/json")


@reads(
    "/agencies/{code}/years/{year}/report",
    Scope.REPORT,
    answers.Editions,
    summary="年度报告各版 / Editions of the annual report",
)
def report(request: TokenRequest, code: Code, year: Year, *, region: Region = False) -> answers.Editions:
    agency = _agency(request, Scope.REPORT, code, region=region)
    editions = _editions(agency, year, region=region).defer("content", "packed_cases", "parts")
    return answers.Editions(
        agency=_ref(agency),
        year=year,
        region=region,
        editions=[
            answers.EditionRow(
                number=edition.number,
                reason=edition.reason,
                digest=edition.digest,
                signed_at=edition.signed_at,
                published_at=edition.published_at,
                links={form: _file_at(agency, year, edition.number, form, region=region) for form in FORMATS},
            )
            for edition in editions.order_by("-number")
        ],
    )


@reads(
    "/agencies/{code}/years/{year}/report/{number}.{form}",
    Scope.REPORT,
    answers.AnnualReport,
    summary="一版年度报告 / One edition of the annual report",
    description="签发时的内容，不再改变。json 之外的格式是文件。 / As it was signed; forms other than json are files.",
    files=tuple(_TYPES[form] for form in FORMATS if form != "json"),
)
def edition_file(
    request: TokenRequest,
    code: Code,
    year: Year,
    number: Number,
    form: Form,
    *,
    region: Region = False,
) -> HttpResponse:
    agency = _agency(request, Scope.REPORT, code, region=region)
    edition = _editions(agency, year, region=region).filter(number=number).first()
    if edition is None:
        raise Http404
    content = export_edition(
        edition.content, annual.report_of_edition(edition), form, language=get_language() or "zh-hans"
    )
    return HttpResponse(content, content_type=_TYPES[form])


@reads(
    "/agencies/{code}/years/{year}/units",
    Scope.REPORT,
    answers.Units,
    summary="下级报送情况 / Who in the region has filed",
    description="本机关和下级各单位：是否已经报送，计入合计的是哪一版。需要含下级的令牌。",
)
def units(request: TokenRequest, code: Code, year: Year, cursor: Cursor = "", limit: Limit = 50) -> answers.Units:
    agency = _agency(request, Scope.REPORT, code, region=True)
    annual.check_year(year, on=timezone.localdate())
    of, every = f"units:{agency.code}:{year}", annual.region_of(agency, year).units
    first = seen(cursor, of=of, first="")
    there = sorted((unit for unit in every if unit.agency.path > first), key=lambda unit: unit.agency.path)
    here = there[:limit]
    return answers.Units(
        agency=_ref(agency),
        year=year,
        units=[_unit(unit, year) for unit in here],
        next=mark(here[-1].agency.path, of=of) if len(there) > limit else None,
    )


def _unit(unit: annual.Unit, year: int) -> answers.UnitRow:
    edition = unit.edition
    rows = (NEW, CARRIED_IN, TOTAL, CARRIED_OUT)
    return answers.UnitRow(
        agency=_ref(unit.agency),
        source=unit.source.value,
        edition=edition.number if edition else None,
        digest=edition.digest if edition else None,
        published=edition is not None and edition.published_at is not None,
        totals={row: unit.figure(row, TOTAL) for row in rows} if unit.report else None,
        failing=sorted({check.relation.value for check in [*unit.failing, *unit.failing_links]}),
        report=_file_at(unit.agency, year, edition.number, "json", region=False) if edition else None,
    )


def _agency(request: TokenRequest, scope: Scope, code: str, *, region: bool = False) -> Agency:
    """The agency of this code, if the token reaches it, and all below it where a region is asked for."""
    found = reached_by(request.auth, scope).filter(code=code).first()
    if found is None or (region and not request.auth.region):
        raise Http404
    return found


def _ref(agency: Agency) -> answers.AgencyRef:
    return answers.AgencyRef(code=agency.code, name=agency.name)


def _editions(agency: Agency, year: int, *, region: bool) -> QuerySet[ReportEdition]:
    found = ReportEdition.objects.filter(report__agency=agency, report__year=year, report__region=region)
    return found.select_related("report__agency").defer("packed_cases")


def _file_at(agency: Agency, year: int, number: int, form: str, *, region: bool) -> str:
    where = {"code": agency.code, "year": year, "number": number, "form": form}
    return reverse("api:edition_file", kwargs=where) + ("?region=true" if region else "")


_NO_DAY: Final = Text("应为{year}年1月1日至今天的日期。", "This must be a day from 1 January {year} to today.")
