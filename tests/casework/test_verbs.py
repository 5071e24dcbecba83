"""The whole table role × state × verb: what ``access.may`` says, what the table says, and what the verb itself does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from casework.access import VERBS, Verb, may
from casework.actions import (
    approve,
    assist,
    clock,
    consult,
    contact,
    decide,
    deliver,
    excess,
    extension,
    fee,
    intake,
    letters,
    receipt,
    related,
    send,
)
from casework.actions.files import Upload
from casework.actions.related import Matter
from casework.law.approval import Step
from casework.law.clock import Party
from casework.law.consultation import Judgement
from casework.law.letters import Element, LetterKind
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.states import State
from casework.models import (
    Agency,
    Assistance,
    Case,
    Consultation,
    Delivery,
    DispatchMode,
    Event,
    Kind,
    Letter,
    Role,
    Staff,
)
from tests.cast import (
    FEE,
    PAID,
    Cast,
    application,
    cast,
    cleared,
    closed,
    first_ground,
    moment,
    person,
    proposed,
    registered,
    reviewed,
    signed,
    statements,
)

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


#: What only a running period can take.
LONGER = {Verb.ASK_EXTENSION, Verb.DECLINE_EXTENSION, Verb.EXTEND, Verb.DELAY}


People = list[tuple[Staff, frozenset[str]]]


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


def _consulted(case: Case) -> Consultation:
    asked = case.consultations.get()
    asked.case = case
    return asked


def _record_opinion(case: Case, by: Staff, on: date) -> Event:
    return consult.record_opinion(
        _consulted(case), answered_on=on, consents=True, opinion="同意。", by=by, at=moment(on)
    )


def _link_duplicate(case: Case, by: Staff, on: date) -> Event:
    earlier = Case.objects.exclude(pk=case.pk).earliest("pk")
    return related.link_duplicate(case, earlier=earlier, reason="同一份申请书", by=by, at=moment(on))


def _made(case: Case) -> Letter:
    """The notice that was made, speaking of this very copy of the case."""
    letter = Letter.objects.get(case=case, decision=None)
    letter.case = case
    return letter


def _send(case: Case, by: Staff, on: date) -> Event:
    return send.send(_made(case), mode=DispatchMode.ONLINE, on=on, by=by, at=moment(on))


def _served(case: Case) -> Delivery | None:
    return Delivery.objects.filter(letter__decision=None, case=case).first()


def _record_return(case: Case, by: Staff, on: date) -> Event:
    return deliver.record_return(case, delivery=_served(case), on=on, reason="拒收", by=by, at=moment(on, 19))


def _redispatch(case: Case, by: Staff, on: date) -> Event:
    return deliver.redispatch(case, delivery=_served(case), mode=DispatchMode.IN_PERSON, on=on, by=by, at=moment(on))


#: What is done about a letter that has been posted.
_OF_THE_POST = {Verb.RECORD_DELIVERY, Verb.RECORD_RETURN, Verb.REDISPATCH, Verb.FILE_PROOF}


def _asked(case: Case) -> Assistance:
    asked = case.assistances.get()
    asked.case = case
    return asked


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
    Verb.RECORD_SERVICE: Act(
        Kind.SERVICE_RECORDED, lambda c, by, on: consult.record_service(_consulted(c), on=on, by=by, at=moment(on))
    ),
    Verb.OFFER_LINK: Act(
        Kind.LINK_OFFERED, lambda c, by, on: consult.offer_link(_consulted(c), mail=False, by=by, at=moment(on))
    ),
    Verb.REVOKE_LINK: Act(
        Kind.LINK_REVOKED, lambda c, by, on: consult.revoke_link(_consulted(c), by=by, at=moment(on))
    ),
    Verb.RECORD_OPINION: Act(Kind.OPINION_RECORDED, _record_opinion),
    Verb.JUDGE_OBJECTION: Act(
        Kind.OBJECTION_JUDGED,
        lambda c, by, on: consult.judge_objection(
            _consulted(c), judgement=Judgement.WITHHELD, reasons="涉及单价。", by=by, at=moment(on)
        ),
    ),
    Verb.CANCEL_CONSULTATION: Act(
        Kind.CONSULTATION_CANCELLED,
        lambda c, by, on: consult.cancel_consultation(_consulted(c), reason="误发。", by=by, at=moment(on)),
    ),
    Verb.INFORM_THIRD_PARTY: Act(
        Kind.THIRD_PARTY_INFORMED,
        lambda c, by, on: consult.inform_third_party(c, consultation=_consulted(c).pk, on=on, by=by, at=moment(on)),
    ),
    Verb.ASK_EXTENSION: Act(
        Kind.EXTENSION_ASKED,
        lambda c, by, on: extension.ask_extension(c, working_days=10, reason="检索", by=by, at=moment(on)),
    ),
    Verb.DECLINE_EXTENSION: Act(
        Kind.EXTENSION_DECLINED,
        lambda c, by, on: extension.decline_extension(c, remark="不必", by=by, at=moment(on)),
    ),
    Verb.EXTEND: Act(
        Kind.EXTENDED,
        lambda c, by, on: extension.extend(c, working_days=10, reason="涉及多个部门", on=on, by=by, at=moment(on)),
    ),
    Verb.NOTIFY_FEE: Act(Kind.FEE_NOTIFIED, lambda c, by, on: fee.notify_fee(c, **FEE, on=on, by=by, at=moment(on))),
    Verb.RECORD_FEE_DELIVERY: Act(
        Kind.FEE_DELIVERED, lambda c, by, on: fee.record_fee_delivery(c, on=on, by=by, at=moment(on))
    ),
    Verb.CANCEL_FEE: Act(
        Kind.FEE_CANCELLED, lambda c, by, on: fee.cancel_fee(c, reason="误发", on=on, by=by, at=moment(on))
    ),
    Verb.RECORD_PAYMENT: Act(
        Kind.PAYMENT_RECORDED, lambda c, by, on: fee.record_payment(c, on=on, **PAID, by=by, at=moment(on))
    ),
    Verb.ASK_REASONS: Act(
        Kind.REASONS_ASKED, lambda c, by, on: excess.ask_reasons(c, why="一月二十件", on=on, by=by, at=moment(on))
    ),
    Verb.RECORD_REASONS: Act(
        Kind.REASONS_RECORDED, lambda c, by, on: excess.record_reasons(c, answer="研究", on=on, by=by, at=moment(on))
    ),
    Verb.JUDGE_REASONS: Act(
        Kind.REASONS_JUDGED,
        lambda c, by, on: excess.judge_reasons(c, reasonable=True, grounds="属实", on=on, by=by, at=moment(on)),
    ),
    Verb.DELAY: Act(
        Kind.DELAYED,
        lambda c, by, on: excess.delay(c, until=date(2027, 3, 1), reason="量大", on=on, by=by, at=moment(on)),
    ),
    Verb.PROPOSE: Act(Kind.PROPOSED, _propose),
    Verb.REVIEW: Act(Kind.REVIEWED, lambda c, by, on: approve.review(c, by=by, at=moment(on))),
    Verb.CLEAR_SECRECY: Act(Kind.SECRECY_CLEARED, lambda c, by, on: approve.clear_secrecy(c, by=by, at=moment(on))),
    Verb.FIND_CLASSIFIED: Act(
        Kind.CLASSIFIED_FOUND,
        lambda c, by, on: approve.find_classified(c, basis="保密法 13", decided_by="市局", by=by, at=moment(on)),
    ),
    Verb.SEND_BACK: Act(Kind.SENT_BACK, lambda c, by, on: approve.send_back(c, remark="请补充", by=by, at=moment(on))),
    Verb.TAKE_BACK: Act(Kind.TAKEN_BACK, lambda c, by, on: approve.take_back(c, remark="有误", by=by, at=moment(on))),
    Verb.SIGN: Act(Kind.SIGNED, lambda c, by, on: approve.sign(c, by=by, at=moment(on))),
    Verb.DISPATCH: Act(
        Kind.DISPATCHED,
        lambda c, by, on: deliver.dispatch(c, mode=DispatchMode.ONLINE, on=on, by=by, at=moment(on)),
    ),
    Verb.SEND: Act(Kind.LETTER_SENT, _send),
    Verb.RECORD_DELIVERY: Act(
        Kind.LETTER_DELIVERED,
        lambda c, by, on: deliver.record_delivery(c, delivery=_served(c), on=on, by=by, at=moment(on)),
    ),
    Verb.RECORD_RETURN: Act(Kind.LETTER_RETURNED, _record_return),
    Verb.REDISPATCH: Act(Kind.LETTER_SENT, _redispatch),
    Verb.FILE_PROOF: Act(
        Kind.PROOF_FILED,
        lambda c, by, on: deliver.file_proof(
            c, delivery=_served(c), uploads=(Upload("a.pdf", b"%PDF-"),), by=by, at=moment(on)
        ),
    ),
    Verb.WITHDRAW: Act(
        Kind.WITHDRAWN, lambda c, by, on: decide.withdraw(c, on=on, statement="不需要了", by=by, at=moment(on))
    ),
    Verb.CHANGE_CONTACT: Act(
        Kind.CONTACT_CHANGED,
        lambda c, by, on: contact.change_contact(
            c, phone="", email="z@b.cn", address="", told_by="email", told_less=False, by=by, at=moment(on)
        ),
    ),
    Verb.TELL_OTHERWISE: Act(
        Kind.TOLD_OTHERWISE,
        lambda c, by, on: contact.tell_otherwise(c, told_on=on, how="电话告知", by=by, at=moment(on)),
    ),
    Verb.REQUEST_ASSISTANCE: Act(
        Kind.ASSISTANCE_REQUESTED,
        lambda c, by, on: assist.request_assistance(
            c, name="财务科", question="请提供清单。", due_on=on, by=by, at=moment(on)
        ),
    ),
    Verb.ANSWER_ASSISTANCE: Act(
        Kind.ASSISTANCE_ANSWERED,
        lambda c, by, on: assist.answer_assistance(_asked(c), answer="见附件。", by=by, at=moment(on)),
    ),
    Verb.CHASE: Act(Kind.CHASED, lambda c, by, on: assist.chase(_asked(c), by=by, at=moment(on))),
    Verb.CANCEL_ASSISTANCE: Act(
        Kind.ASSISTANCE_CANCELLED,
        lambda c, by, on: assist.cancel_assistance(_asked(c), reason="已经找到。", by=by, at=moment(on)),
    ),
    Verb.RECORD_ATTEMPT: Act(
        Kind.CONTACT_ATTEMPTED,
        lambda c, by, on: receipt.record_attempt(c, on=on, how="电话无人接听", by=by, at=moment(on)),
    ),
    Verb.CONFIRM_RECEIPT: Act(
        Kind.RECEIPT_CONFIRMED,
        lambda c, by, on: receipt.confirm_receipt(c, on=RECEIVED, how="电话确认", by=by, at=moment(on)),
    ),
    Verb.SPLIT: Act(
        Kind.SPLIT,
        lambda c, by, on: related.split(
            c, kept=Matter(content="甲"), others=[Matter(content="乙")], reason="两项", by=by, at=moment(on)
        ),
    ),
    Verb.LINK_DUPLICATE: Act(Kind.LINKED, _link_duplicate),
    Verb.TRANSFER: Act(
        Kind.TRANSFERRED,
        lambda c, by, on: related.transfer(
            c, to=Agency.objects.get(code="230406-MZ"), consent="电话同意", by=by, at=moment(on)
        ),
    ),
    Verb.CORRECT: Act(
        Kind.CORRECTED,
        lambda c, by, on: receipt.correct(
            c, changes={"applicant_kind": "business"}, reason="录入错误", by=by, at=moment(on)
        ),
    ),
    Verb.READ_IDENTITY: Act(Kind.IDENTITY_READ, lambda c, by, on: intake.read_identity(c, by=by, at=moment(on))),
}
_OVERTAKES = (Verb.RECEIVE_SUPPLEMENT, State.IN_REVIEW)
#: In review a draft waits for one of three steps; elsewhere there is none to wait for.
CASES = [
    (verb, state, step) for verb in ACTS for state in State for step in (Step if state is State.IN_REVIEW else (None,))
]
#: From the issue, by hand: whose verbs are open at which step of the approval.
AT_STEP = {
    Step.REVIEW: {Verb.REVIEW: Role.REVIEWER, Verb.SEND_BACK: Role.REVIEWER},
    Step.SECRECY: {
        Verb.CLEAR_SECRECY: Role.SECRECY_REVIEWER,
        Verb.FIND_CLASSIFIED: Role.SECRECY_REVIEWER,
        Verb.SEND_BACK: Role.SECRECY_REVIEWER,
    },
    Step.SIGNATURE: {Verb.SIGN: Role.HEAD, Verb.SEND_BACK: Role.HEAD},
}
OF_THE_APPROVAL = {verb for verbs in AT_STEP.values() for verb in verbs}


@pytest.fixture(scope="module")
def players(kept: None) -> Cast:
    """One cast for the tests of this file: each of them takes back what it does."""
    return cast()


@pytest.fixture(scope="module")
def people(players: Cast) -> People:
    """One person for each role in the case's agency, one with none, and those who hold the roles elsewhere."""
    here = [(person(f"only-{role}", str(role.label), players.dongshan, role), frozenset({role.value})) for role in Role]
    nobody = Staff.objects.create(username="nobody", password="!")
    return [*here, (nobody, frozenset()), (players.zhao, frozenset()), (_below(players), frozenset())]


