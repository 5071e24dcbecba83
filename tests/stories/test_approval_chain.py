"""承办 → 审核 → 保密审查 → 签发: nothing leaves that has not been through each hand (条例 17, 45)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from casework.access import Verb, may
from casework.actions import approve, decide, deliver
from casework.actions.files import Upload
from casework.approvers import turn_of
from casework.desk.chain import chain_of
from casework.law.approval import STEPS, Step, awaited, steps
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Clearance, Conflict, Decision, DispatchMode, Kind, Role, Staff
from notifications.models import Message
from tests.cast import Cast, cleared, moment, person, proposed, registered, reviewed, signed

pytestmark = pytest.mark.django_db

RECEIVED, TODAY = date(2026, 11, 2), date(2026, 11, 3)


@pytest.fixture
def case(players: Cast) -> Case:
    made = registered(players, on=RECEIVED).case
    proposed(players, made, Outcome.GRANTED, on=TODAY)
    return made


def told(person: Staff) -> list[str]:
    return list(Message.objects.filter(recipient=person, channel="inbox").values_list("notice", flat=True))


def step(case: Case) -> Step | None:
    decision = Case.objects.get(pk=case.pk).current_decision
    return decision.awaits if decision else None


# The order ------------------------------------------------------------------------------------------------------------


def test_only_review_can_be_left_out_by_an_agency() -> None:
    assert [step for step, row in STEPS.items() if row.dispensable] == [Step.REVIEW]
    assert steps(reviewed=True) == (Step.REVIEW, Step.SECRECY, Step.SIGNATURE)
    assert steps(reviewed=False) == (Step.SECRECY, Step.SIGNATURE)


def test_a_draft_waits_for_the_first_step_that_it_has_not_passed() -> None:
    wanted = steps(reviewed=True)
    assert awaited(wanted, ()) is Step.REVIEW
    assert awaited(wanted, {Step.REVIEW}) is Step.SECRECY
    assert awaited(wanted, {Step.SECRECY}) is Step.REVIEW
    assert awaited(wanted, {Step.REVIEW, Step.SECRECY}) is Step.SIGNATURE
    assert awaited(wanted, set(wanted)) is None


def test_each_step_tells_the_people_of_the_next(players: Cast, case: Case) -> None:
    assert (told(players.sun), told(players.qian), told(players.li)) == (["to_be_reviewed"], [], [])
    reviewed(players, case, on=TODAY)
    assert (told(players.qian), told(players.li)) == (["to_be_cleared"], [])
    approve.clear_secrecy(case, by=players.qian, remark="不涉密。", at=moment(TODAY))
    assert (told(players.sun), told(players.li)) == (["to_be_reviewed"], ["to_be_signed"])
    approve.sign(case, by=players.li, at=moment(TODAY, 15))
    assert told(players.wang) == ["to_be_dispatched"]
    assert [e.kind for e in case.events.all()] == [
        Kind.REGISTERED,
        Kind.PROPOSED,
        Kind.REVIEWED,
        Kind.SECRECY_CLEARED,
        Kind.SIGNED,
    ]
    assert case.events.get(kind="secrecy_cleared").for_office().zh == "钱慎保密审查，结论为可以公开。不涉密。"
    assert [e for e in case.events.filter(kind__in=["reviewed", "secrecy_cleared"]) if e.for_applicant()] == []


@pytest.mark.parametrize("verb", ["clear_secrecy", "sign"])
def test_no_step_is_taken_before_its_turn(players: Cast, case: Case, verb: str) -> None:
    by = {"clear_secrecy": players.qian, "sign": players.li}[verb]
    with pytest.raises(Refused, match="现在等待的是审核"):
        getattr(approve, verb)(case, by=by, at=moment(TODAY))
    assert step(case) is Step.REVIEW
    assert not Clearance.objects.exists()


def test_an_agency_without_review_goes_to_secrecy_review_at_once(players: Cast) -> None:
    players.dongshan.reviews_drafts = False
    players.dongshan.save()
    case = registered(players, on=RECEIVED).case
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    assert step(case) is Step.SECRECY
    assert (told(players.sun), told(players.qian)) == ([], ["to_be_cleared"])
    with pytest.raises(Refused, match="现在等待的是保密审查"):
        approve.sign(case, by=players.li, at=moment(TODAY))


def test_a_step_is_passed_once(players: Cast, case: Case) -> None:
    mine, theirs = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
    other = person("other", "另审", players.dongshan, Role.REVIEWER)
    assert may(other, Verb.REVIEW, theirs).allowed
    approve.review(mine, by=players.sun, at=moment(TODAY))
    decision = theirs.current_decision
    assert decision is not None
    with pytest.raises((Conflict, Refused)):
        approve.review(theirs, by=other, at=moment(TODAY))
    with pytest.raises(IntegrityError), transaction.atomic():
        Clearance.objects.create(decision=decision, step="review", by=other, at=moment(TODAY))


# Different people -----------------------------------------------------------------------------------------------------


def test_a_drafter_takes_no_step_of_their_own_draft(players: Cast) -> None:
    all_roles = person("all", "全职", players.dongshan, Role.CLERK, Role.REVIEWER, Role.SECRECY_REVIEWER, Role.HEAD)
    case = registered(players, on=RECEIVED).case
    decide.propose(
        case, outcome=Outcome.GRANTED, ground="provided", statements={"route": "附件"}, by=all_roles, at=moment(TODAY)
    )
    with pytest.raises(Refused, match="拟稿人不能审核"):
        approve.review(case, by=all_roles, at=moment(TODAY))
    reviewed(players, case, on=TODAY)
    for act in (approve.clear_secrecy,):
        with pytest.raises(Refused, match="拟稿人不能保密审查"):
            act(case, by=all_roles, at=moment(TODAY))
    approve.clear_secrecy(case, by=players.qian, at=moment(TODAY))
    with pytest.raises(Refused, match="拟稿人不能签发"):
        approve.sign(case, by=all_roles, at=moment(TODAY))


def test_nobody_takes_two_steps_where_somebody_else_could(players: Cast, case: Case) -> None:
    for role in (Role.SECRECY_REVIEWER, Role.HEAD):
        players.sun.appointments.create(agency=players.dongshan, role=role)
    sun = Staff.objects.get(pk=players.sun.pk)
    approve.review(case, by=sun, at=moment(TODAY))
    with pytest.raises(Refused, match="应当由钱慎保密审查"):
        approve.clear_secrecy(case, by=sun, at=moment(TODAY))
    approve.clear_secrecy(case, by=players.qian, at=moment(TODAY))
    with pytest.raises(Refused, match="应当由李立签发"):
        approve.sign(case, by=sun, at=moment(TODAY))


def test_a_small_office_may_let_one_person_take_two(players: Cast, case: Case) -> None:
    """Where the agency has nobody else (design section 4); the drafter stays out even then."""
    players.qian.appointments.all().delete()
    players.sun.appointments.create(agency=players.dongshan, role=Role.SECRECY_REVIEWER)
    sun = Staff.objects.get(pk=players.sun.pk)
    approve.review(case, by=sun, at=moment(TODAY))
    approve.clear_secrecy(case, by=sun, at=moment(TODAY))
    approve.sign(case, by=players.li, at=moment(TODAY))
    assert set(Clearance.objects.values_list("by", flat=True)) == {sun.pk}


def test_where_nobody_is_appointed_the_page_says_who_has_to_appoint_whom(players: Cast, case: Case) -> None:
    players.qian.appointments.all().delete()
    reviewed(players, case, on=TODAY)
    person("shi", "石磊", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    (now,) = [link for link in chain_of(case, case.current_decision, turn_of(case, on=TODAY)) if link.look == "now"]
    assert now.nobody is not None
    assert "请石磊指定保密审查人" in now.nobody.zh
    assert "不能省略（条例 17、保密法 35）" in now.nobody.zh
    with pytest.raises(Refused):
        approve.sign(case, by=players.li, at=moment(TODAY))
    assert step(case) is Step.SECRECY


def test_an_agency_without_administrator_asks_the_one_above(players: Cast) -> None:
    clerk = person("min", "民政", players.civil, Role.CLERK)
    above = person("shi", "石磊", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    case = registered(players, on=RECEIVED).case
    Case.objects.filter(pk=case.pk).update(agency=players.civil, clerk=clerk)
    case = Case.objects.get(pk=case.pk)
    decide.propose(
        case, outcome=Outcome.GRANTED, ground="provided", statements={"route": "附件"}, by=clerk, at=moment(TODAY)
    )
    turn = turn_of(case, on=TODAY)
    assert turn is not None
    assert turn.approvers == ()
    (now,) = [link for link in chain_of(case, case.current_decision, turn_of(case, on=TODAY)) if link.look == "now"]
    assert now.nobody is not None
    assert f"请{above.name}指定审核人" in now.nobody.zh


# Back to the clerk ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at_step", list(Step))
def test_whoever_s_step_it_is_sends_it_back_and_the_draft_stays_with_what_it_passed(
    players: Cast, case: Case, at_step: Step
) -> None:
    if at_step is not Step.REVIEW:
        reviewed(players, case, on=TODAY)
    if at_step is Step.SIGNATURE:
        approve.clear_secrecy(case, by=players.qian, at=moment(TODAY))
    whose = {Step.REVIEW: players.sun, Step.SECRECY: players.qian, Step.SIGNATURE: players.li}
    for other in set(whose.values()) - {whose[at_step]}:
        with pytest.raises(Refused, match="不能退回"):
            approve.send_back(case, remark="重写", by=other, at=moment(TODAY))
    passed = Clearance.objects.count()
    approve.send_back(case, remark="请补充依据。", by=whose[at_step], at=moment(TODAY))
    assert told(players.wang) == ["sent_back"]
    returned = Decision.objects.get()
    assert (returned.remark, returned.clearances.count()) == ("请补充依据。", passed)
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    assert step(case) is Step.REVIEW, "a new draft begins anew"


def test_the_letter_leaves_with_what_was_cleared_and_nothing_else(players: Cast) -> None:
    """What came back is not in the next draft unless it is taken over, and nothing is added at dispatch."""
    case = registered(players, on=RECEIVED).case

    def draft(*names: str, kept: bool = False) -> None:
        ground = "provided"
        decide.propose(
            case,
            outcome=Outcome.GRANTED,
            ground=ground,
            statements={"route": "附件"},
            uploads=tuple(Upload(name, name.encode()) for name in names),
            kept=tuple(Decision.objects.latest("id").attachments.filter(name="甲.txt")) if kept else (),
            by=players.wang,
            at=moment(TODAY),
        )

    draft("甲.txt", "乙.txt")
    approve.send_back(case, remark="删去乙。", by=players.sun, at=moment(TODAY))
    draft("丙.txt", kept=True)
    cleared(players, case, on=TODAY)
    approve.sign(case, by=players.li, at=moment(TODAY, 15))
    deliver.dispatch(case, mode=DispatchMode.ONLINE, on=TODAY, by=players.wang, at=moment(TODAY, 16))
    decision = Case.objects.get().current_decision
    assert decision is not None
    assert [d.name for d in decision.attachments.all()] == ["甲.txt", "丙.txt"]
    assert "附件" in str(decision.letters.get().content)
    assert case.documents.count() == 4
    with pytest.raises(TypeError):
        deliver.dispatch(case, uploads=(), mode=DispatchMode.ONLINE, on=TODAY, by=players.wang, at=moment(TODAY))  # type: ignore[call-arg]


def test_the_picture_of_the_chain_says_who_and_when(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=TODAY)
    case = Case.objects.get()
    links = chain_of(case, case.current_decision, turn_of(case, on=TODAY))
    assert [(link.words.zh, link.look, link.people[0].name) for link in links] == [
        ("拟稿", "done", "王敏"),
        ("审核", "done", "孙正"),
        ("保密审查", "done", "钱慎"),
        ("签发", "done", "李立"),
    ]
