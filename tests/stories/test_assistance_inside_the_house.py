"""协办: a division or a sister unit is asked for help by a day of the house's own; the statutory clock takes no notice.

law.md 4.5: the divisions of an agency are no “other organs”, so nothing that is asked inside is left out of the period
(条例 33(3) leaves out the time for third parties and other organs alone).
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from casework import access, sweeps
from casework.access import Verb, may
from casework.actions import assist, clock, consult
from casework.actions.files import Upload
from casework.law.calendar import published
from casework.law.clock import Party
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.watch import chase_reached, next_chase
from casework.models import Assistance, Case, Conflict, Event, Kind, Role
from notifications.models import Message
from tests.cast import Cast, closed, moment, person, registered, signed

pytestmark = pytest.mark.django_db

RECEIVED = date(2026, 11, 2)
#: Due on Monday 9 November, asked on the Tuesday before.
ASKED, DUE = date(2026, 11, 3), date(2026, 11, 9)


def asked(players: Cast, case: Case, **changes: Any) -> Assistance:
    given: dict[str, Any] = {"name": "财务科", "question": "请提供2025年改造资金清单。", "due_on": DUE} | changes
    assist.request_assistance(case, **given, by=players.wang, at=moment(ASKED))
    return case.assistances.latest("id")


@pytest.fixture
def case(players: Cast) -> Case:
    return registered(players, on=RECEIVED).case


# The clock takes no notice -------------------------------------------------------------------------------------------


def test_asking_answering_and_cancelling_leave_the_due_date_and_its_reckoning_as_they_were(
    players: Cast, case: Case
) -> None:
    before = (case.due_on, case.due(), list(case.due().steps()))
    for n, act in enumerate(("answered", "cancelled", "left open")):
        one = asked(players, case, name=f"第{n}科")
        if act == "answered":
            assist.answer_assistance(one, answer="见清单。", by=players.wang, at=moment(date(2026, 11, 10)))
        elif act == "cancelled":
            assist.cancel_assistance(one, reason="已经找到。", by=players.wang, at=moment(ASKED))
    fresh = Case.objects.get(pk=case.pk)
    assert (fresh.due_on, fresh.due(), list(fresh.due().steps())) == before
    assert {event.due_before for event in fresh.events.all()} == {event.due_after for event in fresh.events.all()}


def test_asking_another_organ_is_another_matter_and_does_stop_it(players: Cast, case: Case) -> None:
    due = case.due_on
    assert due is not None
    consult.consult(case, party=Party.OTHER_AGENCY, name="区财政局", sent_on=ASKED, by=players.wang, at=moment(ASKED))
    assert case.due_on is not None
    assert case.due_on > due


def test_the_internal_day_is_never_after_the_day_on_which_the_reply_is_due(players: Cast, case: Case) -> None:
    assert case.due_on == date(2026, 11, 30)
    asked(players, case, due_on=case.due_on)
    with pytest.raises(Refused, match="不能晚于本件的最迟答复日2026年11月30日") as refused:
        asked(players, case, due_on=case.due_on + timedelta(days=1))
    assert refused.value.field == "due_on"
    with pytest.raises(Refused, match="不能早于今天"):
        asked(players, case, due_on=ASKED - timedelta(days=1))
    assert case.assistances.count() == 1


def test_in_an_overdue_case_help_is_wanted_today(players: Cast, case: Case) -> None:
    late = date(2026, 12, 2)
    given: dict[str, Any] = {"name": "财务科", "question": "请提供清单。", "by": players.wang, "at": moment(late)}
    with pytest.raises(Refused, match="不能晚于"):
        assist.request_assistance(case, due_on=late + timedelta(days=1), **given)
    assist.request_assistance(case, due_on=late, **given)


def test_while_the_applicant_is_awaited_there_is_no_day_to_keep_to(players: Cast, case: Case) -> None:
    clock.request_supplement(case, unclear="请说明。", on=ASKED, by=players.wang, at=moment(ASKED))
    assert asked(players, case, due_on=date(2027, 3, 1)).due_on == date(2027, 3, 1)


# Who sees what -------------------------------------------------------------------------------------------------------


def test_a_sister_unit_sees_the_question_and_not_the_case(players: Cast, case: Case) -> None:
    clerk = person("min", "民政", players.civil, Role.CLERK)
    one = asked(players, case, agency=players.civil, name="")
    other = asked(players, case)
    assert one.name == "东山区民政局"
    assert list(access.asked_of(clerk)) == [one]
    assert list(access.assistance_visible_to(clerk)) == [one]
    assert not access.visible_to(clerk).exists()
    assert set(access.assistance_visible_to(players.zhou)) == {one, other}
    for nobody in (players.zhao, person("editor", "编辑", players.civil, Role.REPORT_EDITOR)):
        assert not access.assistance_visible_to(nobody).exists()


def test_a_named_colleague_sees_it_as_long_as_they_work_there(players: Cast, case: Case) -> None:
    colleague = person("cai", "蔡会计", players.dongshan, Role.REPORT_EDITOR)
    one = asked(players, case, addressee=colleague)
    assert list(access.asked_of(colleague)) == [one]
    assert not access.visible_to(colleague).exists()
    colleague.appointments.all().delete()
    del colleague.__dict__["_roles"]
    assert not access.asked_of(colleague).exists()
    colleague.is_active = False
    assert not access.assistance_visible_to(colleague).exists()


def test_the_addressee_works_where_the_question_goes(players: Cast, case: Case) -> None:
    with pytest.raises(Refused, match="赵钱不在东山区人民政府办公室工作") as refused:
        asked(players, case, addressee=players.zhao)
    assert refused.value.field == "addressee"
    with pytest.raises(Refused, match="不在东山区民政局工作"):
        asked(players, case, agency=players.civil, addressee=players.chen)
    assert asked(players, case, agency=players.elsewhere, addressee=players.zhao).addressee == players.zhao


def test_ones_own_office_is_no_sister_unit(players: Cast, case: Case) -> None:
    with pytest.raises(Refused, match="本机关的科室") as refused:
        asked(players, case, agency=players.dongshan)
    assert refused.value.field == "agency"


@pytest.mark.parametrize("name", ["", "　", "x" * 121])
def test_somebody_has_to_be_asked(players: Cast, case: Case, name: str) -> None:
    with pytest.raises(Refused) as refused:
        asked(players, case, name=name)
    assert refused.value.field == "name"


# The answer ----------------------------------------------------------------------------------------------------------


def test_whoever_was_asked_answers_and_the_clerk_hears(players: Cast, case: Case) -> None:
    clerk = person("min", "民政", players.civil, Role.CLERK)
    one = asked(players, case, agency=players.civil, uploads=(Upload("范围.txt", b"2025"),))
    assert [d.name for d in one.attached.all()] == ["范围.txt"]
    heard = Message.objects.get(notice="assistance_wanted")
    assert (heard.recipient, heard.path) == (clerk, f"/desk/assistance/{one.pk}/")
    assert "张三" not in str(heard.context)
    event = assist.answer_assistance(
        one, answer="共三笔，见清单。", by=clerk, at=moment(DUE), uploads=(Upload("清单.txt", b"three"),)
    )
    stored = Assistance.objects.get(pk=one.pk)
    assert (stored.answer, stored.answered_on, stored.answered_by, stored.chase_on) == (
        "共三笔，见清单。",
        DUE,
        clerk,
        None,
    )
    assert [d.name for d in stored.received.all()] == ["清单.txt"]
    assert event.for_office().zh == "东山区民政局的协办意见由民政答复或者登记。"
    assert event.for_applicant() is None
    assert Message.objects.get(notice="assistance_answered").recipient == players.wang


def test_what_a_division_said_on_paper_is_recorded_by_the_clerk(players: Cast, case: Case) -> None:
    one = asked(players, case)
    assert not Message.objects.filter(notice="assistance_wanted").exists()  # a name on paper has no inbox
    with pytest.raises(Refused, match="早于"):
        assist.answer_assistance(one, answer="有。", on=ASKED - timedelta(days=1), by=players.wang, at=moment(DUE))
    one = Assistance.objects.get(pk=one.pk)
    assist.answer_assistance(one, answer="有。", on=ASKED, by=players.wang, at=moment(DUE))
    assert one.answered_on == ASKED


def test_neither_a_stranger_nor_another_unit_answers(players: Cast, case: Case) -> None:
    one = asked(players, case, agency=players.civil)
    for by in (players.zhao, players.zhou, players.li):
        with pytest.raises(Refused, match="不能登记协办意见"):
            assist.answer_assistance(one, answer="有。", by=by, at=moment(DUE))
    assert Assistance.objects.get().is_open


def test_an_answer_is_given_once_and_nothing_is_done_to_a_closed_request(players: Cast, case: Case) -> None:
    one, as_read_before = asked(players, case), Assistance.objects.get()
    assist.answer_assistance(one, answer="第一个。", by=players.wang, at=moment(DUE))
    acts: list[Callable[[], object]] = [
        lambda: assist.answer_assistance(one, answer="第二个。", by=players.wang, at=moment(DUE)),
        lambda: assist.chase(one, by=players.wang, at=moment(DUE)),
        lambda: assist.cancel_assistance(one, reason="不用了。", by=players.wang, at=moment(DUE)),
    ]
    for act in acts:
        with pytest.raises(Refused, match="已经答复或者取消"):
            act()
    as_read_before.case = Case.objects.get(pk=case.pk)
    with pytest.raises(Conflict):
        assist.answer_assistance(as_read_before, answer="第二个。", by=players.chen, at=moment(DUE))
    assert Assistance.objects.get().answer == "第一个。"


def test_when_the_case_is_closed_nobody_answers_any_more(players: Cast, case: Case) -> None:
    clerk = person("min", "民政", players.civil, Role.CLERK)
    one = asked(players, case, agency=players.civil)
    closed(players, case, Outcome.GRANTED, on=date(2026, 11, 5))
    one = Assistance.objects.get(pk=one.pk)
    with pytest.raises(Refused):
        assist.answer_assistance(one, answer="有。", by=clerk, at=moment(DUE))
    assert not may(players.wang, Verb.REQUEST_ASSISTANCE, case).allowed


def test_after_the_signature_there_is_nothing_left_to_ask(players: Cast, case: Case) -> None:
    signed(players, case, Outcome.GRANTED, on=ASKED)
    with pytest.raises(Refused, match="不能请求协办"):
        asked(players, case)


def test_a_cancelled_request_says_why_and_whoever_was_asked_hears(players: Cast, case: Case) -> None:
    clerk = person("min", "民政", players.civil, Role.CLERK)
    one = asked(players, case, agency=players.civil)
    event = assist.cancel_assistance(one, reason="已经找到。", by=players.wang, at=moment(ASKED))
    assert event.for_office().zh == "王敏取消请东山区民政局协办：已经找到。"
    assert Message.objects.get(notice="assistance_cancelled").recipient == clerk
    sweeps.chase(at=moment(date(2026, 12, 1)))
    assert not Event.objects.filter(kind=Kind.ASSISTANCE_REMINDED).exists()


def test_the_database_keeps_what_the_verbs_promise(players: Cast, case: Case) -> None:
    one = asked(players, case)
    for wrong in ({"due_on": ASKED - timedelta(days=1)}, {"answered_on": DUE, "cancelled_on": DUE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Assistance.objects.filter(pk=one.pk).update(**wrong)


# The ladder ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "rung"),
    [
        (date(2026, 11, 5), None),
        (date(2026, 11, 6), 1),
        (date(2026, 11, 8), 1),  # a Sunday
        (DUE, 0),
        (date(2026, 11, 10), 0),
        (date(2026, 11, 11), -2),
        (date(2026, 11, 12), -2),
        (date(2026, 11, 13), -4),
    ],
)
def test_the_rungs(on: date, rung: int | None) -> None:
    assert chase_reached(DUE, on, published()) == rung


def test_the_next_look_is_the_first_day_on_which_something_is_to_be_said() -> None:
    looks = [ASKED]
    while looks[-1] < date(2026, 11, 16):
        looks.append(next_chase(DUE, looks[-1], published()))
    # the day before, the day, two days late, three (the head), four, six
    assert looks[1:] == [date(2026, 11, day) for day in (6, 9, 11, 12, 13, 17)]


def test_day_after_day_it_is_recalled_and_on_the_third_day_late_the_head_hears(players: Cast, case: Case) -> None:
    clerk = person("min", "民政", players.civil, Role.CLERK)
    asked(players, case, agency=players.civil)
    for day in range((date(2026, 11, 14) - ASKED).days):
        for _twice in range(2):
            sweeps.chase(at=moment(ASKED + timedelta(days=day), 8))
    told = Event.objects.filter(kind__in=[Kind.ASSISTANCE_REMINDED, Kind.ASSISTANCE_ESCALATED]).order_by("id")
    assert [(event.kind, event.on.day, event.payload["days_left"]) for event in told] == [
        (Kind.ASSISTANCE_REMINDED, 6, 1),
        (Kind.ASSISTANCE_REMINDED, 9, 0),
        (Kind.ASSISTANCE_REMINDED, 11, -2),
        (Kind.ASSISTANCE_ESCALATED, 12, -3),
        (Kind.ASSISTANCE_REMINDED, 13, -4),
    ]
    assert told[2].for_office().zh == "系统催东山区民政局答复协办事项：已逾期2个工作日。"
    heard = Message.objects.filter(notice__in=["assistance_due", "assistance_overdue"]).order_by("id")
    assert [(m.notice, m.recipient) for m in heard] == [
        ("assistance_due", clerk),
        ("assistance_due", clerk),
        ("assistance_due", clerk),
        ("assistance_overdue", players.li),
        ("assistance_due", clerk),
    ]
    assert {m.path for m in heard} == {"/desk/assistance/"}


def test_after_a_week_without_beat_one_reminder_and_one_report_are_enough(players: Cast, case: Case) -> None:
    asked(players, case)
    sweeps.chase(at=moment(date(2026, 11, 18)))
    told = Event.objects.filter(once__startswith="assist:").order_by("id")
    assert [(event.kind, event.payload["days_left"]) for event in told] == [
        (Kind.ASSISTANCE_REMINDED, -7),
        (Kind.ASSISTANCE_ESCALATED, -7),
    ]


def test_all_that_one_office_owes_is_one_message(players: Cast) -> None:
    clerk = person("min", "民政", players.civil, Role.CLERK)
    for _n in range(3):
        asked(players, registered(players, on=RECEIVED).case, agency=players.civil)
    sweeps.chase(at=moment(DUE))
    (heard,) = Message.objects.filter(notice="assistance_due")
    assert (heard.recipient, heard.context["count"]) == (clerk, 3)
    assert Event.objects.filter(kind=Kind.ASSISTANCE_REMINDED).count() == 3


def test_for_a_division_without_a_person_its_clerk_is_told_to_ask_again(players: Cast, case: Case) -> None:
    asked(players, case)
    sweeps.chase(at=moment(DUE))
    assert Message.objects.get(notice="assistance_due").recipient == players.wang


def test_a_request_is_looked_at_again_only_on_its_next_day(players: Cast, case: Case) -> None:
    asked(players, case)
    assert Assistance.objects.get().chase_on == date(2026, 11, 6)
    assert sweeps.chase(at=moment(DUE)) == 1
    assert Assistance.objects.get().chase_on == date(2026, 11, 11)
    assert sweeps.chase(at=moment(date(2026, 11, 10))) == 0


def test_a_closed_case_is_chased_no_more(players: Cast, case: Case) -> None:
    one = asked(players, case)
    closed(players, case, Outcome.GRANTED, on=date(2026, 11, 5))
    sweeps.chase(at=moment(DUE))
    assert not Event.objects.filter(kind=Kind.ASSISTANCE_REMINDED).exists()
    assert Assistance.objects.get(pk=one.pk).chase_on is None


def test_by_hand_whoever_was_asked_is_reminded_at_once(players: Cast, case: Case) -> None:
    colleague = person("cai", "蔡会计", players.dongshan, Role.REPORT_EDITOR)
    one = asked(players, case, addressee=colleague)
    event = assist.chase(one, by=players.li, at=moment(ASKED))
    assert event.for_office().zh == "李立催财务科答复协办事项。"
    assert Message.objects.get(notice="assistance_chased").recipient == colleague
