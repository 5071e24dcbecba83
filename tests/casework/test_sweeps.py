"""What time alone causes: everything due is told once, however late, often or many at once the sweep runs."""

import io
import threading
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from casework import sweeps
from casework.actions import approve, clock, consult, decide, deliver, extension, fee, intake
from casework.law.calendar import published
from casework.law.clock import Party
from casework.law.outcomes import Outcome
from casework.law.watch import Milestone, milestones, reached, working_days_left
from casework.models import Case, DispatchMode, Draft, Event, FeeNotice, Kind, Role
from casework.models.querycode import new_code
from notifications.models import Message
from tests.cast import FEE, Cast, application, closed, moment, person, proposed, registered, signed

pytestmark = pytest.mark.django_db

#: Received on 2 November 2026, due on 30 November: five days are left on the 23rd, two on the 26th.
RECEIVED = date(2026, 11, 2)
DUE = date(2026, 11, 30)


def told(case: Case | None = None) -> list[tuple[str, date, str | None]]:
    """What time has caused, in order."""
    events = Event.objects.filter(once__isnull=False).order_by("id")
    if case is not None:
        events = events.filter(case=case)
    return [(event.kind, event.on, event.once) for event in events]


def swept(*days: date) -> None:
    for day in days:
        sweeps.remind(at=moment(day, 8))


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


# The days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "left", "on"),
    [
        (DUE, 5, date(2026, 11, 23)),
        (DUE, 2, date(2026, 11, 26)),
        (DUE, 0, DUE),
        (DUE, -1, date(2026, 12, 1)),
        (DUE, -5, date(2026, 12, 7)),
        (date(2026, 10, 8), 2, date(2026, 9, 29)),  # over the National Day holidays
        (date(2026, 10, 9), -1, date(2026, 10, 10)),  # a Saturday that is worked
        (date(2026, 9, 24), -1, date(2026, 9, 28)),  # over Mid-Autumn
    ],
)
def test_a_milestone_is_the_day_with_so_many_working_days_left(due_on: date, left: int, on: date) -> None:
    assert milestones(due_on, [left], published()) == [Milestone(on, left)]
    assert working_days_left(on, due_on, published()) == left


@pytest.mark.parametrize(
    ("on", "latest"),
    [
        (date(2026, 11, 22), None),
        (date(2026, 11, 23), 5),
        (date(2026, 11, 25), 5),
        (date(2026, 11, 26), 2),
        (DUE, 0),
        (date(2027, 3, 1), 0),
    ],
)
def test_of_all_milestones_that_have_come_the_latest_counts(on: date, latest: int | None) -> None:
    found = reached(milestones(DUE, [5, 2, 0], published()), on)
    assert (found.days_left if found else None) == latest


# One case through time -----------------------------------------------------------------------------------------------


