"""Whoever holds which roles and stands in for whom: no reply is signed past secrecy review, or by too few people."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.actions import approve, decide
from casework.actions.delegate import delegate
from casework.desk.trays import AWAITS
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Clearance, Decision, Role, Staff
from tests.cast import Cast, moment, person, registered

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 3)
PEOPLE = range(3)
APPROVING = (Role.REVIEWER, Role.SECRECY_REVIEWER, Role.HEAD)
ROLE_OF = {"review": Role.REVIEWER, "clear_secrecy": Role.SECRECY_REVIEWER, "sign": Role.HEAD}
NEXT = {"review": "clear_secrecy", "clear_secrecy": "sign", "sign": ""}

numbers = count()
roles = st.lists(st.sets(st.sampled_from(APPROVING), min_size=1), min_size=len(PEOPLE), max_size=len(PEOPLE))
delegations = st.lists(
    st.tuples(st.sampled_from(APPROVING), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=3
)
acts = st.lists(
    st.tuples(st.sampled_from([*["next"] * 8, *ROLE_OF, "send_back", "propose"]), st.sampled_from(PEOPLE)),
    min_size=8,
    max_size=20,
)


@dataclass
class Draft:
    """What an attentive person would note of one draft: who wrote it, what it waits for, who had a hand in it."""

    drafter: int
    step: str
    hands: set[int] = field(default_factory=set)


@dataclass
class Office:
    """Who holds what, and who stands in for whom; both for the whole story."""

    roles: list[set[Role]]
    delegations: list[tuple[Role, int, int]]

    def able(self, role: Role, draft: Draft) -> list[tuple[int, int]]:
        """Pairs of who would act and for whom; of those with clean hands alone, where there are any."""
        pairs = [(one, one) for one in PEOPLE if role in self.roles[one]]
        pairs += [(deputy, away) for of, away, deputy in self.delegations if of is role]
        pairs = [pair for pair in pairs if draft.drafter not in pair]
        return [pair for pair in pairs if not draft.hands & set(pair)] or pairs


@settings(max_examples=60)
@given(held=roles, away=delegations, first=st.sampled_from(PEOPLE), reviewed=st.booleans(), done=acts)
def test_no_reply_is_signed_without_a_secrecy_clearance_by_another_person(
    players: Cast, held: list[set[Role]], away: list[tuple[Role, int, int]], first: int, reviewed: bool, done: Any
) -> None:
    with transaction.atomic():
        players.dongshan.reviews_drafts = reviewed
        players.dongshan.save()
        for each in (players.sun, players.qian, players.li):
            each.appointments.all().delete()
        story = next(numbers)
        people = [person(f"p{story}-{n}", f"某{n}", players.dongshan, Role.CLERK, *held[n]) for n in PEOPLE]
        arranged = [each for each in away if _arranged(players, people, *each)]
        _live(players, people, Office(held, arranged), first, "review" if reviewed else "clear_secrecy", done)
        transaction.set_rollback(True)


def _arranged(players: Cast, people: list[Staff], role: Role, away: int, deputy: int) -> bool:
    try:
        delegate(
            players.dongshan,
            role=role,
            person=people[away],
            deputy=people[deputy],
            from_on=TODAY,
            until_on=TODAY,
            by=people[away],
            at=moment(TODAY, 8),
        )
    except Refused:
        return False
    return True


def _live(players: Cast, people: list[Staff], office: Office, first: int, begin: str, done: Any) -> None:
    case = registered(players, on=TODAY).case
    draft: Draft | None = None
    for tried, who in [("propose", first), *done]:
        step = draft.step if draft else ""
        verb = (step or "propose") if tried == "next" else tried
        if verb == "propose":
            lawful = draft is None
        elif verb == "send_back":
            lawful = draft is not None and (
                ROLE_OF[step] in office.roles[who] or who in {by for by, _for in office.able(ROLE_OF[step], draft)}
            )
        else:
            lawful = (
                draft is not None and verb == step and who in {by for by, _for in office.able(ROLE_OF[verb], draft)}
            )
        assert _try(case, verb, people[who]) is lawful, (verb, who, draft, office)
        if not lawful:
            continue
        on_the_table = Case.objects.get(pk=case.pk).current_decision
        awaited = Case.objects.filter(pk=case.pk).values_list(AWAITS, flat=True).get()
        assert awaited == ((on_the_table and on_the_table.awaits) or ""), "the queue asks the rows otherwise"
        if verb == "propose":
            draft = Draft(who, begin)
        elif verb == "send_back":
            draft = None
        elif verb == "sign":
            break
        else:
            assert draft is not None
            draft.step = NEXT[verb]
            passed = Clearance.objects.latest("id")
            draft.hands |= {people.index(each) for each in (passed.by, passed.for_whom) if each}
    for signed in Decision.objects.exclude(signed_at=None):
        clearance = signed.clearances.get(step="secrecy")
        assert signed.proposed_by not in {clearance.by, clearance.for_whom, signed.signed_by, signed.signed_for}
        assert players.dongshan.reviews_drafts is signed.clearances.filter(step="review").exists()


def _try(case: Case, verb: str, by: Staff) -> bool:
    """Whether it was done; what is refused leaves nothing."""
    by = Staff.objects.get(pk=by.pk)
    case = Case.objects.get(pk=case.pk)
    at = moment(TODAY, 12)
    try:
        with transaction.atomic():
            match verb:
                case "propose":
                    stated = {"route": "附件"}
                    decide.propose(case, outcome=Outcome.GRANTED, ground="provided", statements=stated, by=by, at=at)
                case "send_back":
                    approve.send_back(case, remark="重写", by=by, at=at)
                case _:
                    getattr(approve, verb)(case, by=by, at=at)
    except Refused:
        return False
    return True
