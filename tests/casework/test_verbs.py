"""The whole table role × state × verb: what ``access.may`` says, what the table says, and what the verb itself does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from casework.access import VERBS, Verb, may
from casework.actions import clock, consult, decide, deliver, intake
from casework.law.clock import Party
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.states import State
from casework.models import Case, DispatchMode, Event, Kind, Role, Staff
from tests.cast import Cast, application, closed, first_ground, moment, person, proposed, registered, signed, statements

pytestmark = pytest.mark.django_db

RECEIVED = date(2026, 11, 2)
TODAY = date(2026, 11, 18)
#: After everything that an applicant may let pass has passed.
LATER = date(2026, 12, 10)

CLOSED_BY = {
    State.DISCLOSED: Outcome.GRANTED,
    State.PARTIALLY_DISCLOSED: Outcome.PARTIAL,
    State.REFUSED: Outcome.REFUSED_5,
    State.UNAVAILABLE: Outcome.UNAVAILABLE_1,
    State.NOT_PROCESSED: Outcome.NOT_PROCESSED_1,
    State.TERMINATED: Outcome.OTHER_3,
}


@dataclass(frozen=True)
class Act:
    """How a verb is called, and the kind of event it leaves."""

    kind: Kind
    call: Callable[[Case, Staff, date], Any]


def _propose(case: Case, by: Staff, on: date) -> Event:
    outcome = {State.SUPPLEMENT_REQUESTED: Outcome.OTHER_1, State.FEE_NOTIFIED: Outcome.OTHER_2}.get(
        State(case.state), Outcome.GRANTED
    )
    ground = first_ground(outcome)
    return decide.propose(
        case, outcome=outcome, ground=ground, statements=statements(outcome, ground), by=by, at=moment(on)
    )


def _record_opinion(case: Case, by: Staff, on: date) -> Event:
    asked = case.consultations.first()
    assert asked is not None
    return consult.record_opinion(asked, answered_on=on, consents=True, opinion="同意。", by=by, at=moment(on))


ACTS: dict[Verb, Act] = {
    Verb.ASSIGN: Act(Kind.ASSIGNED, lambda c, by, on: intake.assign(c, clerk=c.clerk or by, by=by, at=moment(on))),
    Verb.REQUEST_SUPPLEMENT: Act(
        Kind.SUPPLEMENT_REQUESTED,
        lambda c, by, on: clock.request_supplement(c, unclear="请说明年度。", on=on, by=by, at=moment(on)),
    ),
    Verb.RECEIVE_SUPPLEMENT: Act(
        Kind.SUPPLEMENT_RECEIVED,
        lambda c, by, on: clock.receive_supplement(c, answer="2025年。", on=on, by=by, at=moment(on)),
    ),
    Verb.CONSULT: Act(
        Kind.CONSULTED,
        lambda c, by, on: consult.consult(
            c, party=Party.OTHER_AGENCY, name="区财政局", sent_on=on, by=by, at=moment(on)
        ),
    ),
    Verb.RECORD_OPINION: Act(Kind.OPINION_RECORDED, _record_opinion),
    Verb.EXTEND: Act(
        Kind.EXTENDED,
        lambda c, by, on: clock.extend(c, working_days=10, reason="涉及多个部门", on=on, by=by, at=moment(on)),
    ),
    Verb.NOTIFY_FEE: Act(
        Kind.FEE_NOTIFIED, lambda c, by, on: clock.notify_fee(c, amount=Decimal(100), on=on, by=by, at=moment(on))
    ),
    Verb.RECORD_PAYMENT: Act(
        Kind.PAYMENT_RECORDED, lambda c, by, on: clock.record_payment(c, on=on, by=by, at=moment(on))
    ),
    Verb.ASK_REASONS: Act(
        Kind.REASONS_ASKED, lambda c, by, on: clock.ask_reasons(c, why="一月二十件", on=on, by=by, at=moment(on))
    ),
    Verb.RECORD_REASONS: Act(
        Kind.REASONS_RECORDED, lambda c, by, on: clock.record_reasons(c, answer="研究", on=on, by=by, at=moment(on))
    ),
    Verb.PROPOSE: Act(Kind.PROPOSED, _propose),
    Verb.SEND_BACK: Act(Kind.SENT_BACK, lambda c, by, on: decide.send_back(c, remark="请补充", by=by, at=moment(on))),
    Verb.SIGN: Act(Kind.SIGNED, lambda c, by, on: decide.sign(c, by=by, at=moment(on))),
    Verb.DISPATCH: Act(
        Kind.DISPATCHED,
        lambda c, by, on: deliver.dispatch(c, mode=DispatchMode.ONLINE, on=on, by=by, at=moment(on)),
    ),
    Verb.RECORD_DELIVERY: Act(
        Kind.DELIVERY_RECORDED, lambda c, by, on: deliver.record_delivery(c, on=on, by=by, at=moment(on))
    ),
    Verb.WITHDRAW: Act(
        Kind.WITHDRAWN, lambda c, by, on: decide.withdraw(c, on=on, statement="不需要了", by=by, at=moment(on))
    ),
    Verb.READ_IDENTITY: Act(Kind.IDENTITY_READ, lambda c, by, on: intake.read_identity(c, by=by, at=moment(on))),
}
CASES = [(verb, state) for verb in ACTS for state in State]


@pytest.fixture
def people(players: Cast) -> list[tuple[Staff, frozenset[str]]]:
    """One person for each role in the case's agency, one with none, and those who hold the roles elsewhere."""
    here = [(person(f"only-{role}", str(role.label), players.dongshan, role), frozenset({role.value})) for role in Role]
    nobody = Staff.objects.create(username="nobody", password="!")
    return [*here, (nobody, frozenset()), (players.zhao, frozenset()), (_below(players), frozenset())]