def test_day_after_day_each_milestone_is_told_once_to_whom_it_concerns(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    assert case.due_on == DUE
    swept(*days(RECEIVED, date(2026, 12, 31)))
    assert told() == [
        (Kind.SUPPLEMENT_REMINDED, date(2026, 11, 10), "notice:2026-11-11:1"),
        (Kind.SUPPLEMENT_REMINDED, date(2026, 11, 11), "notice:2026-11-11:0"),
        (Kind.REMINDED, date(2026, 11, 23), "remind:2026-11-30:5"),
        (Kind.REMINDED, date(2026, 11, 26), "remind:2026-11-30:2"),
        (Kind.REMINDED, DUE, "remind:2026-11-30:0"),
        (Kind.ESCALATED, DUE, "escalate:2026-11-30:0"),
        (Kind.ESCALATED, date(2026, 12, 1), "escalate:2026-11-30:-1"),
        (Kind.ESCALATED, date(2026, 12, 7), "escalate:2026-11-30:-5"),
    ]
    heard = Message.objects.order_by("id").values_list("notice", "recipient__username")
    clerks = [("supplement_last_day", "wang")] * 2 + [("due_soon", "wang")] * 3
    assert list(heard) == clerks + [("due_escalated", "li")] * 3
    assert Case.objects.get().watch_on is None  # nothing more to watch


def test_after_a_week_without_beat_one_message_says_how_things_stand(players: Cast) -> None:
    registered(players, on=RECEIVED)
    swept(RECEIVED, date(2026, 12, 3))
    assert told() == [
        (Kind.REMINDED, date(2026, 12, 3), "remind:2026-11-30:0"),
        (Kind.ESCALATED, date(2026, 12, 3), "escalate:2026-11-30:-1"),
    ]
    assert [m.context["cases"][0]["days_late"] for m in Message.objects.all()] == [3, 3]
    swept(date(2026, 12, 7))
    assert told()[2:] == [(Kind.ESCALATED, date(2026, 12, 7), "escalate:2026-11-30:-5")]


@pytest.mark.parametrize("gap", [1, 2, 3, 7, 30])
def test_whatever_the_gap_what_is_told_is_what_was_due(players: Cast, gap: int) -> None:
    for n in range(12):
        registered(players, on=RECEIVED + timedelta(days=n))
    looks = days(RECEIVED, date(2027, 1, 15))[::gap]
    swept(*looks)
    for case in Case.objects.all():
        assert case.due_on is not None
        for kind, wanted, word in (
            (Kind.REMINDED, case.agency.remind_days, "remind"),
            (Kind.ESCALATED, case.agency.escalate_days, "escalate"),
        ):
            found = [reached(milestones(case.due_on, wanted, published()), look) for look in looks]
            names = [f"{word}:{case.due_on}:{m.days_left}" for m in found if m]
            assert [once for told_kind, _on, once in told(case) if told_kind == kind] == list(dict.fromkeys(names))


def test_the_next_look_is_on_the_next_milestone(players: Cast) -> None:
    registered(players, on=RECEIVED)
    looks = []
    for day in (date(2026, 11, 23), date(2026, 11, 25), date(2026, 11, 27), DUE, date(2026, 12, 4)):
        swept(day)
        looks.append(Case.objects.get().watch_on)
    assert looks == [date(2026, 11, 26), date(2026, 11, 26), DUE, date(2026, 12, 1), date(2026, 12, 7)]


def test_a_sweep_that_runs_twice_tells_nothing_twice(players: Cast) -> None:
    registered(players, on=RECEIVED)
    swept(DUE, DUE, DUE)
    assert len(told()) == 2
    assert Message.objects.count() == 2


def test_a_case_whose_day_was_written_back_is_looked_at_again_and_nothing_told_twice(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    before = case.watch_on
    swept(DUE)
    Case.objects.update(watch_on=before)
    swept(DUE)
    assert len(told()) == 2


def test_an_extension_begins_the_reminders_anew(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    swept(date(2026, 11, 26))
    case = Case.objects.get()
    extension.extend(case, working_days=10, reason="涉及多个部门", on=DUE, by=players.li, at=moment(DUE, 7))
    assert case.due_on == date(2026, 12, 14)
    swept(DUE, *days(date(2026, 12, 1), date(2026, 12, 14)))
    assert [once for _kind, _on, once in told()] == [
        "remind:2026-11-30:2",
        "remind:2026-12-14:5",
        "remind:2026-12-14:2",
        "remind:2026-12-14:0",
        "escalate:2026-12-14:0",
    ]


def test_a_closed_case_is_watched_no_more(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    closed(players, case, Outcome.GRANTED, on=date(2026, 11, 20))
    withdrawn = registered(players, on=RECEIVED).case
    decide.withdraw(withdrawn, on=RECEIVED, by=players.wang, at=moment(RECEIVED, 15), statement="不需要了。")
    assert set(Case.objects.values_list("watch_on", flat=True)) == {None}
    swept(date(2026, 12, 7))
    assert told() == []


def test_signed_but_not_dispatched_still_counts_as_late(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=date(2026, 11, 20))
    swept(date(2026, 12, 1))
    assert [kind for kind, _on, _once in told()] == [Kind.REMINDED, Kind.ESCALATED]
    deliver.dispatch(
        Case.objects.get(),
        mode=DispatchMode.ONLINE,
        on=date(2026, 12, 2),
        by=players.wang,
        at=moment(date(2026, 12, 2)),
    )
    swept(date(2026, 12, 7))
    assert len(told()) == 2


def test_while_the_supplement_is_awaited_nobody_is_reminded_and_afterwards_of_the_new_date(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    asked, answered = date(2026, 11, 5), date(2026, 11, 20)
    clock.request_supplement(case, unclear="请说明年度。", on=asked, by=players.wang, at=moment(asked))
    swept(*days(asked, answered))
    assert told() == []
    case = Case.objects.get()
    clock.receive_supplement(case, answer="2025年。", on=answered, by=None, at=moment(answered))
    swept(DUE)
    assert told() == []
    assert case.due_on == date(2026, 12, 18)
    swept(date(2026, 12, 11))
    assert [once for _kind, _on, once in told()] == ["remind:2026-12-18:5"]


def test_an_unpaid_fee_lapses_once(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    fee.notify_fee(case, **FEE, on=RECEIVED, delivered_on=RECEIVED, by=players.wang, at=moment(RECEIVED, 15))
    ends_on = FeeNotice.objects.get().period_ends_on
    assert ends_on == DUE  # twenty working days
    Case.objects.update(watch_on=DUE)  # looked at for whatever reason on the last day, which is still the applicant's
    swept(DUE)
    assert told() == []
    assert Case.objects.get().watch_on == date(2026, 12, 1)
    swept(*days(date(2026, 12, 1), date(2026, 12, 9)))
    assert told() == [(Kind.LAPSE_FOUND, date(2026, 12, 1), "lapse:2026-11-30")]


# Applications that nobody takes --------------------------------------------------------------------------------------


def submitted(players: Cast, at: datetime) -> Case:
    draft = Draft.open(at=at, agency=players.dongshan)
    return intake.submit(draft, application(), query_code=new_code(), at=at).case


def test_the_head_hears_of_an_online_application_that_nobody_took_for_a_working_day(players: Cast) -> None:
    case = submitted(players, moment(date(2026, 11, 6), 23))  # a Friday
    swept(*days(date(2026, 11, 7), date(2026, 11, 9)))
    assert told() == []
    swept(*days(date(2026, 11, 10), date(2026, 11, 12)))
    assert told() == [(Kind.LEFT_UNTAKEN, date(2026, 11, 10), "untaken")]
    assert list(Message.objects.filter(notice="left_untaken").values_list("recipient__username", flat=True)) == ["li"]
    assert case.due_on
    swept(date(2026, 12, 3))  # and the reminder of its due date goes to every clerk, since it is nobody's
    reminded = Message.objects.filter(notice="due_soon").values_list("recipient__username", flat=True)
    assert sorted(set(reminded)) == ["chen", "wang"]


def test_a_paper_application_without_a_clerk_was_seen_by_whoever_registered_it(players: Cast) -> None:
    receipt = registered(players, on=RECEIVED).case.receipt()
    intake.register(players.dongshan, application(), receipt, by=players.li, at=moment(RECEIVED))
    assert Case.objects.filter(clerk=None).count() == 1
    swept(*days(RECEIVED, date(2026, 11, 12)))
    assert {kind for kind, _on, _once in told()} == {Kind.SUPPLEMENT_REMINDED}


def test_an_application_that_was_taken_is_not_reported(players: Cast) -> None:
    case = submitted(players, moment(date(2026, 11, 6)))
    intake.assign(case, clerk=players.wang, by=players.li, at=moment(date(2026, 11, 9)))
    swept(*days(date(2026, 11, 9), date(2026, 11, 12)))
    assert told() == []
    watch_on = Case.objects.get().watch_on
    assert watch_on is not None
    assert watch_on > date(2026, 11, 12)


# Who hears, and how much ---------------------------------------------------------------------------------------------


def test_one_message_lists_all_that_one_person_has_to_do_most_urgent_first(players: Cast) -> None:
    late = registered(players, on=RECEIVED).case
    soon = [registered(players, on=date(2026, 11, 4)).case for _ in range(60)]
    players.wang.email = "wang@example.org"
    players.wang.save()
    swept(date(2026, 12, 1))
    by_channel = {m.channel: m for m in Message.objects.filter(notice="due_soon")}
    assert set(by_channel) == {"inbox", "email"}
    context = by_channel["inbox"].context
    assert (context["count"], context["more"], len(context["cases"])) == (61, 11, 50)
    assert context["cases"][0]["number"] == late.number
    assert context["cases"][1]["number"] == soon[0].number
    assert by_channel["inbox"].path == "/desk/"
    assert len(told()) == 62


def test_what_one_person_hears_is_not_torn_apart_by_others_cases(
    players: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "BATCH", 4)
    for n in range(8):
        case = registered(players, on=RECEIVED).case
        intake.assign(case, clerk=[players.wang, players.chen][n % 2], by=players.li, at=moment(RECEIVED))
    swept(date(2026, 11, 23))
    assert [m.context["count"] for m in Message.objects.filter(notice="due_soon")] == [4, 4]


def test_a_clerk_who_has_left_is_not_told_but_the_others_are(players: Cast) -> None:
    registered(players, on=RECEIVED)
    players.wang.is_active = False
    players.wang.save()
    swept(date(2026, 11, 23))
    assert [m.recipient_id for m in Message.objects.all()] == [players.chen.pk]


def test_agencies_choose_their_own_days(players: Cast) -> None:
    players.dongshan.remind_days, players.dongshan.escalate_days = [10], []
    players.dongshan.save()
    clerk = person("yue", "孙悦", players.civil, Role.CLERK)
    registered(players, on=RECEIVED)
    intake.register(
        players.civil, application(), registered(players, on=RECEIVED).case.receipt(), by=clerk, at=moment(RECEIVED)
    )
    swept(*days(RECEIVED, DUE))
    assert sorted({once for _kind, _on, once in told() if once}) == [
        "escalate:2026-11-30:0",
        "notice:2026-11-11:0",
        "notice:2026-11-11:1",
        "remind:2026-11-30:0",
        "remind:2026-11-30:10",
        "remind:2026-11-30:2",
        "remind:2026-11-30:5",
    ]


def test_the_messages_never_show_who_asks_or_what(players: Cast) -> None:
    registered(players, on=RECEIVED)
    swept(DUE)
    for message in Message.objects.all():
        assert "张三" not in str(message.context)
        assert "老旧小区" not in str(message.context)


def test_a_sweep_that_finds_nothing_due_asks_the_database_once(
    players: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    registered(players, on=RECEIVED)
    with django_assert_num_queries(1):
        swept(RECEIVED)


def test_the_statements_do_not_grow_with_the_cases(
    players: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(40):
        registered(players, on=RECEIVED)
    with django_assert_max_num_queries(20):
        swept(DUE)
    assert len(told()) == 80


# Faults --------------------------------------------------------------------------------------------------------------


def test_a_sweep_that_dies_half_way_leaves_its_batch_untold_and_the_next_one_tells_it(
    players: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(players, on=RECEIVED)

    def broken(*_arguments: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("casework.actions.watch.look_again", broken)
    with pytest.raises(OSError, match="disk"):
        swept(DUE)
    assert (told(), Message.objects.count()) == ([], 0)
    monkeypatch.undo()
    swept(DUE)
    assert len(told()) == 2


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_nothing_is_lost(players: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_arguments: object, **_options: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("celery.app.task.Task.apply_async", gone)
    players.wang.email = "wang@example.org"
    players.wang.save()
    registered(players, on=RECEIVED)
    swept(DUE)
    assert Message.objects.filter(channel="email", notice="due_soon", status="pending").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_everything_once(players: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "BATCH", 3)
    for _ in range(10):
        registered(players, on=RECEIVED)
    together = threading.Barrier(2)
    errors: list[BaseException] = []

    def run() -> None:
        try:
            together.wait(30)
            swept(DUE)
        except BaseException as error:  # noqa: BLE001 - handed to the test, which raises it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    assert not errors
    swept(DUE)  # what one skipped because the other had it is done
    assert len(told()) == 20
    listed = [c["number"] for m in Message.objects.filter(notice="due_soon") for c in m.context["cases"]]
    assert sorted(listed) == sorted(Case.objects.values_list("number", flat=True))


# Proof ---------------------------------------------------------------------------------------------------------------


def verified() -> str:
    out = io.StringIO()
    call_command("verify_clocks", stdout=out)
    return out.getvalue()


def test_the_stored_dates_are_what_the_facts_give_whatever_was_done(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    proposed(players, case, Outcome.GRANTED, on=date(2026, 11, 5))
    asked = registered(players, on=RECEIVED).case
    clock.request_supplement(asked, unclear="请说明年度。", on=RECEIVED, by=players.wang, at=moment(RECEIVED))
    closed(players, registered(players, on=RECEIVED).case, Outcome.PARTIAL, on=date(2026, 11, 6))
    submitted(players, moment(date(2026, 11, 17)))
    swept(date(2026, 11, 18))
    assert "4件申请的期限与事实一致" in verified()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"due_on": date(2026, 12, 1)}, "due_on: 2026-12-01 ≠ 2026-11-30"),
        ({"due_is_provisional": True}, "due_is_provisional: True ≠ False"),
        ({"period_ends_on": RECEIVED}, "period_ends_on: 2026-11-02 ≠ None"),
        ({"watch_on": None}, "watch_on: None ≠ 2026-11-23"),
        ({"watch_on": date(2026, 11, 24)}, "watch_on: 2026-11-24 ≠ 2026-11-23"),
    ],
)
def test_a_stored_date_that_differs_is_named_and_not_repaired(
    players: Cast, now: time_machine.Traveller, wrong: dict[str, object], said: str
) -> None:
    now.move_to(moment(date(2026, 11, 18)))
    case = registered(players, on=RECEIVED).case
    registered(players, on=RECEIVED)
    Case.objects.filter(pk=case.pk).update(**wrong)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1处不一致"):
        call_command("verify_clocks", stdout=out)
    assert out.getvalue() == f"{case.number}, {said}\n"
    with pytest.raises(CommandError):
        call_command("verify_clocks", stdout=out)


def test_the_nightly_proof_writes_each_difference_to_the_log(players: Cast, caplog: pytest.LogCaptureFixture) -> None:
    case = registered(players, on=RECEIVED).case
    Case.objects.update(due_on=date(2026, 12, 1))
    assert sweeps.log_differences(on=date(2026, 11, 18)) == 1
    assert case.number in caplog.text


# The last day for a supplement notice ---------------------------------------------------------------------------------


def notices() -> list[date]:
    return [on for kind, on, _once in told() if kind == Kind.SUPPLEMENT_REMINDED]


def test_the_clerk_of_a_case_that_nobody_has_begun_hears_a_day_before_and_on_the_last_day(players: Cast) -> None:
    """条例 30: within seven working days of receipt; afterwards a notice restarts nothing."""
    registered(players, on=RECEIVED)
    swept(*days(RECEIVED, date(2026, 11, 20)))
    assert notices() == [date(2026, 11, 10), date(2026, 11, 11)]
    messages = Message.objects.filter(notice="supplement_last_day").order_by("id")
    assert [(m.recipient, m.context["cases"][0]["until_on"]) for m in messages] == [(players.wang, "2026-11-11")] * 2
    assert Event.objects.filter(kind=Kind.SUPPLEMENT_REMINDED)[0].for_office().zh == (
        "系统提醒承办人：内容不明确的，最迟在2026年11月11日告知补正（条例 30）。"
    )


def test_over_a_weekend_that_is_worked_the_last_day_is_that_of_the_calendar(players: Cast) -> None:
    """law.md E29, in 2026: Sunday 20 September is worked, 25 to 27 September and 1 to 7 October are off."""
    registered(players, on=date(2026, 9, 18))
    swept(*days(date(2026, 9, 18), date(2026, 10, 15)))
    last = published().add_workdays(date(2026, 9, 18), 7)
    assert last == date(2026, 9, 29)
    assert notices() == [date(2026, 9, 28), last]


def test_once_something_has_been_done_nobody_is_reminded_of_the_notice(players: Cast) -> None:
    wang, at = players.wang, moment(RECEIVED, 11)
    asked, consulted, answered, returned = (registered(players, on=RECEIVED).case for _n in range(4))
    clock.request_supplement(asked, unclear="请说明。", on=RECEIVED, by=wang, at=at)
    consult.consult(consulted, party=Party.THIRD_PARTY, name="甲", sent_on=RECEIVED, by=wang, at=at)
    signed(players, answered, Outcome.GRANTED, on=RECEIVED)
    proposed(players, returned, Outcome.GRANTED, on=RECEIVED)
    approve.send_back(returned, remark="请补充。", by=players.sun, at=moment(RECEIVED, 16))
    swept(*days(RECEIVED, date(2026, 11, 13)))
    assert notices() == []


def test_when_the_last_day_has_passed_there_is_nothing_left_to_recall(players: Cast) -> None:
    registered(players, on=RECEIVED)
    swept(RECEIVED, date(2026, 11, 12))
    assert notices() == []


def test_all_untouched_cases_of_a_clerk_are_one_message(players: Cast) -> None:
    for _n in range(3):
        registered(players, on=RECEIVED)
    swept(date(2026, 11, 11))
    assert Message.objects.get(notice="supplement_last_day").context["count"] == 3