def _below(players: Cast) -> Staff:
    return person("below", "下级", players.civil, Role.CLERK, Role.HEAD, Role.AUDITOR)


OF_A_CONSULTATION = {
    *(Verb.RECORD_SERVICE, Verb.OFFER_LINK, Verb.REVOKE_LINK, Verb.RECORD_OPINION),
    *(Verb.JUDGE_OBJECTION, Verb.CANCEL_CONSULTATION, Verb.INFORM_THIRD_PARTY),
}


def consulted(players: Cast, case: Case, verb: Verb) -> None:
    """A third party was asked; where it is about objections, it objects and was judged once."""
    by, at = players.wang, moment(RECEIVED, 11)
    consult.consult(case, party="third_party", name="某公司", sent_on=RECEIVED, by=by, at=at)
    if verb is Verb.REVOKE_LINK:
        consult.offer_link(_consulted(case), mail=False, by=by, at=at)
    if verb in (Verb.JUDGE_OBJECTION, Verb.INFORM_THIRD_PARTY):
        consult.record_opinion(_consulted(case), answered_on=RECEIVED, consents=False, opinion="不同意。", by=by, at=at)
        consult.judge_objection(_consulted(case), judgement=Judgement.UNFOUNDED, reasons="不成立。", by=by, at=at)
    if verb is Verb.INFORM_THIRD_PARTY:
        consult.judge_objection(
            _consulted(case),
            judgement=Judgement.OVERRIDDEN,
            reasons="理由。",
            public_interest="公共利益。",
            decided_content="合同。",
            by=by,
            at=at,
        )


