"""Given a notice made in time, it is the day on which it leaves that counts (国办公开办函〔2016〕235号 四, 条例 30)."""

from datetime import date

import pytest

from casework.access import Verb, offered
from casework.actions import clock, deliver, send
from casework.actions.letters import issue_notice, void_letter
from casework.desk.acts import next_verb
from casework.law.clock import Party
from casework.law.letters import Element, LetterKind
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.states import State
from casework.models import Case, Conflict, Consultation, Delivery, DispatchMode, Event, Kind, Letter, Supplement
from tests.casework.test_letters import pdf_text
from tests.cast import Cast, moment, registered, signed

pytestmark = pytest.mark.django_db

#: Received on a Monday; the 6th and 7th working days after it are a Tuesday and a Wednesday.
RECEIVED, SIXTH, SEVENTH, EIGHTH = date(2026, 11, 2), date(2026, 11, 10), date(2026, 11, 11), date(2026, 11, 12)
UNTIL = date(2026, 12, 1)  # 15 working days after the 6th


@pytest.fixture
def case(players: Cast) -> Case:
    return registered(players, on=RECEIVED).case


def made(players: Cast, case: Case, *, on: date = SIXTH, unclear: str = "请说明年度。") -> Letter:
    return send.prepare(case, Verb.REQUEST_SUPPLEMENT, unclear=unclear, by=players.wang, at=moment(on))


def posted(players: Cast, letter: Letter, *, on: date) -> Event:
    return send.send(letter, mode=DispatchMode.POST, postal_number="XA123", on=on, by=players.chen, at=moment(on, 16))


def test_made_it_asks_nobody_for_anything(players: Cast, case: Case) -> None:
    due = case.due_on
    letter = made(players, case)
    stored = Case.objects.get()
    assert (stored.state, stored.due_on, stored.supplements.count()) == (State.RECEIVED, due, 0)
    assert (letter.number, letter.act) == ("东政公开补告〔2026〕1号", "request_supplement")
    assert list(Letter.objects.not_sent()) == [letter]
    assert next_verb(stored, offered(players.wang, stored, on=SIXTH), on=SIXTH) is Verb.SEND
    assert [e.for_applicant() for e in stored.events.filter(kind=Kind.LETTER_MADE)] == [None]
    assert not case.events.filter(kind=Kind.SUPPLEMENT_REQUESTED).exists()


def test_posted_on_the_seventh_working_day_it_is_in_time(players: Cast, case: Case) -> None:
    posted(players, made(players, case), on=SEVENTH)
    supplement = Supplement.objects.get()
    assert (supplement.requested_on, supplement.unclear) == (SEVENTH, "请说明年度。")
    assert Case.objects.get().due().warnings[-1].zh.startswith("正在等待申请人补正")
    assert Case.objects.get().due_on is None


def test_made_on_the_sixth_and_posted_on_the_eighth_it_is_late_and_restarts_nothing(players: Cast, case: Case) -> None:
    due = case.due_on
    posted(players, made(players, case), on=EIGHTH)
    assert Supplement.objects.get().requested_on == EIGHTH
    assert Case.objects.get().due_on == due


def test_the_last_day_that_the_letter_prints_holds(players: Cast, case: Case) -> None:
    letter = made(players, case)
    with letter.pdf.open() as pdf:
        assert "请您最迟于2026年12月1日" in pdf_text(pdf.read())
    posted(players, letter, on=SEVENTH)
    assert Supplement.objects.get().period_ends_on == UNTIL


def test_kept_until_its_own_last_day_it_can_no_longer_leave(players: Cast, case: Case) -> None:
    letter = made(players, case)
    with pytest.raises(Refused, match="申请人没有时间补正") as refused:
        posted(players, letter, on=UNTIL)
    assert refused.value.law == "条例 30"
    assert not Supplement.objects.exists()
    assert not Delivery.objects.exists()


def test_online_it_is_made_and_sent_in_one_act(players: Cast, case: Case) -> None:
    letter = send.carry_out(
        case,
        Verb.REQUEST_SUPPLEMENT,
        mode=DispatchMode.ONLINE,
        unclear="请说明年度。",
        days=5,
        by=players.wang,
        at=moment(SIXTH),
    )
    sent = Delivery.objects.get()
    assert (sent.letter, sent.sent_on, sent.delivered_on, sent.sent_by) == (letter, SIXTH, SIXTH, players.wang)
    assert Supplement.objects.get().period_ends_on == date(2026, 11, 17)
    assert not Letter.objects.not_sent().exists()


def test_the_act_is_that_of_whoever_made_the_letter(players: Cast, case: Case) -> None:
    letter = made(players, case)
    event = posted(players, letter, on=SEVENTH)
    assert Event.objects.get(kind=Kind.SUPPLEMENT_REQUESTED).by == players.wang
    assert (event.kind, event.by, event.on) == (Kind.LETTER_SENT, players.chen, SEVENTH)
    assert (
        "陈晨以邮政企业寄送方式送出《政府信息公开申请补正告知书》（东政公开补告〔2026〕1号）" in event.for_office().zh
    )


def test_a_second_of_its_kind_waits_for_the_first(players: Cast, case: Case) -> None:
    made(players, case)
    with pytest.raises(Refused, match="已经制作，还没有送出"):
        made(players, Case.objects.get())
    assert Letter.objects.count() == 1
    answer = next(a for a in offered(players.wang, Case.objects.get(), on=SIXTH) if a.verb is Verb.REQUEST_SUPPLEMENT)
    assert not answer.allowed


