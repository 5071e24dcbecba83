"""Pages that say the same to everybody, and the answers to addresses and forms that fail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from casework.models import Agency, OfficeText


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


def about_office(request: HttpRequest, code: str) -> HttpResponse:
    """Where an office is, when it is open and what it says before somebody applies (条例 12)."""
    agency = get_object_or_404(Agency.objects.open_to_applications(), code=code)
    texts = list(OfficeText.objects.of(agency).values())
    return render(request, "portal/office.html", {"agency": agency, "texts": texts})
