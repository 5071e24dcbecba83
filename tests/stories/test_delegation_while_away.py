"""While somebody is away a deputy acts, every act says for whom, and what waits for them is seen."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.access import Verb, may
from casework.actions import approve, decide, excess, extension, fee
from casework.actions.delegate import delegate, end_delegation
from casework.approvers import turn_of
from casework.desk.chain import chain_of
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Clearance, Decision, Delegation, Letter, Role, Staff
from notifications.models import Message
from tests.cast import FEE, Cast, cleared, moment, person, proposed, registered, reviewed

pytestmark = pytest.mark.django_db

RECEIVED, TODAY = date(2026, 11, 2), date(2026, 11, 3)
WEEK = timedelta(days=7)


def away(players: Cast, role: Role, who: Staff, deputy: Staff, **changes: object) -> Delegation:
    given = {"from_on": TODAY, "until_on": TODAY + WEEK, "by": who} | changes
    return delegate(players.dongshan, role=role, person=who, deputy=deputy, at=moment(TODAY, 8), **given)  # type: ignore[arg-type]


def draft(players: Cast) -> Case:
    case = registered(players, on=RECEIVED).case
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    return case


def test_the_deputy_signs_and_event_and_letter_say_for_whom(players: Cast) -> None:
    away(players, Role.HEAD, players.li, players.chen)
    case = draft(players)
    cleared(players, case, on=TODAY)
    assert Message.objects.filter(recipient=players.chen, channel="inbox", notice="to_be_signed").exists()
    assert Message.objects.filter(recipient=players.li, channel="inbox", notice="to_be_signed").exists()
    approve.sign(case, by=players.chen, at=moment(TODAY, 15))
    decision, letter = Decision.objects.get(), Letter.objects.get()
    assert (decision.signed_by, decision.signed_for) == (players.chen, players.li)
    assert (letter.signed_by, letter.signed_for) == (players.chen, players.li)
    assert case.events.get(kind="signed").for_office().zh.startswith("陈晨（代李立）签发")
    assert case.events.get(kind="signed").for_office().en.startswith("陈晨 (for 李立) signed")


def test_a_deputy_reviews_and_clears_too(players: Cast) -> None:
    away(players, Role.REVIEWER, players.sun, players.chen)
    away(players, Role.SECRECY_REVIEWER, players.qian, players.li)
    case = draft(players)
    approve.review(case, by=players.chen, at=moment(TODAY))
    approve.clear_secrecy(case, by=players.li, at=moment(TODAY))
    assert [(c.by, c.for_whom) for c in Clearance.objects.all()] == [
        (players.chen, players.sun),
        (players.li, players.qian),
    ]


def test_a_deputy_is_never_the_drafter(players: Cast) -> None:
    away(players, Role.HEAD, players.li, players.wang)
    case = draft(players)
    cleared(players, case, on=TODAY)
    answer = may(players.wang, Verb.SIGN, case, on=TODAY)
    assert not answer.allowed
    with pytest.raises(Refused, match="不能签发"):
        approve.sign(case, by=players.wang, at=moment(TODAY, 15))
    assert may(players.li, Verb.SIGN, case, on=TODAY).allowed, "who comes back early acts again"


def test_nobody_signs_for_the_drafter_either(players: Cast) -> None:
    both = person("both", "两职", players.dongshan, Role.CLERK, Role.HEAD)
    delegate(
        players.dongshan,
        role=Role.HEAD,
        person=both,
        deputy=players.chen,
        from_on=TODAY,
        until_on=TODAY,
        by=both,
        at=moment(TODAY, 8),
    )
    case = registered(players, on=RECEIVED).case
    decide.propose(
        case, outcome=Outcome.GRANTED, ground="provided", statements={"route": "附件"}, by=both, at=moment(TODAY)
    )
    cleared(players, case, on=TODAY)
    with pytest.raises(Refused, match="不能签发"):
        approve.sign(case, by=players.chen, at=moment(TODAY, 15))
    approve.sign(case, by=players.li, at=moment(TODAY, 15))


def test_who_has_reviewed_does_not_sign_for_another_who_is_away_where_a_head_is_there(players: Cast) -> None:
    second = person("second", "副职", players.dongshan, Role.HEAD)
    away(players, Role.HEAD, players.li, players.sun)
    case = draft(players)
    cleared(players, case, on=TODAY)
    with pytest.raises(Refused, match="不能签发"):
        approve.sign(case, by=players.sun, at=moment(TODAY, 15))
    approve.sign(case, by=second, at=moment(TODAY, 15))


@pytest.mark.parametrize(("on", "allowed"), [(-1, False), (0, True), (7, True), (8, False)])
def test_it_holds_from_the_first_to_the_last_day(players: Cast, on: int, allowed: bool) -> None:
    away(players, Role.REVIEWER, players.sun, players.chen)
    case = draft(players)
    assert may(players.chen, Verb.REVIEW, case, on=TODAY + timedelta(days=on)).allowed is allowed
    assert not may(players.chen, Verb.REVIEW, case).allowed, "without a day nobody stands in for anybody"


def test_it_ends_when_the_person_is_back_and_what_was_done_stays(players: Cast) -> None:
    delegation = away(players, Role.REVIEWER, players.sun, players.chen)
    case = draft(players)
    approve.review(case, by=players.chen, at=moment(TODAY))
    end_delegation(delegation, by=players.sun, at=moment(TODAY, 12))
    assert not may(players.chen, Verb.REVIEW, draft(players), on=TODAY).allowed
    assert Clearance.objects.get().for_whom == players.sun
    first = Delegation.objects.get().ended_at
    end_delegation(delegation, by=players.sun, at=moment(TODAY, 13))
    assert Delegation.objects.get().ended_at == first


def test_a_deputy_who_has_left_or_lost_the_role_acts_no_more(players: Cast) -> None:
    away(players, Role.REVIEWER, players.sun, players.chen)
    case = draft(players)
    players.chen.appointments.all().delete()
    assert not may(Staff.objects.get(pk=players.chen.pk), Verb.REVIEW, case, on=TODAY).allowed
    players.chen.appointments.create(agency=players.dongshan, role=Role.CLERK)
    players.sun.appointments.all().delete()
    assert not may(Staff.objects.get(pk=players.chen.pk), Verb.REVIEW, case, on=TODAY).allowed


def test_a_case_that_waits_for_somebody_away_shows_it(players: Cast) -> None:
    away(players, Role.SECRECY_REVIEWER, players.qian, players.chen)
    case = draft(players)
    reviewed(players, case, on=TODAY)
    (now,) = [link for link in chain_of(case, case.current_decision, turn_of(case, on=TODAY)) if link.look == "now"]
    assert {person.name for person in now.people} == {"钱慎", "陈晨"}
    assert [(d.person.name, d.deputy.name) for d in now.away] == [("钱慎", "陈晨")]


def test_the_head_s_deputy_may_also_extend_before_the_period_ends(players: Cast) -> None:
    away(players, Role.HEAD, players.li, players.chen)
    case = registered(players, on=RECEIVED).case
    event = extension.extend(case, working_days=5, reason="跨部门。", on=TODAY, by=players.chen, at=moment(TODAY))
    assert (event.by, event.for_whom) == (players.chen, players.li)


def test_the_head_s_deputy_may_decline_an_extension_set_a_delay_and_cancel_a_fee(players: Cast) -> None:
    away(players, Role.HEAD, players.li, players.chen)
    by_chen: dict[str, Any] = {"by": players.chen, "at": moment(TODAY)}
    by_wang: dict[str, Any] = {"on": TODAY, "by": players.wang, "at": moment(TODAY)}
    asked = registered(players, on=RECEIVED).case
    extension.ask_extension(asked, working_days=5, reason="跨部门。", by=players.wang, at=moment(TODAY))
    declined = extension.decline_extension(Case.objects.get(pk=asked.pk), remark="可以按期。", **by_chen)
    many = registered(players, on=RECEIVED).case
    excess.ask_reasons(many, why="一月内申请八十件。", **by_wang)
    excess.record_reasons(many, answer="课题研究。", **by_wang)
    excess.judge_reasons(many, reasonable=True, grounds="立项书属实。", **by_wang)
    later = date(2026, 12, 31)
    delayed = excess.delay(Case.objects.get(pk=many.pk), until=later, reason="逐件检索。", on=TODAY, **by_chen)
    charged = registered(players, on=RECEIVED).case
    fee.notify_fee(charged, **FEE, **by_wang)
    cancelled = fee.cancel_fee(Case.objects.get(pk=charged.pk), reason="页数有误。", on=TODAY, **by_chen)
    for event in (declined, delayed, cancelled):
        assert (event.by, event.for_whom) == (players.chen, players.li)


# Who may arrange it ---------------------------------------------------------------------------------------------------


def test_one_arranges_it_for_oneself_and_the_administrator_for_others(players: Cast) -> None:
    shi = person("shi", "石磊", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    with pytest.raises(Refused, match="只能为自己"):
        away(players, Role.HEAD, players.li, players.chen, by=players.wang)
    made = away(players, Role.HEAD, players.li, players.chen, by=shi)
    with pytest.raises(Refused, match="只能终止自己"):
        end_delegation(made, by=players.chen, at=moment(TODAY))
    assert Message.objects.filter(recipient=players.chen, notice="deputy_named", channel="inbox").count() == 1


def test_what_makes_no_sense_is_refused(players: Cast) -> None:
    yesterday = TODAY - timedelta(days=1)
    for role, who, deputy, changes, sentence in (
        (Role.HEAD, players.li, players.li, {}, "不能由本人代理"),
        (Role.HEAD, players.li, players.zhao, {}, "本机关办理申请的工作人员"),
        (Role.HEAD, players.li, players.zhou, {}, "本机关办理申请的工作人员"),
        (Role.REVIEWER, players.li, players.chen, {}, "没有可以由人代理的"),
        (Role.CLERK, players.wang, players.chen, {}, "没有可以由人代理的"),
        (Role.HEAD, players.li, players.chen, {"until_on": yesterday}, "止日不能早于"),
        (Role.HEAD, players.li, players.chen, {"from_on": yesterday - WEEK, "until_on": yesterday}, "止日不能早于"),
        (Role.HEAD, players.li, players.chen, {"until_on": TODAY + timedelta(days=366)}, "不能超过一年"),
    ):
        with pytest.raises(Refused, match=sentence):
            away(players, role, who, deputy, **changes)
    assert not Delegation.objects.exists()


def test_two_deputies_of_one_role_do_not_overlap(players: Cast) -> None:
    away(players, Role.HEAD, players.li, players.chen)
    with pytest.raises(Refused, match="已经由陈晨代理"):
        away(players, Role.HEAD, players.li, players.wang, from_on=TODAY + WEEK, until_on=TODAY + 2 * WEEK)
    after = TODAY + WEEK + timedelta(days=1)
    away(players, Role.HEAD, players.li, players.wang, from_on=after, until_on=after)
    assert Delegation.objects.count() == 2