def put_on_file(players: Cast, case: Case, verb: Verb) -> None:
    """What the verb is about: an opinion, a request inside, reasons."""
    by, at = players.wang, moment(RECEIVED, 11)
    if verb in OF_A_CONSULTATION:
        consulted(players, case, verb)
    if verb is Verb.DECLINE_EXTENSION:
        extension.ask_extension(case, working_days=10, reason="检索", by=by, at=at)
    if verb in (Verb.ANSWER_ASSISTANCE, Verb.CHASE, Verb.CANCEL_ASSISTANCE):
        assist.request_assistance(case, name="财务科", question="请提供清单。", due_on=RECEIVED, by=by, at=at)
    if verb in (Verb.RECORD_REASONS, Verb.JUDGE_REASONS, Verb.DELAY):
        excess.ask_reasons(case, why="一月二十件", on=RECEIVED, by=by, at=at)
    if verb in (Verb.JUDGE_REASONS, Verb.DELAY):
        excess.record_reasons(case, answer="研究", on=RECEIVED, by=by, at=at)
    if verb is Verb.DELAY:
        excess.judge_reasons(case, reasonable=True, grounds="属实", on=RECEIVED, by=by, at=at)


def informing(players: Cast, case: Case, state: State) -> None:
    """Signed with the notice to the third party made, and where the state is a closed one the reply dispatched."""
    signed(players, case, CLOSED_BY.get(state, Outcome.GRANTED), on=RECEIVED)
    send.prepare(
        case, Verb.INFORM_THIRD_PARTY, consultation=_consulted(case).pk, by=players.wang, at=moment(RECEIVED, 15)
    )
    if state in CLOSED_BY:
        deliver.dispatch(case, mode=DispatchMode.ONLINE, on=RECEIVED, by=players.wang, at=moment(RECEIVED, 16))


