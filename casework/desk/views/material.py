"""案卷材料: the records of a case, what is withheld on their pages, and the files that are made of them."""

from typing import Any, Final, TypeVar

from django.contrib import messages
from django.db.models import Prefetch
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from casework import access
from casework.access import MaterialAct
from casework.actions import materials as verbs
from casework.actions import redact
from casework.desk.forms.acts import DeskForm
from casework.desk.forms.material import AreaForm, HitsForm, MaterialsForm, PagesForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Area, Audience, Case, Material, Release
from casework.models.material import share_of
from casework.redaction import previews
from casework.redaction.office import HIDDEN

Answer = TypeVar("Answer", bound=HttpResponseBase)
#: Dots an inch of a page on the screen.
DOTS: Final = 100
#: Of a file that is shown: no script, no form, no origin.
SANDBOX: Final = "default-src 'none'; sandbox"
#: A short file is made while one waits; a long one by the worker, and the page says how far it is.
MADE_AT_ONCE: Final = 5
#: Each says with ``spots`` what is meant.
MarkForm = AreaForm | HitsForm | PagesForm
_FORMS: Final[dict[str, type[MarkForm]]] = {"area": AreaForm, "hits": HitsForm, "pages": PagesForm}


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def materials(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The records of a case, and the form that lays more of them on the file."""
    found = _case_or_404(request, pk)
    form = MaterialsForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            verbs.add_materials(found, form.cleaned_data["uploads"], by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("已经放入案卷材料。"))
            return redirect("desk:materials", pk)
    context = {
        "case": found,
        "form": form,
        "records": [_line(each) for each in _of(found)],
        "may": access.material_acts_for(request.user, found),
        "back": reverse("desk:case", args=[pk]),
    }
    return page(request, "desk/materials/list.html", context, section="queue")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def material(request: DeskRequest, pk: int, material_pk: int) -> HttpResponseBase:
    """One record: a page of it, what is withheld there, and what can be done."""
    found = _case_or_404(request, pk)
    record = get_object_or_404(_of(found), pk=material_pk)
    at = timezone.now()
    number = _page_number(request, record)
    given: tuple[str, DeskForm] | None = None
    if request.method == "POST":
        do = request.POST.get("do", "")
        try:
            if (form := _posted_form(request, do)) is not None:
                given = (do, form)
                if form.is_valid():
                    redact.mark(record, form.spots(), **form.facts(), by=request.user, at=at)
                    messages.success(request, gettext("已经标明。"))
                    return redirect(_place(record, number))
            else:
                _done(request, record, do)
                return redirect(_place(record, number))
        except Refused as refused:
            if given is None:
                given = ("", DeskForm(request.POST))
            given[1].is_valid()
            given[1].refuse(refused)
        record = get_object_or_404(_of(found), pk=material_pk)
    return page(request, "desk/materials/editor.html", _editor(request, found, record, number, given), section="queue")


@require_safe
@desk
def material_page(request: DeskRequest, pk: int, material_pk: int, number: int) -> HttpResponseBase:
    """The picture of a page as it is before anything is withheld; who looks at it is on record."""
    found = _case_or_404(request, pk)
    record = get_object_or_404(_of(found), pk=material_pk)
    if refusal := _reads(request, record):
        return refusal
    if not 1 <= number <= len(record.pages):
        return HttpResponse(status=404)
    return _picture(record.working_sha256, number, record.working)


@require_safe
@desk
def material_original(request: DeskRequest, pk: int, material_pk: int) -> HttpResponseBase:
    """The record as it came, as a download; each is on record."""
    found = _case_or_404(request, pk)
    record = get_object_or_404(_of(found), pk=material_pk)
    if refusal := _reads(request, record, whole=True):
        return refusal
    document = record.document
    return _sealed(FileResponse(document.file.open("rb"), as_attachment=True, filename=document.name))


@require_safe
@desk
def released_file(request: DeskRequest, pk: int, release_pk: int) -> HttpResponseBase:
    """A file that passed, as the applicant or the public gets it."""
    found = _case_or_404(request, pk)
    release = get_object_or_404(Release, pk=release_pk, material__document__case=found, state="passed")
    return _sealed(FileResponse(release.file.open("rb"), as_attachment=True, filename=release.name))


def _case_or_404(request: DeskRequest, pk: int) -> Case:
    return get_object_or_404(access.visible_to(request.user).select_related("agency", "applicant"), pk=pk)


def _of(case: Case) -> Any:
    """The records of a case with all that their pages show, in a fixed number of queries."""
    return (
        Material.objects.filter(document__case=case)
        .select_related("document__case__agency", "document__added_by")
        .prefetch_related(Prefetch("areas", Area.objects.select_related("added_by", "lifted_by")), Prefetch("releases"))
    )


def _line(record: Material) -> dict[str, Any]:
    """A record in the list: how much of it is withheld, and where its files stand."""
    return {
        "record": record,
        "count": len(record.standing()),
        "share": share_of(record.seen_by(Audience.APPLICANT), len(record.pages)) / 10,
        "fault": Text(**record.fault) if record.fault else None,
        "files": [(audience, record.current(audience)) for audience in Audience],
    }


def _editor(
    request: DeskRequest, found: Case, record: Material, number: int, given: tuple[str, DeskForm] | None
) -> dict[str, Any]:
    may = access.material_acts_for(request.user, found)
    wanted = request.GET.get("find", "")[:100] or request.POST.get("find", "")[:100]
    which, bound = given or ("", None)
    begun = {"page": number, "find": wanted, "public_only": MaterialAct.MARK not in may}
    context: dict[str, Any] = {
        **_line(record),
        "case": found,
        "number": number,
        "numbers": range(1, len(record.pages) + 1),
        "size": record.pages[number - 1] if record.pages else None,
        "on_page": [area for area in record.standing() if area.page == number],
        "areas": sorted(record.areas.all(), key=lambda area: (area.lifted_at is not None, area.page, area.number)),
        "hidden": [(HIDDEN[key], count) for key, count in record.hidden.items() if key in HIDDEN],
        "may": may,
        "may_mark": MaterialAct.MARK in may or MaterialAct.MARK_PUBLIC in may,
        "may_read": MaterialAct.READ_ORIGINAL in may and record.document.may_be_opened,
        "find": wanted,
        "form": bound,
        "forms": {
            name: bound if which == name else kind(initial=begun, auto_id=f"{name}_%s") for name, kind in _FORMS.items()
        },
        "back": reverse("desk:materials", args=[found.pk]),
    }
    if wanted and context["may_read"] and record.is_ready:
        spots, around, silent = redact.hits_of(record, wanted)
        context |= {"hits": list(zip(spots, around, strict=True)), "silent": silent}
    if record.is_ready and context["may_read"] and context["on_page"] and "left_over" in request.GET:
        context["left_over"] = redact.left_over(record)
    return context


def _posted_form(request: DeskRequest, do: str) -> MarkForm | None:
    kind = _FORMS.get(do)
    return kind(request.POST, auto_id=f"{do}_%s") if kind else None


def _done(request: DeskRequest, record: Material, do: str) -> None:
    """What is done by a button alone: lift an area, have a file made, ask the scanner again."""
    at = timezone.now()
    what, _colon, value = do.partition(":")
    if what == "lift" and value.isdecimal():
        redact.lift(record, int(value[:9]), by=request.user, at=at)
        messages.success(request, gettext("已经取消。"))
    elif what == "release" and value in Audience.values:
        release = redact.ask_release(record, Audience(value), by=request.user, at=at)
        if release.is_under_way and len(record.pages) <= MADE_AT_ONCE:
            redact.make_file(release.pk, at=at)
    elif what == "scan":
        access.check_may_material(request.user, MaterialAct.ADD_MATERIALS, record.document.case)
        verbs.rescan(record.document, at=at)
        record.document.refresh_from_db()
        verbs.prepare_pages(record, at=at)
    else:
        raise Refused(Text("没有这样的操作。", "There is no such act."))


def _place(record: Material, number: int) -> str:
    address = reverse("desk:material", args=[record.document.case_id, record.pk])
    return f"{address}?page={number}"


def _page_number(request: DeskRequest, record: Material) -> int:
    asked = request.POST.get("page") or request.GET.get("page") or "1"
    number = int(asked[:6]) if asked.isdecimal() else 1
    return min(max(number, 1), max(1, len(record.pages)))


def _reads(request: DeskRequest, record: Material, *, whole: bool = False) -> HttpResponseBase | None:
    """Put it on record that somebody looks at the original; the answer to who may not."""
    try:
        verbs.read_original(record, by=request.user, at=timezone.now(), whole=whole)
    except Refused as refused:
        return HttpResponse(refused.sentence.zh, status=403, content_type="text/plain; charset=utf-8")
    return None


def _picture(digest: str, number: int, file: Any) -> HttpResponse:
    def read() -> bytes:
        with file.open("rb") as stored:
            content: bytes = stored.read()
        return content

    try:
        drawn = previews.page_picture(digest, number, dots=DOTS, read=read)
    except FileNotFoundError:
        return HttpResponse(status=404)
    answer = HttpResponse(drawn, content_type="image/png")
    answer.headers["Content-Disposition"] = "inline"
    return _sealed(answer)


def _sealed(answer: Answer) -> Answer:
    """Whatever a file holds, it runs in no page of ours."""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer
