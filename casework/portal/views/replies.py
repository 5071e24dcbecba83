"""公开的答复: the replies that offices show to everybody, with search and feed; and taking one as one's own answer.

What is public is decided by dates when it is asked for. What was withdrawn is gone at once: 410, and nothing of it.
"""

from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any, Final

from django.contrib import messages
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casework import wordsearch
from casework.access import VERBS, Verb
from casework.actions.likereplies import take_like
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.topics import TOPICS, Topic
from casework.models import Agency, LikeReply, PublishedFile, PublishedReply, PublishedVersion, Searchable
from casework.portal.forms.follow import TakeForm
from casework.portal.opened import ask_again, opened
from casework.templatetags.words import read

A_PAGE: Final = 20
_IN_FEED: Final = 50
_LONGEST_QUERY: Final = 100

#: What can be asked for as a year; a database knows no year 0.
_YEARS = frozenset(f"{year:04}" for year in range(MINYEAR, MAXYEAR))


def _visible(on: date) -> QuerySet[PublishedReply]:
    found = PublishedReply.objects.visible(on).select_related("agency").prefetch_related("versions__files__release")
    return found.order_by("-public_from", "-pk")


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the address asks for; anything that is no choice is left out."""
    given = {name: request.GET.get(name, "").strip() for name in ("q", "agency", "year", "topic")}
    given["q"] = given["q"][:_LONGEST_QUERY].replace("\0", "")
    given["year"] = given["year"] if given["year"] in _YEARS else ""
    if given["topic"] not in set(Topic):
        given["topic"] = ""
    return given


def _chosen(asked: dict[str, str], on: date) -> QuerySet[PublishedReply]:
    found = _visible(on)
    if asked["q"]:
        rows = Searchable.objects.filter(source="reply", on__lte=on)
        found = found.filter(pk__in=wordsearch.containing(asked["q"], rows).values("of"))
    if asked["agency"]:
        found = found.filter(agency__code=asked["agency"][:32].replace("\0", ""))
    if asked["year"]:
        found = found.filter(public_from__year=int(asked["year"]))
    if asked["topic"]:
        # of the version that holds: what was corrected is found no longer under its old subject
        later = PublishedVersion.objects.filter(decided_at__isnull=False).order_by("reply", "-number")
        newest: dict[int, str] = {}
        for reply, topic in later.filter(reply__in=found).values_list("reply", "topic"):
            newest.setdefault(reply, topic)
        found = found.filter(pk__in=[pk for pk, topic in newest.items() if topic == asked["topic"]])
    return found


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All that is public, newest first; by words, agency, year and subject."""
    on = timezone.localdate()
    asked = _asked(request)
    shown = Paginator(_chosen(asked, on), A_PAGE).get_page(request.GET.get("page"))
    everything = PublishedReply.objects.visible(on)
    of_feed = {name: asked[name] for name in ("agency", "topic") if asked[name]}
    context = {
        "section": "replies",
        "asked": asked,
        "filtered": any(asked.values()),
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "shown": shown,
        "lines": [(reply, reply.current) for reply in shown],
        "agencies": Agency.objects.filter(pk__in=everything.values("agency")).order_by("path"),
        "years": [each.year for each in everything.dates("public_from", "year", order="DESC")],
        "topics": [(topic.value, words) for topic, words in TOPICS.items()],
        "feed": reverse("portal:replies_feed") + (f"?{urlencode(of_feed)}" if of_feed else ""),
    }
    answer = render(request, "portal/replies/index.html", context)
    patch_cache_control(answer, no_cache=True)
    return answer


@require_safe
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """One published reply; when it has been withdrawn, the day on which it was, and nothing else."""
    on = timezone.localdate()
    found = get_object_or_404(PublishedReply.objects.select_related("agency"), pk=_small(pk))
    if found.revoked_at is not None and found.public_from is not None:
        was_public = found.public_from <= day_of(found.revoked_at)
        if not was_public:
            raise Http404  # nobody has ever seen it
        context = {"section": "replies", "withdrawn_on": day_of(found.revoked_at), "agency": found.agency}
        answer = render(request, "portal/replies/withdrawn.html", context, status=410)
    elif not found.is_visible(on) or (version := found.current) is None:
        raise Http404
    else:
        files = version.files.select_related("release__material__document")
        context = {
            "section": "replies",
            "reply": found,
            "version": version,
            "files": [each for each in files if each.release.material.document.may_be_opened],
            "corrected_on": _corrected_on(found, version),
            "closed_on": found.case.closed_on,
            "outcome": found.case.result,
        }
        answer = render(request, "portal/replies/reply.html", context)
    patch_cache_control(answer, no_cache=True)
    return answer


def _corrected_on(found: PublishedReply, version: PublishedVersion) -> date | None:
    """The day of a correction that was made when it was public already; what was mended before nobody has read."""
    if version.number == 1 or version.decided_at is None or not version.reason:
        return None
    on = day_of(version.decided_at)
    return on if found.public_from is not None and on >= found.public_from else None


