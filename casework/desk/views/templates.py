"""Letter templates: all documents with the words in which they are written, and the page on which they are changed."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework import access, letters
from casework.access import AgencyAct
from casework.actions.letters import end_template, publish_template
from casework.desk.forms.templates import EndForm, TemplateForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.letters import LETTERS, Element, LetterKind
from casework.law.outcomes import OUTCOMES, Outcome
from casework.law.refusals import Refused
from casework.law.replies import Situation, situations
from casework.law.words import Text
from casework.models import Agency, Case, Decision, LetterTemplate

_CASES_OFFERED: Final = 8
_DECISIONS_LOOKED_AT: Final = 100


@dataclass(frozen=True, slots=True)
class Place:
    """One document of one agency, for all results or for one of them (``outcome``), or one ground of it."""

    agency: Agency
    kind: LetterKind
    outcome: str = ""
    ground: str = ""

    @property
    def words(self) -> Text:
        """For which results it is."""
        return _result_words(self.outcome, self.ground)

    @property
    def url(self) -> str:
        return self._address("desk:template")

    @property
    def end_url(self) -> str:
        return self._address("desk:end_template")

    def _address(self, name: str) -> str:
        address = reverse(name, args=[self.agency.code, self.kind.value])
        particular = {k: v for k, v in (("outcome", self.outcome), ("ground", self.ground)) if v}
        return f"{address}?{urlencode(particular)}" if particular else address

    @property
    def within(self) -> list[Situation]:
        """The situations in which its words are used."""
        return [s for s in situations(self.kind) if s.is_of(self.outcome, self.ground)]

    @property
    def versions(self) -> QuerySet[LetterTemplate]:
        """The agency's own, the newest first."""
        rows = LetterTemplate.objects.filter(
            agency=self.agency, kind=self.kind.value, outcome=self.outcome, ground=self.ground
        )
        return rows.select_related("made_by", "ended_by").order_by("-version")

    def in_force(self, on: date) -> LetterTemplate:
        return letters.template_for(self.kind, agency=self.agency, outcome=self.outcome, ground=self.ground, on=on)


def _result_words(outcome: str, ground: str) -> Text:
    if not outcome:
        return Text("所有办理结果", "all results")
    row = OUTCOMES[Outcome(outcome)]
    found = row.ground(ground) if ground else None
    return (
        Text("{result}—{ground}", "{result} – {ground}").format(result=row.words, ground=found.words)
        if found
        else row.words
    )


# The list ------------------------------------------------------------------------------------------------------------


@require_safe
@desk
def first(request: DeskRequest) -> HttpResponseBase:
    """The way in: the first agency that this person administers."""
    agency = access.agencies_for(request.user, AgencyAct.CHANGE_TEMPLATES).first()
    if agency is None:
        raise PermissionDenied
    return redirect("desk:templates_of", agency.code)


@require_safe
@desk
def templates_of(request: DeskRequest, code: str) -> HttpResponseBase:
    """Every document: in whose words it is written today, and the particular ones beside it."""
    mine = access.agencies_for(request.user, AgencyAct.CHANGE_TEMPLATES)
    agency = get_object_or_404(mine, code=code)
    on = timezone.localdate()
    own = LetterTemplate.objects.filter(agency=agency).values_list("kind", "outcome", "ground").distinct()
    particular = [Place(agency, LetterKind(kind), outcome, ground) for kind, outcome, ground in own if outcome]
    rows = []
    for kind, row in LETTERS.items():
        place = Place(agency, kind)
        beside = [(p, _own(p, on)) for p in particular if p.kind is kind]
        rows.append({"row": row, "place": place, "own": _own(place, on), "particular": beside})
    context = {"agency": agency, "agencies": mine, "rows": rows, "on": on}
    return page(request, "desk/templates/list.html", context, section="administration")


def _own(place: Place, on: date) -> LetterTemplate | None:
    """The agency's own version that holds for exactly this place, or the next that will."""
    found = [v for v in place.versions if v.until is None or (v.until >= on and v.until >= v.valid_from)]
    now = [v for v in found if v.valid_from <= on]
    return max(now or found, key=lambda v: (v.valid_from, v.version), default=None)


# One document --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def template(request: DeskRequest, code: str, kind: str) -> HttpResponseBase:
    """Read the words, try other ones on a real case, put them in force."""
    place, on = _place(request, code, kind), timezone.localdate()
    cases = list(_cases(place))
    seen = _last(place)
    posted = request.POST if request.method == "POST" else None
    initial = {"source": place.in_force(on).source}
    form = TemplateForm(posted, cases=cases, on=on, seen=seen, initial=initial)
    context: dict[str, Any] = {}
    if form.is_valid():
        do = request.POST.get("do", "preview")
        try:
            if do == "publish":
                return _publish(request, place, form)
            drafted = _tried(request, place, form, cases, on)
            if do == "pdf":
                return _pdf(drafted)
            context = {"letter_page": drafted.page, "letter_warnings": drafted.warnings}
        except Refused as refused:
            form.refuse(refused)
    return _page(request, place, form, EndForm(on=on), on, **context)


