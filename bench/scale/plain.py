"""The floor of a page: a plain Django view under Django's own middleware, one query and one short template each."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import Context, Engine
from django.urls import path

from casework.models import Case, Event

#: As ``startproject`` writes them, and ``OwnAddresses``.
MIDDLEWARE: Final = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bench.scale.plain.OwnAddresses",
]
_ENGINE: Final = Engine()
_LIST: Final = _ENGINE.from_string(
    "<!doctype html><title>Cases</title><table>{% for case in cases %}<tr><td>{{ case.number }}"
    "<td>{{ case.applicant.name }}<td>{{ case.due_on }}<td>{{ case.content }}{% endfor %}</table>"
)
_ONE: Final = _ENGINE.from_string(
    "<!doctype html><title>{{ case.number }}</title><h1>{{ case.number }}</h1><p>{{ case.content }}</p>"
    "<ol>{% for event in events %}<li>{{ event.on }} {{ event.kind }} {{ event.by }}{% endfor %}</ol>"
)


class OwnAddresses:
    """Lets the addresses below stand beside the product's in one process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.urlconf = __name__
        return self.get_response(request)


@login_required
def queue(request: HttpRequest, agency: int) -> HttpResponse:
    """The first fifty open cases by their day."""
    cases = Case.objects.filter(agency=agency, closed_on=None).select_related("applicant").order_by("due_on", "pk")
    return HttpResponse(_LIST.render(Context({"cases": cases[:50]})))


@login_required
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """A case and what happened in it."""
    found: Any = Case.objects.select_related("applicant").get(pk=pk)
    events = Event.objects.filter(case=pk).select_related("by").order_by("id")
    return HttpResponse(_ONE.render(Context({"case": found, "events": events})))


@login_required
def search(request: HttpRequest, word: str) -> HttpResponse:
    """The newest thirty that hold a word, as the index of the product finds them."""
    with connection.cursor() as cursor:
        cursor.execute(BY_INDEX, {"pair": pair_of(word)})
        keys = [key for (key,) in cursor.fetchall()]
    cases = Case.objects.filter(pk__in=keys).select_related("applicant").order_by("-pk")
    return HttpResponse(_LIST.render(Context({"cases": cases})))


#: The best statement by hand where a word is not in every text: by the inverted index, newest first.
BY_INDEX: Final = (
    "SELECT case_id FROM casework_casetext WHERE string_to_array(pairs, ' ') @> ARRAY[%(pair)s]::text[] "
    "ORDER BY case_id DESC LIMIT 31"
)


def pair_of(word: str) -> str:
    """A word of two characters as the index holds it."""
    return "x".join(f"{ord(character):x}" for character in word)


urlpatterns = [
    path("queue/<int:agency>/", queue),
    path("case/<int:pk>/", case),
    path("search/<str:word>/", search),
]
