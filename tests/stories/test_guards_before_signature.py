"""The guards of a signature: each names the article and what is missing, and asks for what really happened."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.actions import approve, consult, decide, deliver
from casework.actions.guards import guards_of
from casework.law.clock import Party
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Decision, DispatchMode, Event
from tests.cast import Cast, cleared, closed, moment, proposed, registered, reviewed, statements

pytestmark = pytest.mark.django_db

RECEIVED, ASKED = date(2026, 9, 1), date(2026, 9, 2)
#: The 15th working day after 2 September 2026, by hand: the 20th is worked for National Day.
LAST = date(2026, 9, 22)
SIGNED = date(2026, 11, 3)


def consulted(players: Cast, case: Case, *, delivered_on: date | None = ASKED, name: str = "新业公司") -> None:
    consult.consult(
        case,
        party=Party.THIRD_PARTY,
        name=name,
        sent_on=ASKED,
        delivered_on=delivered_on,
        by=players.wang,
        at=moment(ASKED),
    )


def answered(players: Cast, case: Case, on: date) -> Event:
    asked = case.consultations.get(answered_on=None)
    return consult.record_opinion(
        asked, answered_on=on, consents=False, opinion="不同意。", by=players.wang, at=moment(on)
    )


# 条例 15、32: the third party is heard, not only asked ----------------------------------------------------------------


def test_a_letter_to_the_third_party_is_not_enough_while_its_time_runs(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    consulted(players, case)
    assert players.dongshan.calendar.add_workdays(ASKED, 15) == LAST
    with pytest.raises(Refused, match="缺少法定前提“征求第三方意见的记录") as refusal:
        proposed(players, case, Outcome.REFUSED_4, on=LAST)
    assert refusal.value.law == "条例 15、32"
    proposed(players, case, Outcome.REFUSED_4, on=LAST + timedelta(days=1))
    assert Case.objects.get().state == "in_review"


def test_the_answer_ends_the_waiting(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    consulted(players, case)
    answered(players, case, date(2026, 9, 8))
    proposed(players, case, Outcome.REFUSED_4, on=date(2026, 9, 8))


# 条例 36(6): the earlier reply is a reply -----------------------------------------------------------------------------


def repeated(players: Cast, *, number: str, earlier_on: date | None = None, **applicant: Any) -> Decision:
    case = registered(players, on=date(2026, 10, 9), **applicant).case
    decide.propose(
        case,
        outcome=Outcome.NOT_PROCESSED_2,
        statements=statements(Outcome.NOT_PROCESSED_2) | {"earlier_reply": number},
        earlier_on=earlier_on,
        by=players.wang,
        at=moment(SIGNED),
    )
    return Decision.objects.latest("id")


@pytest.fixture
def earlier(players: Cast) -> Decision:
    """A reply that left on 4 September."""
    case = registered(players, on=RECEIVED).case
    closed(players, case, Outcome.GRANTED, on=date(2026, 9, 4))
    return Decision.objects.get()


def test_the_earlier_reply_is_found_by_its_number_and_linked(players: Cast, earlier: Decision) -> None:
    decision = repeated(players, number=earlier.document_number)
    assert (decision.earlier, decision.earlier_on) == (earlier, None)
    cleared(players, decision.case, on=SIGNED)
    approve.sign(decision.case, by=players.li, at=moment(SIGNED, 15))


@pytest.mark.parametrize(
    ("number", "applicant", "sentence"),
    [
        ("东政公开告〔2026〕99号", {}, "没有已经送出的"),
        ("见此前的答复", {}, "没有已经送出的"),
        ("", {}, "必须填写"),
        (None, {"identity_number": "110105194912310118"}, "不是给同一申请人的"),
        (None, {"identity_number": "", "identity_kind": "", "name": "李四"}, "不是给同一申请人的"),
    ],
)
def test_what_is_no_earlier_reply_to_the_same_applicant_is_refused(
    players: Cast, earlier: Decision, number: str | None, applicant: dict[str, Any], sentence: str
) -> None:
    before = Decision.objects.count()
    with pytest.raises(Refused, match=sentence):
        repeated(players, number=earlier.document_number if number is None else number, **applicant)
    assert Decision.objects.count() == before


def test_without_identity_numbers_the_name_decides(players: Cast, earlier: Decision) -> None:
    decision = repeated(players, number=earlier.document_number, identity_number="", identity_kind="")
    assert decision.earlier == earlier


def test_a_reply_that_left_after_the_application_is_no_earlier_one(players: Cast) -> None:
    first = registered(players, on=RECEIVED).case
    closed(players, first, Outcome.GRANTED, on=date(2026, 10, 10))
    with pytest.raises(Refused, match="收到本件以后才送出"):
        repeated(players, number=Decision.objects.get().document_number)


def test_a_reply_from_before_the_system_is_named_with_its_day(players: Cast) -> None:
    decision = repeated(players, number="东政办〔2018〕5号", earlier_on=date(2018, 6, 1))
    assert (decision.earlier, decision.earlier_on) == (None, date(2018, 6, 1))
    for wrong in (date(2026, 10, 10), date(2008, 4, 30)):
        with pytest.raises(Refused, match="此前的答复应当早于"):
            repeated(players, number="东政办〔2018〕5号", earlier_on=wrong)


def test_a_draft_without_its_link_is_not_signed(players: Cast, earlier: Decision) -> None:
    """As one that an older release wrote."""
    decision = repeated(players, number=earlier.document_number)
    cleared(players, decision.case, on=SIGNED)
    Decision.objects.filter(pk=decision.pk).update(earlier=None)
    with pytest.raises(Refused, match="缺少法定前提“此前答复的文号”"):
        approve.sign(Case.objects.get(pk=decision.case_id), by=players.li, at=moment(SIGNED, 15))


# What the head sees ---------------------------------------------------------------------------------------------------


def test_the_head_sees_each_guard_with_its_article_and_whether_it_is_there(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    consulted(players, case)
    answered(players, case, date(2026, 9, 8))
    proposed(players, case, Outcome.REFUSED_4, on=SIGNED)
    reviewed(players, case, on=SIGNED)
    decision = Decision.objects.get()
    seen = {guard.words.zh: (guard.law, guard.met) for guard in guards_of(case, decision, on=SIGNED)}
    assert seen == {
        "理由": ("条例 36", True),
        "是否可以区分处理": ("条例 37", True),
        "征求第三方意见的记录": ("条例 15、32", True),
        "文字和附件已经保密审查": ("条例 17、保密法 35", False),
    }
    case.consultations.update(answered_on=None, sent_on=SIGNED, delivered_on=SIGNED)
    lost = [guard.law for guard in guards_of(case, decision, on=SIGNED) if not guard.met]
    assert lost == ["条例 15、32", "条例 17、保密法 35"]


def test_nothing_is_dispatched_that_was_not_signed_after_secrecy_review(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    proposed(players, case, Outcome.GRANTED, on=SIGNED)
    reviewed(players, case, on=SIGNED)
    with pytest.raises(Refused):
        deliver.dispatch(case, mode=DispatchMode.ONLINE, on=SIGNED, by=players.wang, at=moment(SIGNED, 16))
    assert Case.objects.get().closed_on is None