def _below(players: Cast) -> Staff:
    return person("below", "下级", players.civil, Role.CLERK, Role.HEAD, Role.AUDITOR)


def brought_to(players: Cast, state: State, verb: Verb) -> Case:
    """A case in that state with what the verb needs on file beforehand, by the verbs."""
    case = registered(players, on=RECEIVED).case
    wang, at = players.wang, moment(RECEIVED, 11)
    if verb is Verb.RECORD_OPINION:
        consult.consult(case, party=Party.OTHER_AGENCY, name="区财政局", sent_on=RECEIVED, by=wang, at=at)
    if verb is Verb.RECORD_REASONS:
        clock.ask_reasons(case, why="一月二十件", on=RECEIVED, by=wang, at=at)
    if state is State.SUPPLEMENT_REQUESTED:
        # After a late notice the clock goes on, so that there is something to extend (law.md 3.7).
        asked = date(2026, 11, 12) if verb is Verb.EXTEND else RECEIVED
        clock.request_supplement(case, unclear="请说明年度。", days=2, on=asked, by=wang, at=moment(asked, 12))
    elif state is State.FEE_NOTIFIED:
        clock.notify_fee(case, amount=Decimal(100), on=RECEIVED, by=wang, at=at)
    elif state is State.IN_REVIEW:
        proposed(players, case, Outcome.GRANTED, on=RECEIVED)
    elif state is State.SIGNED:
        signed(players, case, Outcome.GRANTED, on=RECEIVED)
    elif state in CLOSED_BY:
        closed(players, case, CLOSED_BY[state], on=RECEIVED)
    assert case.state == state
    return case


@pytest.mark.parametrize(("verb", "state"), CASES, ids=[f"{verb}-{state}" for verb, state in CASES])
def test_the_verb_does_what_the_table_says_for_everybody(
    players: Cast, people: list[tuple[Staff, frozenset[str]]], verb: Verb, state: State
) -> None:
    made = brought_to(players, state, verb)
    on = LATER if (verb, state) == (Verb.PROPOSE, State.FEE_NOTIFIED) else TODAY
    row, act = VERBS[verb], ACTS[verb]
    for by, roles in people:
        case = Case.objects.select_related("agency").get(pk=made.pk)
        before = (case.state, case.version, case.events.count())
        wanted = bool(roles & row.roles) and state in row.states
        answer = may(by, verb, case)
        assert answer.allowed == wanted, (by, answer.reason)
        assert (answer.reason is None) == wanted
        with transaction.atomic():
            if wanted:
                act.call(case, by, on)
                event = Event.objects.latest("id")
                assert (event.kind, event.by, event.case_id) == (act.kind, by, case.pk)
                assert case.events.count() == before[2] + 1
                assert case.version > before[1] or verb is Verb.READ_IDENTITY
            else:
                with pytest.raises(Refused) as refused, transaction.atomic():
                    act.call(case, by, on)
                assert str(refused.value).startswith("不能")  # by the table, before anything else was looked at
                case = Case.objects.get(pk=made.pk)
                assert (case.state, case.version, case.events.count()) == before
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", CLOSED_BY)
def test_a_closed_case_has_day_and_outcome_and_is_watched_no_more(players: Cast, state: State) -> None:
    case = brought_to(players, state, Verb.READ_IDENTITY)
    stored = Case.objects.get(pk=case.pk)
    assert (stored.outcome, stored.closed_on, stored.watch_on) == (CLOSED_BY[state], RECEIVED, None)


@pytest.mark.parametrize("role", Role)
def test_only_clerk_and_head_of_the_agency_register(players: Cast, role: Role) -> None:
    by = person("somebody", "某人", players.dongshan, role)
    receipt = registered(players, on=RECEIVED).case.receipt()
    wanted = role.value in VERBS[Verb.REGISTER].roles
    before = Case.objects.count()
    if wanted:
        made = intake.register(players.dongshan, application(), receipt, by=by, at=moment(TODAY))
        assert (made.event.kind, made.event.by) == (Kind.REGISTERED, by)
    else:
        with pytest.raises(Refused, match="没有登记申请的权限"):
            intake.register(players.dongshan, application(), receipt, by=by, at=moment(TODAY))
    with pytest.raises(Refused, match="没有登记申请的权限"):
        intake.register(players.elsewhere, application(), receipt, by=by, at=moment(TODAY))
    assert Case.objects.count() == before + wanted


def test_whoever_drafted_cannot_sign_even_as_head(players: Cast) -> None:
    both = person("both", "两职", players.dongshan, Role.CLERK, Role.HEAD)
    case = registered(players, on=RECEIVED).case
    _propose(case, both, RECEIVED)
    answer = may(both, Verb.SIGN, case)
    assert not answer.allowed
    assert answer.reason is not None
    assert "拟稿人不能签发" in answer.reason.zh
    with pytest.raises(Refused, match="拟稿人不能签发"):
        decide.sign(case, by=both, at=moment(TODAY))