def wanted_of(verb: Verb, state: State, step: Step | None, roles: frozenset[str]) -> bool:
    """What the tables say of somebody with these roles."""
    row = VERBS[verb]
    if step is not None and verb in OF_THE_APPROVAL:
        return verb in AT_STEP[step] and AT_STEP[step][verb] in roles
    return bool(roles & row.roles) and state in row.states


def _put_in_the_post(case: Case, verb: Verb, clerk: Staff) -> None:
    """A notice without an act of its own, as far on its way as the verb needs it."""
    if verb is not Verb.SEND and verb not in _OF_THE_POST:
        return
    told = dict.fromkeys((Element.RESULT, Element.REASONS, Element.WITHDRAWN_ON, Element.WITHDRAWAL), "终止")
    letters.issue_notice(case, LetterKind.TERMINATED, given=told, by=clerk, at=moment(RECEIVED, 17))
    if verb in _OF_THE_POST:
        at = moment(RECEIVED, 18)
        send.send(_made(case), mode=DispatchMode.POST, postal_number="XA1", on=RECEIVED, by=clerk, at=at)
    if verb is Verb.REDISPATCH:
        _record_return(case, clerk, RECEIVED)


def received_for(players: Cast, verb: Verb) -> Case:
    """A case as it came in: by a letter that nobody signed for where the verb confirms that (条例 31(2))."""
    if verb is Verb.LINK_DUPLICATE:
        registered(players, on=RECEIVED)  # the earlier one
    case = registered(players, on=RECEIVED).case
    if verb in (Verb.RECORD_ATTEMPT, Verb.CONFIRM_RECEIPT):
        by, at = players.wang, moment(RECEIVED, 11)
        receipt.correct(case, changes={"channel": "ordinary_mail"}, reason="平信", by=by, at=at)
    return case


