"""The page of a case: what it shows, what it hides, and what it costs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework import access
from casework.actions import approve, clock, consult, deliver, excess, letters, send
from casework.actions.files import Upload, attach
from casework.desk.file import read_file, read_letters, with_file
from casework.law.clock import Party
from casework.law.letters import Element, LetterKind
from casework.law.outcomes import Outcome
from casework.law.words import said
from casework.models import Case, DispatchMode, DocumentKind, Event, Kind, Staff
from casework.models.delivery import latest_of_each
from casework.templatetags.words import day_of_week
from tests.cast import RESIDENT_NUMBER, Cast, cleared, closed, moment, proposed, registered, signed, supplemented
from tests.conftest import AS_OF

TODAY = AS_OF.date()


def test_the_page_says_where_the_case_stands_and_until_when(wang: Client, case: Case) -> None:
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    assert case.due_on is not None
    for words in (case.number, "张三", "办理中", "还有20个工作日到期", day_of_week(case.due_on), "为什么是这一天"):
        assert words in page
    assert f"王敏登记了{said(TODAY)}以当面方式到达的申请" in page
    assert f'<a href="/desk/annual/230406/{TODAY.year}/carried_out/natural_person/">结转下年度</a>' in page


def test_acts_that_are_open_are_buttons_and_the_others_say_why(wang: Client, li: Client, case: Case) -> None:
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    assert f'href="/desk/cases/{case.pk}/propose/"' in page
    assert f'href="/desk/cases/{case.pk}/extend/"' not in page
    assert "需要的角色：公开工作机构负责人。" in page
    assert f'href="/desk/cases/{case.pk}/extend/"' in li.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "本件现在的状态是“办理中”。" in page


def test_what_the_file_settles_is_not_offered(players: Cast, wang: Client, case: Case) -> None:
    supplemented(players, case, asked=TODAY, answered=TODAY)
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "request_supplement" not in page
    assert "补正只能告知一次" in page
    assert "没有等待答复的征求意见" in page


def test_the_identity_is_masked_and_reading_it_leaves_a_record(wang: Client, case: Case) -> None:
    assert RESIDENT_NUMBER not in wang.get(f"/desk/cases/{case.pk}/").content.decode()
    assert wang.get(f"/desk/cases/{case.pk}/read_identity/").status_code == 405
    clear = wang.post(f"/desk/cases/{case.pk}/read_identity/")
    assert RESIDENT_NUMBER in clear.content.decode()
    assert Event.objects.filter(kind=Kind.IDENTITY_READ).count() == 1
    assert "王敏查看了申请人的证件号码。" in wang.get(f"/desk/cases/{case.pk}/").content.decode()


def test_an_auditor_reads_everything_and_does_nothing(
    players: Cast, at_desk: Callable[[Staff], Client], case: Case
) -> None:
    auditor = at_desk(players.zhou)
    page = auditor.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "您现在不需要对本件做什么。" in page
    answer = auditor.post(f"/desk/cases/{case.pk}/withdraw/", {"version": case.version})
    assert answer.status_code == 403
    assert "需要的角色" in answer.content.decode()


def test_a_file_is_a_download_whatever_it_claims_to_be(players: Cast, wang: Client, case: Case) -> None:
    evil = b"<html><script>alert(1)</script></html>"
    file = attach(case, Upload("申请书.html", evil), DocumentKind.APPLICATION, by=None, at=moment(TODAY))
    answer = wang.get(f"/desk/cases/{case.pk}/documents/{file.pk}/")
    assert b"".join(answer.streaming_content) == evil  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/plain"


def test_a_file_is_reached_only_through_its_own_case(players: Cast, wang: Client, case: Case) -> None:
    other = registered(players, on=TODAY).case
    file = attach(other, Upload("a.txt", b"a"), DocumentKind.APPLICATION, by=None, at=moment(TODAY))
    assert wang.get(f"/desk/cases/{case.pk}/documents/{file.pk}/").status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_said_to_be(players: Cast, wang: Client, case: Case) -> None:
    file = attach(case, Upload("a.txt", b"gone"), DocumentKind.APPLICATION, by=None, at=moment(TODAY))
    file.file.storage.delete(str(file.file.name))
    answer = wang.get(f"/desk/cases/{case.pk}/documents/{file.pk}/")
    assert answer.status_code == 404
    assert "从备份恢复" in answer.content.decode()


def test_everything_that_moved_the_clock_stands_on_the_page(players: Cast, wang: Client, case: Case) -> None:
    supplemented(players, case, asked=TODAY, answered=TODAY)
    consult.consult(case, party=Party.THIRD_PARTY, name="新业公司", sent_on=TODAY, by=players.wang, at=moment(TODAY))
    excess.ask_reasons(case, why="本月已申请四十件。", on=TODAY, by=players.wang, at=moment(TODAY))
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    approve.send_back(case, remark="请写明地点。", by=players.sun, at=moment(TODAY))
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    for words in (
        "请说明所需信息的名称。",
        "即2025年度改造项目清单。",
        "新业公司",
        "本月已申请四十件。",
        "请写明地点。",
    ):
        assert words in page


def test_a_closed_case_shows_the_reply_and_the_ways_against_it(players: Cast, wang: Client, case: Case) -> None:
    closed(players, case, Outcome.REFUSED_6, on=TODAY)
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    for words in ("已办结：不予公开", "讨论记录", "应当先申请行政复议", "鹤岗市人民政府", "李立", "网上送达"):
        assert words in page
    assert "属于四类过程性信息" in page


def test_text_of_the_applicant_is_text(players: Cast, wang: Client) -> None:
    case = registered(players, on=TODAY, name="张<b>三", content="<script>alert(1)</script>{{ 7|add:7 }}").case
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in page


@pytest.mark.parametrize("address", ["/desk/cases/{pk}/", "/desk/cases/{pk}/propose/", "/desk/cases/{pk}/receipt/"])
def test_the_page_costs_the_same_with_a_short_and_a_long_history(
    players: Cast, wang: Client, case: Case, address: str
) -> None:
    address = address.format(pk=case.pk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert wang.get(address).status_code == 200
        return len(asked)

    few = cost()
    for n in range(10):
        proposed(players, case, Outcome.GRANTED, on=TODAY)
        cleared(players, case, on=TODAY)
        approve.send_back(case, remark="再改。", by=players.li, at=moment(TODAY))
        consult.consult(
            case, party=Party.THIRD_PARTY, name=f"公司{n}", sent_on=TODAY, by=players.wang, at=moment(TODAY)
        )
        attach(case, Upload(f"{n}.txt", str(n).encode()), DocumentKind.APPLICATION, by=None, at=moment(TODAY))
        access.may(players.wang, access.Verb.SIGN, case)
        case = Case.objects.get(pk=case.pk)
    assert cost() <= few + 3 <= 29


def test_a_file_read_once_says_what_the_database_says(players: Cast, case: Case) -> None:
    other, third = (registered(players, on=TODAY).case for _ in range(2))
    wang, at = players.wang, moment(TODAY, 17)
    closed(players, case, Outcome.GRANTED, on=TODAY)
    signed(players, other, Outcome.REFUSED_5, on=TODAY)
    deliver.dispatch(other, mode=DispatchMode.POST, postal_number="XA1", on=TODAY, by=wang, at=at)
    deliver.record_return(other, on=TODAY, reason="拒收", by=wang, at=at)
    deliver.redispatch(other, mode=DispatchMode.POST, postal_number="XA2", on=TODAY, by=wang, at=at)
    send.prepare(third, access.Verb.REQUEST_SUPPLEMENT, unclear="哪一年？", lacks=["description"], by=wang, at=at)
    told = dict.fromkeys((Element.RESULT, Element.REASONS, Element.WITHDRAWN_ON, Element.WITHDRAWAL), "终止")
    letters.issue_notice(case, LetterKind.TERMINATED, given=told, by=wang, at=at)
    unsent = 0
    for each in Case.objects.all():
        found = read_file(with_file(Case.objects.filter(pk=each.pk)).get())
        read_letters(found)
        waiting = {letter.pk for letter in found.letters.all() if letter.is_unsent}
        assert waiting == set(each.letters.not_sent().values_list("pk", flat=True))
        assert latest_of_each(found.deliveries.all()) == list(each.deliveries.latest_of_each())
        assert found.clock_facts() == each.clock_facts()
        unsent += len(waiting)
    assert unsent == 2


def test_when_the_applicants_period_has_run_out_the_reply_comes_first(players: Cast, wang: Client) -> None:
    case = registered(players, on=TODAY - timedelta(days=40)).case
    asked = TODAY - timedelta(days=39)
    clock.request_supplement(case, unclear="请说明。", days=3, on=asked, by=players.wang, at=moment(asked))
    assert wang.get(f"/desk/cases/{case.pk}/").context["next_act"].verb is access.Verb.PROPOSE
    fresh = registered(players, on=TODAY).case
    clock.request_supplement(fresh, unclear="请说明。", on=TODAY, by=players.wang, at=moment(TODAY))
    assert wang.get(f"/desk/cases/{fresh.pk}/").context["next_act"].verb is access.Verb.RECEIVE_SUPPLEMENT
