"""The verbs of 主动公开建议 (条例 44): one press proposes a topic, like proposals are joined, a head decides.

A proposal changes nothing in the case by which it was made, and table 三 does not know it.
"""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from casework.access import AgencyAct, check_may_for_agency
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case, Conflict, NumberSeries, Proposal, Staff, Verdict, Voice
from casework.models.proposal import ProposalQuerySet
from casework.models.sealing import blind_index
from casework.notices import tell_proposal_decided, tell_proposal_made
from casework.wordsearch.marks import documents_in, telling

from .record import clean

#: Parts of all pairs of characters of two topics that are in both, from where on they are one.
SAME: Final = 0.8
#: How far ahead the day can lie from which the information is to be found.
FURTHEST: Final = timedelta(days=365)
_LOCK: Final = "proposal"
#: Proposals among which a like one is looked for.
_NEWEST: Final = 200


def propose_by_applicant(case: Case, *, at: datetime) -> Proposal:
    """An applicant who has the reply proposes that what they asked for be published (条例 44(2))."""
    if not may_propose(case):
        raise Refused(
            Text("收到答复以后才能建议主动公开。", "Publication can be proposed once you have the reply."),
            law="条例 44",
        )
    index = case.applicant.identity_index or blind_index(f"applicant {case.applicant_id}")
    return _propose(case, Voice(case=case, applicant=index, at=at), at=at)


def may_propose(case: Case) -> bool:
    """Whether the applicant has a reply; one who gave up has none."""
    decision = case.current_decision
    return not case.is_open and not case.is_terminated and decision is not None and decision.dispatched_on is not None


def propose_by_officer(case: Case, *, by: Staff, at: datetime) -> Proposal:
    """Whoever handles applications proposes what they are asked for again and again (条例 44(1))."""
    check_may_for_agency(by, AgencyAct.PROPOSE_PUBLICATION, case.agency)
    return _propose(case, Voice(staff=by, at=at), at=at)


def support(proposal: Proposal, *, visitor: str, at: datetime) -> Voice | None:
    """A visitor of the public page wants it too; ``None`` for whoever has pressed before."""
    if proposal.verdict or not proposal.title:
        raise Refused(Text("这项建议已经审核。", "This proposal has been decided."))
    with transaction.atomic():
        return _say(proposal, Voice(visitor=blind_index(f"visitor {visitor}"), at=at))


def word(proposal: Proposal, *, title: str, by: Staff, at: datetime) -> Proposal:
    """The office says in its own words what the topic is; from then on the public page shows it."""
    check_may_for_agency(by, AgencyAct.PROPOSE_PUBLICATION, proposal.agency)
    title = clean(title, "title", longest=200, lines=False)
    if not Proposal.objects.filter(pk=proposal.pk, verdict="").update(title=title):
        raise Conflict
    proposal.refresh_from_db()
    return proposal


def accept(proposal: Proposal, *, title: str, where: str, public_on: date, by: Staff, at: datetime) -> Proposal:
    """It goes into proactive disclosure: where it is to be found, and from which day (条例 44(2))."""
    check_may_for_agency(by, AgencyAct.DECIDE_PROPOSALS, proposal.agency)
    if public_on > day_of(at) + FURTHEST:
        raise Refused(Text("公开日期最远在一年以内。", "That day is at most a year ahead."), field="public_on")
    facts: dict[str, str | date] = {
        "title": clean(title, "title", longest=200, lines=False),
        "where": clean(where, "where", longest=300, lines=False),
        "public_on": public_on,
    }
    return _decide(proposal, Verdict.ACCEPTED, facts, by=by, at=at)


def decline(proposal: Proposal, *, reason: str, by: Staff, at: datetime) -> Proposal:
    """It does not, for a reason that whoever proposed it is told."""
    check_may_for_agency(by, AgencyAct.DECIDE_PROPOSALS, proposal.agency)
    return _decide(proposal, Verdict.DECLINED, {"reason": clean(reason, "reason", longest=2000)}, by=by, at=at)


def same_topic(one: str, other: str) -> bool:
    """Whether two topics are one: nearly the same words, or a document that both name."""
    if documents_in("", one) & documents_in("", other):
        return True
    ours, theirs = telling(one), telling(other)
    both = len(ours | theirs)
    return bool(both) and len(ours & theirs) / both >= SAME


def like(case: Case, among: ProposalQuerySet) -> Proposal | None:
    """The proposal of the same agency for what this case asked for, if there is one."""
    topic = topic_of(case)
    newest = among.filter(agency=case.agency_id).order_by("-pk")[:_NEWEST]
    return next((each for each in newest if same_topic(topic, each.topic)), None)


def topic_of(case: Case) -> str:
    return "\n".join(text for text in (case.subject, case.content) if text)


def _propose(case: Case, voice: Voice, *, at: datetime) -> Proposal:
    with transaction.atomic():
        NumberSeries.take(case.agency, _LOCK, day_of(at), 0)  # two presses at once make one proposal
        accepted = like(case, Proposal.objects.filter(verdict=Verdict.ACCEPTED))
        if accepted is not None:
            raise Refused(
                Text(
                    "这项信息已经采纳主动公开：{where}", "It has been accepted for publication already: {where}"
                ).format(where=accepted.where),
                law="条例 44",
            )
        found = like(case, Proposal.objects.waiting())
        proposal = found or Proposal.objects.create(agency=case.agency, topic=topic_of(case), made_on=day_of(at))
        _say(proposal, voice)
        if found is None:
            tell_proposal_made(proposal, by_pk=voice.staff_id, at=at)
        return proposal


def _say(proposal: Proposal, voice: Voice) -> Voice | None:
    """Add a voice unless the same person has spoken; held by constraints against two at once."""
    spoken = proposal.voices.filter(staff=voice.staff) if voice.staff else proposal.voices.none()
    if voice.applicant:
        spoken = proposal.voices.filter(applicant=voice.applicant)
    if voice.visitor:
        Proposal.objects.select_for_update().get(pk=proposal.pk)
        spoken = proposal.voices.filter(visitor=voice.visitor)
    if spoken.exists():
        return None
    voice.proposal = proposal
    voice.save()
    return voice


def _decide(proposal: Proposal, verdict: Verdict, facts: dict[str, str | date], *, by: Staff, at: datetime) -> Proposal:
    with transaction.atomic():
        waiting = Proposal.objects.filter(pk=proposal.pk, verdict="")
        if not waiting.update(verdict=verdict, decided_on=day_of(at), decided_by=by, **facts):
            raise Conflict
        proposal.refresh_from_db()
        proposal.voices.exclude(visitor="").update(visitor="")
        tell_proposal_decided(proposal, at=at)
    return proposal