def brought_to(players: Cast, state: State, verb: Verb, step: Step | None = Step.SIGNATURE) -> Case:
    """A case in that state with what the verb needs on file beforehand, by the verbs."""
    case = received_for(players, verb)
    wang, at = players.wang, moment(RECEIVED, 11)
    put_on_file(players, case, verb)
    if state is State.SUPPLEMENT_REQUESTED:
        # After a late notice the clock goes on, so that there is something to extend (law.md 3.7).
        asked = date(2026, 11, 12) if verb in LONGER else RECEIVED
        clock.request_supplement(case, unclear="请说明年度。", days=2, on=asked, by=wang, at=moment(asked, 12))
    elif state is State.FEE_NOTIFIED:
        delivered = None if verb is Verb.RECORD_FEE_DELIVERY else RECEIVED
        fee.notify_fee(case, **FEE, on=RECEIVED, delivered_on=delivered, by=wang, at=at)
    elif (verb, state) == (Verb.RECEIVE_SUPPLEMENT, State.IN_REVIEW):
        clock.request_supplement(case, unclear="请说明年度。", days=2, on=RECEIVED, by=wang, at=at)
        proposed(players, case, Outcome.OTHER_1, on=date(2026, 11, 6))
    elif state is State.IN_REVIEW:
        proposed(players, case, Outcome.GRANTED, on=RECEIVED)
        if step is Step.SECRECY:
            reviewed(players, case, on=RECEIVED)
        elif step is Step.SIGNATURE:
            cleared(players, case, on=RECEIVED)
    elif state in (State.SIGNED, *CLOSED_BY) and verb is Verb.INFORM_THIRD_PARTY:
        informing(players, case, state)
    elif state is State.SIGNED:
        signed(players, case, Outcome.GRANTED, on=RECEIVED)
    elif state in CLOSED_BY:
        ground = "other_body" if (verb, state) == (Verb.TRANSFER, State.UNAVAILABLE) else ""
        closed(players, case, CLOSED_BY[state], on=RECEIVED, ground=ground)
    assert case.state == state
    _put_in_the_post(case, verb, wang)
    return case


