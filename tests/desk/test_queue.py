"""The queue: order, trays, search, pages, and that it costs the same however many cases there are."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.actions import clock, deliver, extension, intake
from casework.actions.application import Application
from casework.desk import queue
from casework.desk.trays import TRAYS
from casework.desk.urgency import urgency_of
from casework.law.calendar import published
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.words import said
from casework.models import Case, DispatchMode
from tests.cast import Cast, cleared, closed, moment, proposed, registered, reviewed, signed
from tests.conftest import AS_OF

TODAY = AS_OF.date()


def working_days_ago(n: int) -> date:
    return published().subtract_workdays(TODAY, n) if n else TODAY


def asked(players: Cast, case: Case, *, on: date, days: int = 15) -> None:
    clock.request_supplement(case, unclear="请说明。", days=days, on=on, by=players.wang, at=moment(on))


def numbers(page: str) -> list[str]:
    return re.findall(r'class="number">([^<]+)<', page)


@pytest.mark.parametrize(
    ("ago", "words", "look"),
    [
        (0, "还有20个工作日到期", "calm"),
        (15, "还有5个工作日到期", "soon"),
        (17, "还有3个工作日到期", "soon"),
        (20, "今日到期", "today"),
        (21, "已逾期1个工作日", "late"),
        (22, "已逾期2个工作日", "late"),
    ],
)
def test_urgency_is_said_in_colour_and_word(players: Cast, ago: int, words: str, look: str) -> None:
    on = date(2026, 11, 18)
    received_on = published().subtract_workdays(on, ago) if ago else on
    urgency = urgency_of(registered(players, on=received_on).case, on=on)
    assert (urgency.words.zh, urgency.look) == (words, look)


def test_the_weekend_after_the_due_date_is_late_already(players: Cast) -> None:
    case = registered(players, on=date(2026, 10, 23)).case
    friday = case.due_on
    assert friday == date(2026, 11, 20)
    assert urgency_of(case, on=friday).words.zh == "今日到期"
    saturday = urgency_of(case, on=friday + timedelta(days=1))
    assert (saturday.words.zh, saturday.look) == ("已逾期", "late")


def test_while_the_applicant_is_awaited_the_queue_says_until_when(players: Cast) -> None:
    case = registered(players, on=working_days_ago(3)).case
    asked(players, case, on=working_days_ago(1))
    supplement = case.open_supplement
    assert supplement is not None
    until = supplement.period_ends_on
    assert until is not None
    assert urgency_of(case, on=until).words.zh == f"待申请人补正至{said(until)}"
    after = urgency_of(case, on=until + timedelta(days=1))
    assert (after.look, after.words.zh) == ("late", f"补正期限已于{said(until)}届满")


def test_a_date_in_a_year_without_calendar_is_marked_provisional(players: Cast, wang: Client) -> None:
    case = registered(players, on=TODAY).case
    extension.extend(case, working_days=20, reason="检索量大。", on=TODAY, by=players.li, at=moment(TODAY))
    assert urgency_of(case, on=TODAY).provisional
    assert "暂定" in wang.get("/desk/").content.decode()


def test_the_queue_stands_in_the_order_of_the_days_left(players: Cast, wang: Client) -> None:
    middle = registered(players, on=working_days_ago(5)).case
    first = registered(players, on=working_days_ago(21)).case
    last = registered(players, on=working_days_ago(1)).case
    waiting = registered(players, on=working_days_ago(30)).case
    asked(players, waiting, on=working_days_ago(29))
    page = wang.get("/desk/").content.decode()
    assert numbers(page) == [first.number, middle.number, last.number, waiting.number]
    assert "已逾期1个工作日" in page


def test_trays_hold_what_they_say_and_count_it(players: Cast, wang: Client, li: Client) -> None:
    mine = registered(players, on=working_days_ago(1)).case
    chens = registered(players, on=working_days_ago(1)).case
    intake.assign(chens, clerk=players.chen, by=players.li, at=moment(TODAY))
    late = registered(players, on=working_days_ago(25)).case
    waiting = registered(players, on=working_days_ago(2)).case
    asked(players, waiting, on=TODAY)
    draft = registered(players, on=working_days_ago(2)).case
    proposed(players, draft, Outcome.GRANTED, on=TODAY)
    to_clear = registered(players, on=working_days_ago(2)).case
    proposed(players, to_clear, Outcome.GRANTED, on=TODAY)
    reviewed(players, to_clear, on=TODAY)
    to_sign = registered(players, on=working_days_ago(2)).case
    proposed(players, to_sign, Outcome.GRANTED, on=TODAY)
    cleared(players, to_sign, on=TODAY)
    to_send = registered(players, on=working_days_ago(2)).case
    signed(players, to_send, Outcome.GRANTED, on=TODAY)
    done = registered(players, on=working_days_ago(2)).case
    closed(players, done, Outcome.GRANTED, on=TODAY)
    back = registered(players, on=working_days_ago(2)).case
    signed(players, back, Outcome.GRANTED, on=TODAY)
    at = moment(TODAY, 16)
    deliver.dispatch(back, mode=DispatchMode.POST, postal_number="XA1", on=TODAY, by=players.wang, at=at)
    deliver.record_return(back, on=TODAY, reason="拒收", by=players.wang, at=moment(TODAY, 17))
    loose = registered(players, on=working_days_ago(2)).case
    Case.objects.filter(pk=loose.pk).update(clerk=None)
    drafts = (draft, to_clear, to_sign)
    expected = {
        "mine": {mine, late, waiting, *drafts, to_send},
        "open": {mine, chens, late, waiting, *drafts, to_send, loose},
        "late": {late},
        "unassigned": {loose},
        "waiting": {waiting},
        "to_review": {draft},
        "to_clear": {to_clear},
        "to_sign": {to_sign},
        "to_dispatch": {to_send},
        "closed": {done, back},
        "returned": {back},
        "all": {mine, chens, late, waiting, *drafts, to_send, loose, done, back},
    }
    assert set(expected) == set(TRAYS)
    counted = queue.counts(Case.objects.all(), user=players.wang, on=TODAY)
    for tray, cases in expected.items():
        assert set(numbers(wang.get("/desk/", {"show": tray}).content.decode())) == {c.number for c in cases}, tray
        assert counted.of.get(tray) == (len(cases) if TRAYS[tray].counted else None), tray


def test_a_head_begins_with_all_open_cases_and_a_clerk_with_their_own(players: Cast, wang: Client, li: Client) -> None:
    registered(players, on=TODAY)
    assert wang.get("/desk/").context["tray"].key == "mine"
    assert li.get("/desk/").context["tray"].key == "open"


def test_counting_stops_and_says_so(players: Cast, wang: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        registered(players, on=TODAY)
    monkeypatch.setattr(queue, "COUNTED", 3)
    assert "≥3" in wang.get("/desk/").content.decode()
    monkeypatch.setattr(queue, "COUNTED", 5)
    assert "≥" not in wang.get("/desk/").content.decode()


@pytest.mark.parametrize("tray", ["open", "all"])
def test_leafing_through_shows_every_case_once(
    players: Cast, wang: Client, monkeypatch: pytest.MonkeyPatch, tray: str
) -> None:
    monkeypatch.setattr(queue, "PAGE", 3)
    for n in range(7):
        registered(players, on=working_days_ago(n // 3))
    for n in range(5):
        asked(players, registered(players, on=working_days_ago(3)).case, on=TODAY, days=15 + n // 2)
    address, seen = f"/desk/?show={tray}", []
    while address:
        answer = wang.get(address)
        page = numbers(answer.content.decode())
        assert 0 < len(page) <= 3
        seen += page
        address = "/desk/" + answer.context["next"] if answer.context["next"] else ""
    assert len(seen) == 12
    assert set(seen) == set(Case.objects.values_list("number", flat=True))


@pytest.mark.parametrize("cursor", ["x", "due.2026-13-01.5", "new.2026-01-01.99999999999999999999", "due.2026-11-18."])
def test_a_cursor_that_is_none_begins_at_the_first_page(players: Cast, wang: Client, case: Case, cursor: str) -> None:
    assert numbers(wang.get("/desk/", {"after": cursor}).content.decode()) == [case.number]


@pytest.mark.parametrize("sought", ["00001", "李雷", "李", "改造项目", "230406 李雷 改造", "东政发〔2025〕12号"])
def test_search_finds_by_number_name_and_text(players: Cast, wang: Client, sought: str) -> None:
    found = registered(players, on=TODAY, name="李雷", subject="东政发〔2025〕12号").case
    registered(players, on=TODAY, name="韩梅", content="垃圾转运站环评。")
    answer = wang.get("/desk/", {"q": sought})
    assert numbers(answer.content.decode()) == [found.number]


def test_search_looks_through_closed_cases_but_not_through_other_agencies(players: Cast, wang: Client) -> None:
    done = registered(players, on=TODAY, name="李雷").case
    closed(players, done, Outcome.GRANTED, on=TODAY)
    elsewhere = intake.register(
        players.elsewhere,
        Application(applicant_kind=ApplicantKind(done.applicant_kind), name="李雷", content="其他机关的申请。"),
        done.receipt(),
        by=players.zhao,
        at=moment(TODAY),
    ).case
    page = wang.get("/desk/", {"q": "李雷"}).content.decode()
    assert numbers(page) == [done.number]
    assert elsewhere.number not in page


@pytest.mark.parametrize("sought", ["%", "_", "没有这个词", "' OR 1=1 --"])
def test_a_search_without_result_says_what_to_try(players: Cast, wang: Client, case: Case, sought: str) -> None:
    page = wang.get("/desk/", {"q": sought}).content.decode()
    assert numbers(page) == []
    assert "没有找到" in page


@pytest.mark.parametrize(("sought", "sentence"), [("a\0b", "控制字符"), ("长" * 101, "最多 100 个字")])
def test_a_search_for_what_cannot_stand_in_a_text_is_refused_in_words(wang: Client, sought: str, sentence: str) -> None:
    answer = wang.get("/desk/", {"q": sought})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_an_empty_tray_says_what_to_do(wang: Client) -> None:
    assert "未交办" in wang.get("/desk/").content.decode()
    assert "登记申请" in wang.get("/desk/?show=open").content.decode()


def test_the_page_costs_the_same_with_few_and_with_many_cases(players: Cast, wang: Client) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked_:
            assert wang.get(address).status_code == 200
        return len(asked_)

    registered(players, on=TODAY)
    few = {address: cost(address) for address in ("/desk/", "/desk/?show=all", "/desk/?q=改造")}
    for n in range(40):
        case = registered(players, on=working_days_ago(n % 10)).case
        if n % 4 == 0:
            extension.extend(case, working_days=5, reason="检索。", on=TODAY, by=players.li, at=moment(TODAY))
    assert max(few.values()) <= 30
    for address, before in few.items():
        assert cost(address) <= before + 1, address  # the second order, of those that wait, may be read as well
