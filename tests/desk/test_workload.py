"""Who has how much, where time goes, how much was in time; for heads of everybody, for clerks of themselves."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.actions import approve, deliver, intake
from casework.actions.delegate import delegate
from casework.desk.filters import Haste
from casework.desk.workload import Stretch, Workload
from casework.law.calendar import published
from casework.law.outcomes import Outcome
from casework.models import Case, DispatchMode, Role, Staff
from tests.cast import Cast, closed, moment, proposed, registered, signed
from tests.conftest import AS_OF

TODAY = AS_OF.date()


def ago(n: int) -> date:
    return published().subtract_workdays(TODAY, n) if n else TODAY


def of(players: Cast, *, whole: bool = True, user: Staff | None = None, days: int = 200) -> Workload:
    period = Stretch(TODAY - timedelta(days=days), TODAY)
    return Workload(players.dongshan, whole=whole, user=user or players.li, on=TODAY, period=period)


def test_open_cases_stand_by_clerk_and_by_division(players: Cast) -> None:
    registered(players, on=ago(25))
    for n in (1, 20):
        case = registered(players, on=ago(n)).case
        intake.assign(case, clerk=players.chen, division="法制科", by=players.li, at=moment(TODAY))
    Case.objects.filter(pk=registered(players, on=TODAY).case.pk).update(clerk=None)
    by_clerk = {load.name: load for load in of(players).loads("clerk")}
    assert {name: load.total for name, load in by_clerk.items()} == {"王敏": 1, "陈晨": 2, "": 1}
    assert by_clerk["王敏"].of[Haste.LATE] == 1
    assert (by_clerk["陈晨"].of[Haste.TODAY], by_clerk["陈晨"].of[Haste.CALM]) == (1, 1)
    assert {load.name: load.total for load in of(players).loads("division")} == {"法制科": 2, "": 2}


def test_each_step_is_measured_in_working_days_between_its_events(players: Cast) -> None:
    case = registered(players, on=ago(10)).case
    proposed(players, case, Outcome.GRANTED, on=ago(7))
    approve.review(case, by=players.sun, at=moment(ago(5), 15))
    approve.clear_secrecy(case, by=players.qian, at=moment(ago(5), 16))
    approve.sign(case, by=players.li, at=moment(ago(4), 15))
    deliver.dispatch(case, mode=DispatchMode.ONLINE, on=ago(3), by=players.wang, at=moment(ago(3), 16))
    steps, only_newest = of(players).steps()
    assert {each.row.key: each.median for each in steps} == {
        "draft": 3,
        "review": 2,
        "clear": 0,
        "sign": 1,
        "send": 1,
        "all": 7,
    }
    assert {each.cases for each in steps} == {1}
    assert not only_newest


def test_a_draft_that_came_back_counts_from_the_last_time_it_went_up(players: Cast) -> None:
    case = registered(players, on=ago(10)).case
    proposed(players, case, Outcome.GRANTED, on=ago(8))
    approve.send_back(case, remark="再改。", by=players.sun, at=moment(ago(6)))
    signed(players, case, Outcome.GRANTED, on=ago(4))
    deliver.dispatch(case, mode=DispatchMode.ONLINE, on=ago(4), by=players.wang, at=moment(ago(4), 16))
    steps = {each.row.key: each.median for each in of(players).steps()[0]}
    assert (steps["draft"], steps["review"]) == (6, 0)


def test_the_period_decides_what_is_measured(players: Cast) -> None:
    case = registered(players, on=ago(40)).case
    closed(players, case, Outcome.GRANTED, on=ago(35))
    late = registered(players, on=ago(30)).case
    closed(players, late, Outcome.REFUSED_6, on=ago(2))
    assert of(players, days=5).rate().replied == 1
    assert of(players, days=5).rate().late == 1
    assert of(players, days=5).rate().on_time == 0
    assert of(players).rate().on_time == 50
    assert of(players, days=5).steps()[0][-1].cases == 1


def test_months_say_what_came_in_and_what_was_closed(players: Cast) -> None:
    closed(players, registered(players, on=TODAY).case, Outcome.GRANTED, on=TODAY)
    registered(players, on=TODAY)
    months = of(players).months()
    assert len(months) == 12
    assert (months[-1].first, months[-1].received, months[-1].closed) == (TODAY.replace(day=1), 2, 1)
    assert months[-1].rate.on_time == 100


def test_a_clerk_sees_their_own_and_a_head_everybody(
    players: Cast, wang: Client, li: Client, at_desk: Callable[[Staff], Client]
) -> None:
    case = registered(players, on=TODAY).case
    intake.assign(case, clerk=players.chen, division="法制科", by=players.li, at=moment(TODAY))
    registered(players, on=TODAY)
    assert "陈晨" in li.get("/desk/workload/").content.decode()
    assert "法制科" in li.get("/desk/workload/").content.decode()
    own = wang.get("/desk/workload/").content.decode()
    assert "我的工作量" in own
    assert "陈晨" not in own
    assert "法制科" not in own
    assert at_desk(players.sun).get("/desk/workload/").status_code == 403
    assert "陈晨" not in at_desk(players.zhao).get("/desk/workload/?agency=230406").content.decode()


def test_every_figure_opens_its_cases(players: Cast, li: Client) -> None:
    registered(players, on=ago(25))
    registered(players, on=TODAY)
    context = li.get("/desk/workload/").context
    for line in (*context["clerks"], *context["divisions"]):
        assert len(li.get("/desk/" + line.address).context["lines"]) == line.load.total
        for count, address, _haste in line.counts:
            assert len(li.get("/desk/" + address).context["lines"]) == count
    for _words, count, address, _haste in context["hastes"]:
        assert len(li.get("/desk/" + address).context["lines"]) == count


def test_an_office_without_work_is_told_what_will_stand_here(players: Cast, li: Client, wang: Client) -> None:
    assert "还没有办件" in li.get("/desk/workload/").content.decode()
    assert "您还没有承办的办件" in wang.get("/desk/workload/").content.decode()
    assert "这段时间没有答复" in li.get("/desk/workload/").content.decode()


@pytest.mark.parametrize("asked", ["period=x", "first=gestern", "first=2026-12-01&last=2026-01-01", "agency=x"])
def test_a_period_that_is_none_is_said_and_the_page_stands(players: Cast, li: Client, asked: str) -> None:
    answer = li.get(f"/desk/workload/?{asked}")
    assert answer.status_code == 200
    assert ("有问题需要改正" in answer.content.decode()) == asked.startswith("first")


def test_a_slow_office_is_warned(players: Cast, li: Client) -> None:
    for _ in range(10):
        closed(players, registered(players, on=ago(30)).case, Outcome.REFUSED_6, on=ago(1))
    assert "按期答复率低于95%" in li.get("/desk/workload/?period=year").content.decode()


def test_who_stands_in_for_whom_is_said_to_the_head(players: Cast, li: Client) -> None:
    days = {"from_on": TODAY, "until_on": TODAY + timedelta(days=3)}
    delegate(
        players.dongshan, role=Role.REVIEWER, person=players.sun, deputy=players.chen, **days,
        by=players.sun, at=moment(TODAY),
    )  # fmt: skip
    page = li.get("/desk/workload/").content.decode()
    assert "孙正外出至" in page
    assert "由陈晨代" in page
    assert 'href="/desk/delegations/"' in page


def test_the_page_costs_the_same_with_few_and_with_many_cases(players: Cast, li: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert li.get("/desk/workload/").status_code == 200
        return len(asked)

    registered(players, on=TODAY)
    few = cost()
    for n in range(12):
        case = registered(players, on=ago(n)).case
        if n % 3 == 0:
            closed(players, case, Outcome.REFUSED_6, on=TODAY)
    assert cost() <= few <= 30
