"""Asked once, answered for all: whoever waits for the like of a published reply is told, and may take it as theirs.

Nothing is closed by that. The office still owes its reply; that it is told where the information is found is the
outcome 予以公开 on the ground of 条例 36(1), by the ordinary chain, with every remedy.
"""

from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from casework.access import VERBS, Verb
from casework.law.calendar import day_of
from casework.law.outcomes import Requirement
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Actor, Case, Event, Kind, LikeReply, PublishedReply
from casework.wordsearch.cases import candidates_like
from casework.wordsearch.marks import documents_in, marks_of, telling

from .record import clean, happened

#: Of the pairs of characters of both texts, the part that is in both: with less, people are told what does not help.
LIKE: Final = 0.4
#: Texts under the same marks that are looked at: those of closed cases stand among them.
_LOOKED_AT: Final = 400
LONGEST_STATEMENT: Final = 500


def tell_the_like(reply: PublishedReply, *, at: datetime) -> int:
    """Tell the applicants of like open cases of the same agency, once each; of how many. Only one sweep at a time."""
    with transaction.atomic():
        waiting = PublishedReply.objects.visible(day_of(at)).filter(pk=reply.pk, told_at=None)
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        found = waiting.first()
        if found is None:
            return 0  # another was as quick, or it has been withdrawn
        version = found.current
        told = 0
        for case in like_open_cases(found):
            _row, new = LikeReply.objects.get_or_create(reply=found, case=case, defaults={"told_at": at})
            if new and version is not None:
                happened(
                    case,
                    Kind.LIKE_REPLY_TOLD,
                    by=None,
                    actor=Actor.CLOCK,
                    at=at,
                    payload={"title": version.title, "reply": found.pk},
                    once=f"like:{found.pk}",
                )
                told += 1
        PublishedReply.objects.filter(pk=found.pk).update(told_at=at)
    return told


def like_open_cases(reply: PublishedReply) -> list[Case]:
    """Cases of the agency that still wait for a draft, and ask for much the same; the most alike first."""
    asked = reply.case
    keys = candidates_like(asked.agency_id, marks_of(asked.subject, asked.content), most=_LOOKED_AT, but=asked.pk)
    states = [state.value for state in VERBS[Verb.PROPOSE].states]
    open_ones = Case.objects.filter(pk__in=keys, agency=asked.agency_id, state__in=states)
    ours = telling(f"{asked.subject}\n{asked.content}")
    named = documents_in(asked.subject, asked.content)
    shares = []
    for case in open_ones.select_related("agency", "applicant", "clerk"):
        theirs = telling(f"{case.subject}\n{case.content}")
        share = len(ours & theirs) / max(1, len(ours | theirs))
        if share >= LIKE or (named & documents_in(case.subject, case.content) and share >= LIKE / 2):
            shares.append((share, case))
    return [case for _share, case in sorted(shares, key=lambda pair: (-pair[0], pair[1].pk))]


def take_like(case: Case, reply: PublishedReply, *, statement: str = "", at: datetime) -> Event:
    """The applicant says that a published reply answers them. It is a statement on the file and nothing more."""
    statement = clean(statement, "statement", longest=LONGEST_STATEMENT, required=False)
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).select_related("agency", "applicant", "clerk")
        fresh = locked.get(pk=case.pk)
        # Locked as well: who withdraws it tells everybody that has taken it by then.
        shown = PublishedReply.objects.visible(day_of(at)).select_for_update().filter(pk=reply.pk).first()
        like = LikeReply.objects.filter(case=fresh, reply=reply).first()
        if like is None or shown is None or shown.current is None:
            raise Refused(_NOT_SHOWN)
        if fresh.state not in {state.value for state in VERBS[Verb.PROPOSE].states}:
            raise Refused(_TOO_LATE)
        if like.taken_at is not None:
            raise Refused(_TAKEN)
        like.taken_at, like.statement = max(at, like.told_at), statement  # clocks of two machines differ
        like.save(update_fields=["taken_at", "statement"])
        payload = {"title": shown.current.title, "statement": statement, "reply": reply.pk}
        return happened(fresh, Kind.LIKE_REPLY_TAKEN, by=None, actor=Actor.APPLICANT, at=at, payload=payload)


def taken_by(case: Case, *, on: date) -> LikeReply | None:
    """The published reply that the applicant took last, while it is public."""
    shown = PublishedReply.objects.visible(on)
    taken = LikeReply.objects.filter(case=case, taken_at__isnull=False, reply__in=shown)
    return taken.select_related("reply").prefetch_related("reply__versions").order_by("-taken_at").first()


def prepared(like: LikeReply) -> dict[str, str]:
    """What the draft begins with: ground and statement of 条例 36(1); the clerk reads it and may change it."""
    version = like.reply.current
    title = version.title if version else ""
    route = f"您申请的信息已经向社会公开，标题为“{title}”，可以在网上查阅、下载：{address_of(like.reply)}。"
    return {"ground": "already_public", Requirement.ROUTE.value: route}


def address_of(reply: PublishedReply) -> str:
    """Where everybody reads it."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('portal:published', args=[reply.pk])}"


def tell_it_is_gone(reply: PublishedReply, *, at: datetime) -> None:
    """Those who took it as theirs and have no reply yet must not wait for it (条例 33 goes on as before)."""
    taken = LikeReply.objects.filter(reply=reply, taken_at__isnull=False, case__in=Case.objects.still_open())
    version = reply.current
    for like in taken.select_related("case__agency", "case__applicant", "case__clerk"):
        payload = {"title": version.title if version else "", "reply": reply.pk}
        happened(
            like.case, Kind.LIKE_REPLY_GONE, by=None, actor=Actor.CLOCK, at=at, payload=payload, once=f"gone:{reply.pk}"
        )


_NOT_SHOWN: Final = Text(
    "这份答复已经撤下，或者不是告知您的那一份。您的申请照常办理。",
    "This reply was withdrawn, or is not the one you were told of. Your application goes on.",
)
_TOO_LATE: Final = Text(
    "您的申请已经拟好答复或者已经办结，不需要再选。",
    "Your application has a draft or a reply already; nothing is to be chosen.",
)
_TAKEN: Final = Text("您已经选过这份答复。", "You have chosen this reply already.")