@require_POST
@desk
def end(request: DeskRequest, code: str, kind: str) -> HttpResponseBase:
    """Back to the words of the house from a day on."""
    place, at = _place(request, code, kind), timezone.now()
    on = timezone.localdate(at)
    form = EndForm(request.POST, on=on)
    if form.is_valid():
        try:
            end_template(
                place.agency,
                place.kind,
                outcome=place.outcome,
                ground=place.ground,
                from_on=form.cleaned_data["from_on"],
                by=request.user,
                at=at,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("本机关的模板已经停用。"))
            return redirect(place.url)
    initial = {"source": place.in_force(on).source}
    return _page(request, place, TemplateForm(cases=_cases(place), on=on, seen=_last(place), initial=initial), form, on)


def _place(request: DeskRequest, code: str, kind: str) -> Place:
    agency = get_object_or_404(access.agencies_for(request.user, AgencyAct.CHANGE_TEMPLATES), code=code)
    if kind not in list(LetterKind):
        raise Http404
    found = Place(agency, LetterKind(kind), request.GET.get("outcome", ""), request.GET.get("ground", ""))
    if not found.within or (found.ground and not found.outcome):
        raise Http404
    return found


def _last(place: Place) -> int:
    newest = place.versions.first()
    return newest.version if newest else 0


def _publish(request: DeskRequest, place: Place, form: TemplateForm) -> HttpResponseBase:
    answers = form.cleaned_data
    made = publish_template(
        place.agency,
        place.kind,
        source=answers["source"],
        valid_from=answers["valid_from"],
        outcome=place.outcome,
        ground=place.ground,
        seen=answers["seen"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, gettext("第%(version)s版已经保存。") % {"version": made.version})
    return redirect(place.url)


def _tried(
    request: DeskRequest, place: Place, form: TemplateForm, offered: list[Case], on: date
) -> letters.LetterDraft:
    """The words on the case that was chosen; who may not read it sees no name."""
    answers = form.cleaned_data
    if answers["number"]:
        case = Case.objects.filter(agency=place.agency, number=answers["number"]).order_by("-pk").first()
    else:
        case = next((c for c in offered if str(c.pk) == answers["case"]), next(iter(offered), None))
    if case is None:
        raise Refused(_NO_CASE, field="number")
    readable = access.visible_to(request.user).filter(pk=case.pk).exists()
    return letters.preview(answers["source"], place.kind, case, on=on, within=place.within, anonymous=not readable)


def _cases(place: Place) -> Iterator[Case]:
    """The newest cases for which this document is or could be made."""
    if not LETTERS[place.kind].remedies:
        yield from Case.objects.filter(agency=place.agency).order_by("-pk")[:_CASES_OFFERED]
        return
    codes = {s.row.code.value for s in place.within if s.row}
    decisions = Decision.objects.filter(case__agency=place.agency, outcome__in=codes, returned_at=None)
    left = _CASES_OFFERED
    for decision in decisions.select_related("case").order_by("-pk")[:_DECISIONS_LOOKED_AT]:
        if left and any(s.is_of(decision.outcome, decision.ground) for s in place.within):
            left -= 1
            yield decision.case


def _pdf(drafted: letters.LetterDraft) -> HttpResponse:
    name = content_disposition_header(as_attachment=True, filename=f"{drafted.page.title}.pdf") or "attachment"
    pdf = letters.render_pdf(drafted.page)
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})


def _page(
    request: DeskRequest, place: Place, form: TemplateForm, end_form: EndForm, on: date, **more: Any
) -> HttpResponseBase:
    own = _own(place, on)
    context = {
        "agency": place.agency,
        "agencies": access.agencies_for(request.user, AgencyAct.CHANGE_TEMPLATES),
        "place": place,
        "row": LETTERS[place.kind],
        "others": list(_others(place)),
        "form": form,
        "end_form": end_form,
        "own": own,
        "house": letters.house_source(place.kind).splitlines(),
        "words": list(_words(place)),
        "history": list(_history(place)),
        "on": on,
        **more,
    }
    return page(request, "desk/templates/edit.html", context, section="administration")


def _others(place: Place) -> Iterator[Place]:
    """The same document for all results, for each, and for each ground; nothing where there is but one."""
    found = dict.fromkeys([("", "")])
    for situation in situations(place.kind):
        if situation.row:
            found[situation.row.code.value, ""] = None
            if situation.ground:
                found[situation.row.code.value, situation.ground.key] = None
    if len(found) > 2:
        yield from (Place(place.agency, place.kind, outcome, ground) for outcome, ground in found)


def _words(place: Place) -> Iterator[tuple[str, Text, str]]:
    """Every word of the document, its meaning, and whether it must be there: always, sometimes, or never."""
    musts = [set(situation.must(place.kind)) for situation in place.within]
    for name, words in letters.words_of(place.kind):
        needed = sum(Element(name) in must for must in musts)
        yield name, words, "always" if needed == len(musts) else "sometimes" if needed else ""


def _history(place: Place) -> Iterator[tuple[LetterTemplate, list[tuple[str, str]]]]:
    """Each version, the newest first, with what it changed in the one before it; the first against the house's."""
    house = LetterTemplate(source=letters.house_source(place.kind))
    for version, before in pairwise([*place.versions, house]):
        lines = difflib.ndiff(before.source.splitlines(), version.source.splitlines())
        yield version, [(_SIGNS[line[0]], line[2:]) for line in lines if line[0] in _SIGNS]


#: What a line of a comparison is.
_SIGNS: Final = {" ": "same", "+": "added", "-": "dropped"}
_NO_CASE: Final = Text(
    "没有可以用来预览的申请。请填写本机关一件申请的登记编号。",
    "There is no case to try it on. Give the number of one of the agency’s cases.",
)