#: Verbs for which ``brought_to`` puts the same on file as for the first of them.
SAME_FILE = (
    (Verb.OFFER_LINK, Verb.RECORD_SERVICE, Verb.RECORD_OPINION, Verb.CANCEL_CONSULTATION),
    (Verb.CHASE, Verb.ANSWER_ASSISTANCE, Verb.CANCEL_ASSISTANCE),
    (Verb.RECORD_ATTEMPT, Verb.CONFIRM_RECEIPT),
    (Verb.RECORD_DELIVERY, Verb.RECORD_RETURN, Verb.FILE_PROOF),
)
#: Verbs with a file of their own; for all others it is the plain one, as for reading the identity number.
OWN_FILE = {
    *(Verb.LINK_DUPLICATE, Verb.REVOKE_LINK, Verb.JUDGE_OBJECTION, Verb.INFORM_THIRD_PARTY, Verb.DECLINE_EXTENSION),
    *(Verb.RECORD_REASONS, Verb.JUDGE_REASONS, Verb.DELAY, Verb.SEND, Verb.REDISPATCH),
}
#: And those with one in this state only.
OWN_FILE_IN = {
    State.SUPPLEMENT_REQUESTED: LONGER,
    State.FEE_NOTIFIED: {Verb.RECORD_FEE_DELIVERY},
    State.IN_REVIEW: {Verb.RECEIVE_SUPPLEMENT},
    State.UNAVAILABLE: {Verb.TRANSFER},
}


def file_for(verb: Verb, state: State) -> Verb:
    """The verb whose file serves this one too, so that a case is brought to its state once for many verbs."""
    if verb in OWN_FILE or verb in OWN_FILE_IN.get(state, ()):
        return verb
    return next((same[0] for same in SAME_FILE if verb in same), Verb.READ_IDENTITY)


@pytest.fixture(scope="module")
def made(players: Cast, people: People, request: pytest.FixtureRequest) -> Iterator[Case]:
    """A case that stands there for all tests with the same state, step and file."""
    state, step, verb = request.param
    with transaction.atomic():
        yield brought_to(players, state, verb, step)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("verb", "state", "step", "made"),
    [(verb, state, step, (state, step, file_for(verb, state))) for verb, state, step in CASES],
    ids=["-".join(filter(None, row)) for row in CASES],
    indirect=["made"],
)
def test_the_verb_does_what_the_table_says_for_everybody(
    made: Case, people: People, verb: Verb, state: State, step: Step | None
) -> None:
    on = LATER if (verb, state) == (Verb.PROPOSE, State.FEE_NOTIFIED) else TODAY
    act = ACTS[verb]
    for by, roles in people:
        case = Case.objects.select_related("agency").get(pk=made.pk)
        before = (case.state, case.version, case.events.count())
        wanted = wanted_of(verb, state, step, roles)
        answer = may(by, verb, case)
        assert answer.allowed == wanted, (by, answer.reason)
        assert (answer.reason is None) == wanted
        with transaction.atomic():
            if wanted:
                act.call(case, by, on)
                event = case.events.latest("id")
                assert (event.kind, event.by) == (act.kind, by)
                # A supplement that overtakes its lapse also returns the draft.
                assert case.events.count() == before[2] + 1 + ((verb, state) == _OVERTAKES)
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
    received = registered(players, on=RECEIVED).case.receipt()
    wanted = role.value in VERBS[Verb.REGISTER].roles
    before = Case.objects.count()
    if wanted:
        made = intake.register(players.dongshan, application(), received, by=by, at=moment(TODAY))
        assert (made.event.kind, made.event.by) == (Kind.REGISTERED, by)
    else:
        with pytest.raises(Refused, match="没有登记申请的权限"):
            intake.register(players.dongshan, application(), received, by=by, at=moment(TODAY))
    with pytest.raises(Refused, match="没有登记申请的权限"):
        intake.register(players.elsewhere, application(), received, by=by, at=moment(TODAY))
    assert Case.objects.count() == before + wanted


def test_whoever_drafted_cannot_sign_even_as_head(players: Cast) -> None:
    both = person("both", "两职", players.dongshan, Role.CLERK, Role.HEAD)
    case = registered(players, on=RECEIVED).case
    _propose(case, both, RECEIVED)
    cleared(players, case, on=RECEIVED)
    answer = may(both, Verb.SIGN, case)
    assert not answer.allowed
    assert answer.reason is not None
    assert "拟稿人不能签发" in answer.reason.zh
    with pytest.raises(Refused, match="拟稿人不能签发"):
        approve.sign(case, by=both, at=moment(TODAY))
