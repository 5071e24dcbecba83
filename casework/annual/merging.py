"""What a merger means for cases and reports, said to whoever is about to record it (law.md 7.8)."""

from datetime import date
from typing import Final

from casework.law.matrix import CARRIED_IN, TOTAL
from casework.law.words import Text
from casework.models import Agency, AnnualReport, Case, ReportEdition

from .table3 import matrix_of


def what_follows(old: Agency, new: Agency, on: date) -> list[Text]:
    """What it means that ``old`` went into ``new`` on a day: said before it is recorded."""
    year, names = on.year, {"old": old.name, "new": new.name}
    open_cases = Case.objects.filter(agency=old, closed_on=None).count()
    carried = matrix_of([old], year).figure(CARRIED_IN, TOTAL)
    found = [
        _REPORTS.format(year=year, **names),
        _CARRIED.format(n=carried, last=year - 1, year=year, **names),
        _STAYS.format(n=open_cases, **names),
        _NO_MORE.format(**names),
    ]
    signed = ReportEdition.objects.filter(report__agency=new, report__year__gte=year, report__region=False)
    found += [_AGAIN.format(year=of, **names) for of in sorted(set(signed.values_list("report__year", flat=True)))]
    drafts = AnnualReport.objects.filter(agency=old, year__gte=year).order_by("year")
    found += [_DRAFT.format(year=of, **names) for of in drafts.values_list("year", flat=True).distinct()]
    return found


_REPORTS: Final = Text(
    "自{year}年起，年度报告由{new}一并编写，{old}不再编写；{year}年以前的仍由{old}编写。",
    "From {year} on {new} reports for both and {old} no longer does; years before {year} stay with {old}.",
)
_CARRIED: Final = Text(
    "{old}由{last}年结转的{n}件，计入{new}{year}年的第二项。",
    "Cases of {old} carried over from {last}, counted in item 2 of {new} for {year}: {n}.",
)
_STAYS: Final = Text(
    "{old}还在办理的{n}件留在原机关名下，编号、期限、承办人都不变。",
    "Open cases that stay under the name of {old}, with their numbers, periods and clerks: {n}.",
)
_NO_MORE: Final = Text(
    "登记以后，{old}不再收新的申请，请申请人向{new}提出。",
    "Once this is recorded {old} takes no new applications; applicants are referred to {new}.",
)
_AGAIN: Final = Text(
    "{new}已经签发{year}年的报告，其中没有{old}的申请：请另编新版。",
    "{new} has signed its report of {year} without the applications of {old} and has to make a new edition.",
)
_DRAFT: Final = Text(
    "{old}已经开始编写的{year}年报告不能再核对、签发。",
    "The report of {year} that {old} has begun can no longer be checked or signed.",
)
