"""The public page that checks an annual report of any office; nothing of it is stored."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from casework.exports import summary, table_context, title
from casework.law.agreement import agreement_of_report
from casework.law.report import links
from casework.law.words import Text
from casework.portal.forms.check import CheckForm
from casework.published import Reading
from casework.published.reading import FORMS


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The form, and under it what was understood, what was not, and every relation that fails."""
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    context: dict[str, Any] = {"section": "check", "form": form}
    if form.is_bound and form.is_valid() and form.reading is not None:
        context |= _found(form.reading, form.before)
    return render(request, "portal/check.html", context, status=200)


def _found(reading: Reading, before: Reading | None) -> dict[str, Any]:
    report = reading.report()
    checks = [*report.checks(), *(links(before.report(), report) if before else ())]
    return {
        "reading": reading,
        "report_title": title(report),
        "form_words": FORMS[reading.table3.form],
        "remarks": [*reading.remarks(), *(_about_years(reading, before) if before else ())],
        **table_context(report),
        "checks": summary(checks),
        "agreement": agreement_of_report(report),
        "failing": sum(1 for each in checks if not each.holds),
        "compared": before is not None,
    }


def _about_years(reading: Reading, before: Reading) -> Iterator[Text]:
    """Two reports that are not of one office and consecutive years are compared all the same, and that is said."""
    if reading.year is not None and before.year is not None and before.year != reading.year - 1:
        yield Text(
            f"两份报告的年度是{before.year}年和{reading.year}年，不是相邻的两年",
            f"The reports are of {before.year} and {reading.year}, which are not consecutive years",
        )
    if reading.agency_name and before.agency_name and reading.agency_name != before.agency_name:
        yield Text(
            f"两份报告的机关不同：“{before.agency_name}”和“{reading.agency_name}”",
            f"The reports are of different offices: “{before.agency_name}” and “{reading.agency_name}”",
        )
