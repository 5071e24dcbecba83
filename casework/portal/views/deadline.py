"""The public page of periods: a due date with its why, from facts in the address; nothing is stored."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from casework.models.edition import national_calendar
from casework.portal.forms.deadline import DeadlineForm, PeriodForm


def deadline(request: HttpRequest) -> HttpResponse:
    """The reply period of an application, as 条例 31 to 33 give it."""
    asked = request.GET if "on" in request.GET else None
    form = DeadlineForm(asked, calendar=national_calendar())
    return _answer(request, form, "portal/deadline/reply.html")


def period(request: HttpRequest) -> HttpResponse:
    """Any other statutory period."""
    asked = request.GET if "from_day" in request.GET else None
    form = PeriodForm(asked, calendar=national_calendar())
    return _answer(request, form, "portal/deadline/period.html")


def _answer(request: HttpRequest, form: DeadlineForm | PeriodForm, template: str) -> HttpResponse:
    due = form.due if form.is_bound and form.is_valid() else None
    left = due.days_left(timezone.localdate()) if due else None
    return render(request, template, {"section": "deadline", "form": form, "due": due, "left": left})
