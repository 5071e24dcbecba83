"""The page of an applicant's own case."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from casework.access import VERBS, Verb
from casework.actions import deliver
from casework.actions.proposals import may_propose
from casework.annual.expectations import expected
from casework.doors import signed_in
from casework.law import whatif
from casework.law.states import State
from casework.models import Case, KeptCase, LinkKind, Rating, links_of
from casework.models.document import OF_THE_APPLICANT
from casework.portal import remedy
from casework.portal.calendar_file import last_days
from casework.portal.given import given_with
from casework.portal.opened import ask_again, opened
from casework.portal.views.proposals import of_case as proposal_of
from casework.portal.views.replies import likes_of


@never_cache
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the application stands, why, and what can be done next."""
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return ask_again(request)
    today = timezone.localdate(at)
    deliver.record_opening(found, at=at)
    due = found.due()
    routes = remedy.steps(found, on=today)
    account = signed_in(request)
    context = {
        "section": "follow",
        "case": found,
        "due": due,
        "left": due.days_left(today) if found.is_open else None,
        "answers": answers_of(found, on=today),
        "supplement": found.awaited_supplement,
        "supplements": [s for s in found.supplements.all() if s.received_on],
        "fee": found.unpaid_fee,
        "reasons": found.reasons_requests.filter(answered_on=None).first(),
        "overdue": remedy.is_overdue(found, on=today),
        "routes": routes,
        "may_contest_part": remedy.may_be_reviewed(routes),
        "dates": last_days(found, due, on=today),
        "expected": expected(found, on=today) if found.is_open else None,
        "events": [
            (event, text) for event in found.events.select_related("by", "for_whom") if (text := event.for_applicant())
        ],
        "links": [words for link, _other, words in links_of(found) if link.kind == LinkKind.SPLIT_FROM],
        "letters": found.letters.sent_to_applicant().filter(decision=None).prefetch_related("deliveries"),
        "sent_files": found.documents.filter(kind__in=OF_THE_APPLICANT),
        "likes": likes_of(found.pk, on=today) if found.is_open else (),
        "takes_likes": State(found.state) in VERBS[Verb.PROPOSE].states,
        "receipt": getattr(found, "acknowledgement", None),
        "proposal": proposal_of(found.pk),
        "may_propose": may_propose(found),
        "account": account,
        "kept": account is not None and KeptCase.objects.filter(account=account, case=found).exists(),
        **_reply(found),
    }
    return render(request, "portal/follow/case.html", context)


def answers_of(found: Case, *, on: date) -> list[whatif.WhatIf]:
    """What the date becomes if what is awaited comes today."""
    if not found.is_open:
        return []
    return whatif.if_answered(
        found.receipt(), found.clock_facts(), on, calendar=found.agency.calendar, readings=found.readings
    )


def _reply(found: Case) -> dict[str, Any]:
    """What was given and what was not, once it has been sent."""
    decision = found.current_decision if found.closed_on else None
    if decision is None:
        return {"decision": None}
    return {
        "decision": decision,
        "letter": decision.letters.filter(voided_at=None).first(),
        "given": given_with(decision),
        "replies": decision.attachments.filter(release=None) if decision.dispatched_on else (),
        "rating": Rating.objects.filter(decision=decision).first() if decision.dispatched_on else None,
    }
