"""The register of letters: what left under which number, what is void and why, as a page, a table and files."""

import tempfile
import zipfile
from collections.abc import Callable, Iterable
from functools import partial
from typing import IO, Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from casework import access
from casework.access import AgencyAct
from casework.actions.letters import void_letter
from casework.desk.forms.letter_register import MOST_AT_ONCE, ChosenForm, VoidForm
from casework.desk.pages import DeskRequest, desk, page
from casework.exports import write_csv, write_xlsx
from casework.law.letters import LETTERS, LetterKind
from casework.law.refusals import Refused
from casework.letters import register as kept
from casework.letters.stored import file_name, signed_pdf
from casework.models import Agency, Letter

_WRITERS: Final[dict[str, Callable[..., int]]] = {
    "csv": write_csv,
    "xlsx": partial(write_xlsx, sheet="文书登记簿"),
}


@require_safe
@desk
def first(request: DeskRequest) -> HttpResponseBase:
    """The way in: the first agency whose letters this person may read, in this year."""
    agency = access.agencies_for(request.user, AgencyAct.SEE_LETTERS).first()
    if agency is None:
        raise PermissionDenied
    return redirect("desk:letters_of", agency.code, timezone.localdate().year)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def letters_of(request: DeskRequest, code: str, year: int) -> HttpResponseBase:
    """The letters of a year, a page at a time; posted, those that were ticked, as files."""
    agency = _agency(request, code)
    kind = request.GET.get("kind", "")
    if kind and kind not in list(LetterKind):
        raise Http404
    shown = Paginator(kept.letters_of(agency, year, kind), MOST_AT_ONCE).get_page(request.GET.get("page"))
    form = None
    if request.method == "POST":
        form = ChosenForm(request.POST, offered=[letter.pk for letter in shown])
        if form.is_valid():
            chosen = Letter.objects.filter(pk__in=form.cleaned_data["letter"]).select_related("case").order_by("pk")
            return FileResponse(_zipped(chosen), as_attachment=True, filename=f"{agency.code}-{year}-文书.zip")
    context: dict[str, Any] = {
        "agency": agency,
        "agencies": access.agencies_for(request.user, AgencyAct.SEE_LETTERS),
        "year": year,
        "years": sorted({year, timezone.localdate().year, *kept.years_of(agency)}, reverse=True),
        "kind": kind,
        "kinds": [(each.value, row.title) for each, row in LETTERS.items()],
        "shown": shown,
        "series": list(kept.series_of(agency, year)),
        "may_void": access.may_for_agency(request.user, AgencyAct.VOID_LETTERS, agency),
        "form": form,
    }
    return page(request, "desk/letters/register.html", context, section="letters", status=400 if form else 200)


@require_safe
@desk
def export(request: DeskRequest, code: str, year: int, form: str) -> HttpResponseBase:
    """The register of a year as CSV or XLSX."""
    agency = _agency(request, code)
    if form not in _WRITERS:
        raise Http404
    file = tempfile.TemporaryFile(prefix="register-")  # noqa: SIM115 - closed by the response
    rows = map(kept.row_of, kept.letters_of(agency, year).iterator(chunk_size=1000))
    _WRITERS[form](file, kept.HEADINGS, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{agency.code}-{year}-文书登记簿.{form}")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def void(request: DeskRequest, code: str, pk: int) -> HttpResponseBase:
    """Declare a letter void: its number stays taken, and a reply is made anew with the next one."""
    agency = get_object_or_404(access.agencies_for(request.user, AgencyAct.VOID_LETTERS), code=code)
    letter = get_object_or_404(Letter.objects.select_related("case", "decision"), agency=agency, pk=pk)
    back = reverse("desk:letters_of", args=[agency.code, letter.year])
    form = VoidForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            void_letter(letter, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
            letter.refresh_from_db()
        else:
            messages.success(request, gettext("文书%(number)s已经作废。") % {"number": letter})
            return redirect(back)
    context = {"letter": letter, "form": form, "back": back, "agency": agency}
    return page(request, "desk/letters/void.html", context, section="letters")


def _agency(request: DeskRequest, code: str) -> Agency:
    return get_object_or_404(access.agencies_for(request.user, AgencyAct.SEE_LETTERS), code=code)


def _zipped(chosen: Iterable[Letter]) -> IO[bytes]:
    """The signed files, one after the other; what is lost is named in a list and keeps nothing else back."""
    file = tempfile.TemporaryFile(prefix="letters-")  # noqa: SIM115 - closed by the response
    lost: list[str] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for letter in chosen:
            try:
                archive.writestr(file_name(letter), signed_pdf(letter))
            except Refused as refused:
                lost.append(refused.sentence.zh)
        if lost:
            archive.writestr("没有的文件.txt", "\n".join(lost))
    file.seek(0)
    return file