@require_safe
@never_cache
def file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """A file of the version that holds: the bytes that passed the gate, and never kept by anything in between."""
    found = PublishedReply.objects.visible(timezone.localdate()).filter(pk=_small(pk)).first()
    version = found.current if found else None
    if version is None:
        if PublishedReply.objects.filter(pk=_small(pk), revoked_at__isnull=False).exists():
            return reply(request, pk)
        raise Http404
    files = PublishedFile.objects.select_related("release__material__document")
    chosen = get_object_or_404(files, version=version, pk=_small(file_pk))
    release = chosen.release
    if not release.passed or not release.material.document.may_be_opened:
        raise Http404
    try:
        stream = release.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(stream, as_attachment=True, filename=release.name, content_type="application/pdf")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _small(number: int) -> int:
    """What no database can number is nobody’s."""
    return number if number < 2**63 else 0


class RepliesFeed(Feed[PublishedReply, dict[str, str]]):
    """The newest ones as Atom, of all agencies or of one, of all subjects or of one."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, str]:
        return _asked(request) | {"q": "", "year": ""}

    def title(self, obj: dict[str, str]) -> str:
        agency = Agency.objects.filter(code=obj["agency"][:32]).first() if obj["agency"] else None
        name = gettext("公开的答复")
        return f"{name} – {agency.name}" if agency else name

    def subtitle(self, obj: dict[str, str]) -> str:
        return gettext("行政机关对依申请公开作出的答复中，向社会公开的内容。")

    def link(self, obj: dict[str, str]) -> str:
        asked = {name: value for name, value in obj.items() if value}
        return reverse("portal:replies") + (f"?{urlencode(asked)}" if asked else "")

    def feed_url(self, obj: dict[str, str]) -> str:
        asked = {name: value for name, value in obj.items() if value}
        return reverse("portal:replies_feed") + (f"?{urlencode(asked)}" if asked else "")

    def items(self, obj: dict[str, str]) -> list[PublishedReply]:
        return list(_chosen(obj, timezone.localdate())[:_IN_FEED])

    def item_title(self, item: PublishedReply) -> str:
        return str(item)

    def item_description(self, item: PublishedReply) -> str:
        return item.current.summary if item.current else ""

    def item_link(self, item: PublishedReply) -> str:
        return reverse("portal:published", args=[item.pk])

    def item_author_name(self, item: PublishedReply) -> str:
        return item.agency.name

    def item_categories(self, item: PublishedReply) -> list[str]:
        return [read(item.current.topic_words)] if item.current else []

    def item_pubdate(self, item: PublishedReply) -> datetime:
        first = item.public_from or timezone.localdate()
        return timezone.make_aware(datetime(first.year, first.month, first.day))  # noqa: DTZ001 - made aware here

    def item_updateddate(self, item: PublishedReply) -> datetime:
        decided = item.current.decided_at if item.current else None
        return max(self.item_pubdate(item), decided or self.item_pubdate(item))


_FEED: Final = RepliesFeed()


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The Atom feed; what was withdrawn is in it no longer."""
    answer = _FEED(request)
    patch_cache_control(answer, no_cache=True)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def take(request: HttpRequest, pk: int, reply_pk: int) -> HttpResponse:
    """“This answers my application”: a statement on the file; the office still replies, and no remedy is lost."""
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return ask_again(request)
    like = get_object_or_404(LikeReply.objects.select_related("reply__agency"), case=found, reply=_small(reply_pk))
    if not like.reply.is_visible(timezone.localdate(at)) or like.taken_at is not None:
        return redirect("portal:case", pk)
    form = TakeForm(request.POST if request.method == "POST" else None)
    context = {
        "section": "follow",
        "case": found,
        "reply": like.reply,
        "version": like.reply.current,
        "form": form,
        "still_open": found.state in {state.value for state in VERBS[Verb.PROPOSE].states},
        "back": reverse("portal:case", args=[pk]),
    }
    if form.is_valid():
        try:
            take_like(found, like.reply, statement=form.cleaned_data["statement"], at=at)
        except Refused as refused:
            context["refusal"] = refused
        else:
            messages.success(request, gettext("已经记下。行政机关仍将书面答复您，您的权利不受影响。"))
            return redirect("portal:case", pk)
    return render(request, "portal/follow/take.html", context)


def likes_of(pk: int, *, on: date) -> list[tuple[LikeReply, PublishedVersion]]:
    """The published replies of which the applicant of a case was told, as far as they are public."""
    shown = LikeReply.objects.filter(case=pk, reply__in=PublishedReply.objects.visible(on))
    rows = shown.select_related("reply").prefetch_related("reply__versions").order_by("-told_at", "-pk")
    return [(like, version) for like in rows if (version := like.reply.current)]