def test_what_the_act_would_refuse_gets_no_letter_and_no_number(players: Cast, case: Case) -> None:
    clock.request_supplement(case, unclear="请说明年度。", on=SIXTH, by=players.wang, at=moment(SIXTH))
    before = Event.objects.count()
    with pytest.raises(Refused, match="现在的状态"):
        made(players, Case.objects.get(), on=SEVENTH)
    assert (Letter.objects.count(), Event.objects.count()) == (0, before)
    other = registered(players, on=RECEIVED).case
    assert made(players, other).number == "东政公开补告〔2026〕1号"


@pytest.mark.parametrize("days", [0, 121, -3])
def test_an_unreasonable_period_gets_no_letter(players: Cast, case: Case, days: int) -> None:
    with pytest.raises(Refused, match="1至120个工作日"):
        send.prepare(case, Verb.REQUEST_SUPPLEMENT, unclear="甲", days=days, by=players.wang, at=moment(SIXTH))
    assert not Letter.objects.exists()


def test_void_it_has_never_been_and_its_number_stays_taken(players: Cast, case: Case) -> None:
    made(players, case)
    void_letter(Letter.objects.get(), reason="事项有误", by=players.li, at=moment(SEVENTH))
    with pytest.raises(Conflict):
        posted(players, Letter.objects.get(), on=SEVENTH)
    assert not Supplement.objects.exists()
    assert not Letter.objects.not_sent().exists()
    assert made(players, Case.objects.get(), on=SEVENTH).number == "东政公开补告〔2026〕2号"


def test_sent_it_can_be_neither_sent_again_nor_declared_void(players: Cast, case: Case) -> None:
    letter = made(players, case)
    posted(players, letter, on=SEVENTH)
    with pytest.raises(Refused):
        posted(players, Letter.objects.get(), on=SEVENTH)
    with pytest.raises(Refused, match="已经送出"):
        void_letter(Letter.objects.get(), reason="事项有误", by=players.li, at=moment(SEVENTH))
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("on", [date(2026, 11, 9), date(2026, 11, 12)], ids=["before it was made", "tomorrow"])
def test_it_leaves_between_its_making_and_today(players: Cast, case: Case, on: date) -> None:
    letter = made(players, case)
    with pytest.raises(Refused, match=r"早于|还没有到"):
        send.send(
            letter, mode=DispatchMode.POST, postal_number="XA1", on=on, by=players.wang, at=moment(date(2026, 11, 11))
        )
    assert not Supplement.objects.exists()


def test_by_post_it_needs_the_number_of_the_postal_enterprise(players: Cast, case: Case) -> None:
    letter = made(players, case)
    with pytest.raises(Refused, match="必须填写"):
        send.send(letter, mode=DispatchMode.POST, on=SEVENTH, by=players.wang, at=moment(SEVENTH))
    assert not Supplement.objects.exists()


def test_when_the_case_has_moved_on_the_letter_stays(players: Cast, case: Case) -> None:
    letter = made(players, case)
    signed(players, Case.objects.get(), Outcome.GRANTED, on=SIXTH)
    with pytest.raises(Refused, match="现在的状态"):
        posted(players, Letter.objects.get(pk=letter.pk), on=SEVENTH)
    assert set(Letter.objects.not_sent().values_list("kind", flat=True)) == {"supplement", "provided"}
    deliver.dispatch(Case.objects.get(), mode=DispatchMode.ONLINE, on=SEVENTH, by=players.wang, at=moment(SEVENTH))
    assert not Letter.objects.not_sent().exists()  # the question is moot


def test_a_reply_is_dispatched_and_not_just_sent(players: Cast, case: Case) -> None:
    signed(players, case, Outcome.GRANTED, on=SIXTH)
    with pytest.raises(Refused, match="送出答复"):
        posted(players, Letter.objects.get(), on=SEVENTH)


def test_several_third_parties_are_written_to_at_once(players: Cast, case: Case) -> None:
    """条例 32: each has a letter of its own, and the consultation is a fact when it has left."""
    for name in ("新业公司", "宏图公司"):
        send.prepare(
            Case.objects.get(),
            Verb.CONSULT,
            party=Party.THIRD_PARTY,
            name=name,
            summary="改造项目合同",
            by=players.wang,
            at=moment(SIXTH),
        )
    first, second = Letter.objects.all()
    assert (first.content["addressee"], second.content["addressee"]) == ("新业公司", "宏图公司")
    assert not Consultation.objects.exists()
    posted(players, first, on=SEVENTH)
    assert Consultation.objects.get().sent_on == SEVENTH
    assert list(Letter.objects.not_sent()) == [second]


def test_a_letter_without_an_act_leaves_too(players: Cast, case: Case) -> None:
    given = {Element.EXCLUDED: "征求意见所需时间不计算在答复期限内。"}
    letter = issue_notice(case, LetterKind.CONSULTING, given=given, by=players.wang, at=moment(SIXTH))
    assert list(Letter.objects.not_sent()) == [letter]
    posted(players, letter, on=SEVENTH)
    assert list(Letter.objects.sent_to_applicant()) == [letter]
