"""An applicant's own case by number and code: what it shows, what can be done there, and to whom it stays shut."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from casework.actions import approve, clock, consult, decide, deliver
from casework.actions.files import Upload
from casework.actions.intake import Registration
from casework.law.clock import Party
from casework.law.outcomes import Outcome
from casework.law.states import STATES, State
from casework.models import Case, DispatchMode, DocumentKind
from casework.models.querycode import new_code
from casework.redaction import making
from tests import cast, papers
from tests.portal.visitor import Visitor, text, words

#: A sound PDF that holds nothing beside its page: it is kept as it is, byte by byte.
LIST = making.cleaned(papers.pdf())

TODAY = date(2026, 11, 18)
UNCLEAR = "请说明“老旧小区”是哪几个小区。"


@pytest.fixture
def filed(players: cast.Cast) -> Registration:
    """A case handed in at the counter on 2 November, due on 30 November."""
    return cast.registered(players, on=date(2026, 11, 2))


def asked(players: cast.Cast, case: Case) -> None:
    day = date(2026, 11, 9)
    clock.request_supplement(case, unclear=UNCLEAR, on=day, by=players.wang, at=cast.moment(day))


@pytest.mark.usefixtures("november_18")
def test_an_open_case_says_where_it_stands_what_that_means_and_when_it_is_due(
    visitor: Visitor, filed: Registration
) -> None:
    page = words(visitor.opens(filed.case, filed.query_code))
    row = STATES[State.RECEIVED]
    assert row.citizen.zh in page
    assert row.meaning.zh in page
    assert "2026年11月30日（周一）" in page
    assert "还有 8 个工作日" in page
    assert "行政机关登记了您的申请，收到日期为2026年11月2日。" in page


def test_the_code_is_taken_as_people_type_it(visitor: Visitor, filed: Registration) -> None:
    visitor.send("/follow/", {"number": f" {filed.case.number}　", "code": filed.query_code.lower().replace("-", " ")})
    assert visitor.path == f"/follow/{filed.case.pk}/"


def test_a_slip_of_the_code_is_told_at_once_and_not_counted(visitor: Visitor, filed: Registration) -> None:
    slip = ("3" if filed.query_code[0] != "3" else "4") + filed.query_code[1:]
    for _ in range(20):
        assert "查询码写错了" in words(visitor.opens(filed.case, slip))
    visitor.opens(filed.case, filed.query_code)
    assert visitor.path == f"/follow/{filed.case.pk}/"


def test_a_wrong_code_and_an_unknown_number_get_the_same_page(visitor: Visitor, filed: Registration) -> None:
    code = new_code()
    wrong = visitor.send("/follow/", {"number": filed.case.number, "code": code})
    unknown = visitor.send("/follow/", {"number": "230406-2026-99999", "code": code})
    assert "登记编号和查询码对不上" in words(wrong)
    assert wrong.status_code == unknown.status_code
    assert words(wrong) == words(unknown)


def test_wrong_codes_slow_down_whoever_types_them_and_lock_nobody_out(
    visitor: Visitor, filed: Registration, now: Traveller
) -> None:
    for _ in range(5):
        visitor.opens(filed.case, new_code())
    assert "秒再试" in words(visitor.opens(filed.case, new_code()))
    assert "秒再试" in words(visitor.opens(filed.case, filed.query_code))
    elsewhere = Visitor()
    elsewhere.client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    elsewhere.opens(filed.case, filed.query_code)
    assert elsewhere.path == f"/follow/{filed.case.pk}/"
    now.shift(60)
    visitor.opens(filed.case, filed.query_code)
    assert visitor.path == f"/follow/{filed.case.pk}/"


def test_waiting_is_the_same_for_a_number_that_does_not_exist(visitor: Visitor, players: cast.Cast) -> None:
    page = ""
    for _ in range(6):
        page = words(visitor.send("/follow/", {"number": "230406-2026-99999", "code": new_code()}))
    assert "秒再试" in page


@pytest.mark.parametrize("place", ["", "supplement/", "withdraw/", "files/1/"])
def test_a_case_that_was_not_opened_asks_for_number_and_code_whether_it_exists_or_not(
    visitor: Visitor, filed: Registration, place: str
) -> None:
    existing = visitor.client.get(f"/follow/{filed.case.pk}/{place}")
    absent = visitor.client.get(f"/follow/{filed.case.pk + 1000}/{place}")
    assert existing.status_code == absent.status_code == 302
    assert existing.headers["Location"] == absent.headers["Location"] == "/follow/"


def test_the_code_of_one_case_does_not_open_another(visitor: Visitor, players: cast.Cast, filed: Registration) -> None:
    other = cast.registered(players, on=date(2026, 11, 3))
    visitor.opens(filed.case, filed.query_code)
    visitor.get(f"/follow/{other.case.pk}/")
    assert visitor.client.get(f"/follow/{other.case.pk}/").status_code == 302


def test_number_and_code_are_asked_for_again_after_half_an_hour(
    visitor: Visitor, filed: Registration, now: Traveller
) -> None:
    visitor.opens(filed.case, filed.query_code)
    now.shift(31 * 60)
    assert visitor.client.get(f"/follow/{filed.case.pk}/").status_code == 302


def test_leaving_forgets_the_case_on_this_computer(visitor: Visitor, filed: Registration) -> None:
    visitor.opens(filed.case, filed.query_code)
    page = visitor.send("/follow/leave/", {})
    assert "已经退出" in words(page)
    assert visitor.client.get(f"/follow/{filed.case.pk}/").status_code == 302


def test_the_identity_number_is_shown_masked(visitor: Visitor, filed: Registration) -> None:
    page = text(visitor.opens(filed.case, filed.query_code))
    assert cast.RESIDENT_NUMBER not in page
    assert "110*************2X" in page


# The supplement ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("november_18")
def test_a_supplement_is_asked_for_with_its_last_day_its_consequence_and_the_new_due_date(
    visitor: Visitor, players: cast.Cast, filed: Registration
) -> None:
    asked(players, filed.case)
    case_page = words(visitor.opens(filed.case, filed.query_code))
    assert "请在2026年11月30日（周一）以前补正。" in case_page
    assert "视为放弃申请" in case_page
    page = words(visitor.get(f"/follow/{filed.case.pk}/supplement/"))
    assert UNCLEAR in page
    assert filed.case.content in page
    assert "最迟答复日是2026年12月16日（周三）。" in page


@pytest.mark.usefixtures("november_18")
def test_an_answered_supplement_restarts_the_clock_and_stands_on_the_page(
    visitor: Visitor, players: cast.Cast, filed: Registration
) -> None:
    asked(players, filed.case)
    visitor.opens(filed.case, filed.query_code)
    page = words(visitor.send(f"/follow/{filed.case.pk}/supplement/", {"answer": "工农小区、大陆小区。"}))
    case = Case.objects.get(pk=filed.case.pk)
    assert (case.state, case.due_on) == (State.RECEIVED, date(2026, 12, 16))
    assert "补正已经收到。" in page
    assert "工农小区、大陆小区。" in page


def test_a_supplement_sent_twice_is_stored_once(visitor: Visitor, players: cast.Cast, filed: Registration) -> None:
    asked(players, filed.case)
    visitor.opens(filed.case, filed.query_code)
    visitor.send(f"/follow/{filed.case.pk}/supplement/", {"answer": "工农小区。"})
    page = words(visitor.send(f"/follow/{filed.case.pk}/supplement/", {"answer": "工农小区。"}))
    assert "现在不需要补正" in page
    assert filed.case.supplements.get().answer == "工农小区。"


def test_a_file_comes_with_the_supplement(visitor: Visitor, players: cast.Cast, filed: Registration) -> None:
    asked(players, filed.case)
    visitor.opens(filed.case, filed.query_code)
    plan = SimpleUploadedFile("小区平面图.pdf", b"%PDF-1.4 plan")
    visitor.send(f"/follow/{filed.case.pk}/supplement/", {"answer": "见附件。", "attachments": plan})
    document = filed.case.documents.get()
    assert (document.kind, document.name) == (DocumentKind.SUPPLEMENT, "小区平面图.pdf")


def test_what_was_typed_survives_the_end_of_the_session(
    visitor: Visitor, players: cast.Cast, filed: Registration, now: Traveller
) -> None:
    asked(players, filed.case)
    visitor.opens(filed.case, filed.query_code)
    now.shift(31 * 60)
    page = visitor.send(f"/follow/{filed.case.pk}/supplement/", {"answer": "写了很久的补正"})
    assert visitor.path == "/follow/"
    assert "您刚才填写的内容已经保留" in words(page)
    again = visitor.opens(filed.case, filed.query_code)
    assert visitor.path == f"/follow/{filed.case.pk}/supplement/"
    assert "写了很久的补正" in text(again)
    assert filed.case.supplements.get().received_on is None


def test_an_empty_supplement_is_refused_in_a_sentence(
    visitor: Visitor, players: cast.Cast, filed: Registration
) -> None:
    asked(players, filed.case)
    visitor.opens(filed.case, filed.query_code)
    page = visitor.send(f"/follow/{filed.case.pk}/supplement/", {"answer": " \u3000\n"})
    assert words(page).count("请写明补正的内容。") == 2


# Withdrawal -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("november_18")
def test_withdrawing_has_to_be_said_twice(visitor: Visitor, filed: Registration) -> None:
    visitor.opens(filed.case, filed.query_code)
    assert "确定要撤回的，请勾选。" in words(visitor.send(f"/follow/{filed.case.pk}/withdraw/", {}))
    page = words(visitor.send(f"/follow/{filed.case.pk}/withdraw/", {"sure": "on", "statement": ""}))
    case = Case.objects.get(pk=filed.case.pk)
    assert (case.outcome, case.closed_on) == (Outcome.OTHER_3, TODAY)
    assert "您撤回了申请。" in page
    assert "不服的，可以这样做" not in page


# The reply --------------------------------------------------------------------------------------------------------


def replied(players: cast.Cast, case: Case, outcome: Outcome, **dispatch: Any) -> None:
    day = date(2026, 11, 16)
    decide.propose(
        case,
        outcome=outcome,
        ground=cast.first_ground(outcome),
        statements=cast.statements(outcome, cast.first_ground(outcome)),
        document_number="东政公开告〔2026〕7号",
        uploads=(Upload("改造项目清单.pdf", LIST),),
        by=players.wang,
        at=cast.moment(day),
    )
    cast.cleared(players, case, on=day)
    approve.sign(case, by=players.li, at=cast.moment(day, 11))
    given = {"mode": DispatchMode.ONLINE} | dispatch
    deliver.dispatch(case, on=day, by=players.wang, at=cast.moment(day, 12), **given)


def test_a_reply_can_be_read_with_its_attachment(visitor: Visitor, players: cast.Cast, filed: Registration) -> None:
    replied(players, filed.case, Outcome.GRANTED)
    page = words(visitor.opens(filed.case, filed.query_code))
    assert "东政公开告〔2026〕7号" in page
    assert "改造项目清单.pdf" in page
    document = filed.case.documents.get()
    response: Any = visitor.client.get(f"/follow/{filed.case.pk}/files/{document.pk}/")
    assert b"".join(response.streaming_content) == LIST
    assert response.headers["Content-Disposition"].startswith("attachment;")


def test_the_letter_can_be_taken_home_once_it_has_been_sent(
    visitor: Visitor, players: cast.Cast, filed: Registration
) -> None:
    address = f"/follow/{filed.case.pk}/letter.pdf"
    assert visitor.client.get(address).status_code == 302, "number and code come first"
    visitor.opens(filed.case, filed.query_code)
    cast.signed(players, filed.case, Outcome.REFUSED_5, on=TODAY)
    assert visitor.client.get(address).status_code == 404, "signed is not sent"
    deliver.dispatch(filed.case, mode=DispatchMode.ONLINE, on=TODAY, by=players.wang, at=cast.moment(TODAY, 16))
    assert address in visitor.get(f"/follow/{filed.case.pk}/").content.decode()
    response: Any = visitor.client.get(address)
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


def test_the_reply_and_its_attachment_stay_inside_until_it_is_sent(
    visitor: Visitor, players: cast.Cast, filed: Registration
) -> None:
    day = date(2026, 11, 16)
    decide.propose(
        filed.case,
        outcome=Outcome.GRANTED,
        ground=cast.first_ground(Outcome.GRANTED),
        statements=cast.statements(Outcome.GRANTED, cast.first_ground(Outcome.GRANTED)),
        uploads=(Upload("改造项目清单.pdf", LIST),),
        by=players.wang,
        at=cast.moment(day),
    )
    page = words(visitor.opens(filed.case, filed.query_code))
    assert "改造项目清单.pdf" not in page
    assert "予以公开" not in page
    document = filed.case.documents.get()
    assert visitor.client.get(f"/follow/{filed.case.pk}/files/{document.pk}/").status_code == 404


def test_another_case_s_file_is_not_found(visitor: Visitor, players: cast.Cast, filed: Registration) -> None:
    other = cast.registered(players, on=date(2026, 11, 3))
    replied(players, other.case, Outcome.GRANTED)
    visitor.opens(filed.case, filed.query_code)
    document = other.case.documents.get()
    assert visitor.client.get(f"/follow/{filed.case.pk}/files/{document.pk}/").status_code == 404


def test_a_refusal_names_reconsideration_first_with_its_organ_and_last_day(
    visitor: Visitor, players: cast.Cast, filed: Registration
) -> None:
    replied(players, filed.case, Outcome.REFUSED_6)
    page = words(visitor.opens(filed.case, filed.query_code))
    assert "应当先申请行政复议：自收到答复之日起 60 日内，向鹤岗市人民政府提出。" in page
    assert "最后一天： 2027年1月15日（周五）" in page
    assert "自收到行政复议决定书之日起 15 日内，向东山区人民法院提起行政诉讼" in page


def test_without_a_day_of_delivery_no_last_day_is_claimed(
    visitor: Visitor, players: cast.Cast, filed: Registration
) -> None:
    replied(players, filed.case, Outcome.UNAVAILABLE_2, mode=DispatchMode.POST, postal_number="XA12345678944")
    page = words(visitor.opens(filed.case, filed.query_code))
    assert "自收到答复之日起 60 日内，向鹤岗市人民政府申请行政复议。" in page
    assert "最后一天" not in page


def test_an_overdue_case_says_what_can_be_done_against_silence(visitor: Visitor, players: cast.Cast) -> None:
    late = cast.registered(players, on=date(2026, 9, 25))
    page = words(visitor.opens(late.case, late.query_code))
    assert "答复期限已经届满，行政机关还没有答复。" in page


# What stays inside, and what it costs -------------------------------------------------------------------------------


def test_whom_the_office_consulted_is_not_told(visitor: Visitor, players: cast.Cast, filed: Registration) -> None:
    day = date(2026, 11, 10)
    consult.consult(
        filed.case, party=Party.THIRD_PARTY, name="某某建筑公司", sent_on=day, by=players.wang, at=cast.moment(day)
    )
    page = words(visitor.opens(filed.case, filed.query_code))
    assert "某某建筑公司" not in page
    assert "所需时间依法不计入答复期限" in page


def test_the_pages_take_few_queries_however_long_the_story(
    visitor: Visitor, players: cast.Cast, filed: Registration
) -> None:
    asked(players, filed.case)
    visitor.opens(filed.case, filed.query_code)
    visitor.send(f"/follow/{filed.case.pk}/supplement/", {"answer": "工农小区。"})
    with CaptureQueriesContext(
        connection,
    ) as queries:
        visitor.get(f"/follow/{filed.case.pk}/")
    assert len(queries) <= 20
