"""After the reply, and after silence: what can be done, until when, with which draft; dates, rating, count."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document
from icalendar import Calendar
from time_machine import Traveller

from casework.actions import clock, deliver, rate
from casework.actions.intake import Registration
from casework.annual.ratings import FEWEST, ratings_of
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, DispatchMode, Rating, ReportState
from casework.models.querycode import new_code
from tests import cast
from tests.filing import brought_to, office, published
from tests.filing import filed as report_filed
from tests.portal.test_following import TODAY, replied
from tests.portal.visitor import Visitor, text, words

REFUSED_ON = date(2026, 11, 16)


@pytest.fixture
def filed(players: cast.Cast) -> Registration:
    return cast.registered(players, on=date(2026, 11, 2))


@pytest.fixture
def silent(players: cast.Cast) -> Registration:
    """Due on 29 October, and nothing has come."""
    return cast.registered(players, on=date(2026, 9, 25), content="申请公开 2025 年\n拆迁补偿方案")


# The next lawful step ------------------------------------------------------------------------------------------------


def test_after_a_refusal_the_draft_holds_the_facts(visitor: Visitor, players: cast.Cast, filed: Registration) -> None:
    players.dongshan.review_online_at = "https://fuyi.example.gov.cn/"
    players.dongshan.save()
    replied(players, filed.case, Outcome.REFUSED_5)
    visitor.opens(filed.case, filed.query_code)
    page = text(visitor.get(f"/follow/{filed.case.pk}/next/"))
    read = words(visitor.get(f"/follow/{filed.case.pk}/next/"))
    assert "最后一天： 2027年1月15日（周五）" in read
    assert 'href="https://fuyi.example.gov.cn/"' in page
    assert "撤销被申请人于2026年11月16日作出的" in read
    assert "东政公开告〔2026〕7号" in read
    assert filed.case.acknowledgement.digest in read
    paragraphs = "\n".join(each.text for each in Document(io.BytesIO(docx(visitor, filed))).paragraphs)
    assert "撤销被申请人于2026年11月16日作出的" in paragraphs
    assert "鹤岗市人民政府" in paragraphs
    assert cast.RESIDENT_NUMBER not in paragraphs + page


def test_an_online_channel_that_is_no_address_is_no_link(
    visitor: Visitor, players: cast.Cast, filed: Registration
) -> None:
    players.dongshan.review_online_at = "javascript:alert(1)"
    players.dongshan.save()
    replied(players, filed.case, Outcome.REFUSED_5)
    visitor.opens(filed.case, filed.query_code)
    assert 'href="javascript' not in text(visitor.get(f"/follow/{filed.case.pk}/next/"))


def test_silence_has_its_steps_days_and_draft_on_the_day_after_the_last(
    visitor: Visitor, silent: Registration, now: Traveller
) -> None:
    assert silent.case.due_on == date(2026, 10, 29)
    now.move_to(cast.moment(date(2026, 10, 29), 23))
    assert "可以这样做" not in words(visitor.opens(silent.case, silent.query_code))
    assert visitor.client.get(f"/follow/{silent.case.pk}/next/").status_code == 404
    now.move_to(cast.moment(date(2026, 10, 30), 0))
    page = words(visitor.opens(silent.case, silent.query_code))
    assert "逾期没有答复，可以这样做" in page
    read = words(visitor.get(f"/follow/{silent.case.pk}/next/"))
    assert "最后一天： 2026年12月28日（周一）" in read
    assert "责令被申请人限期答复" in read
    assert "申请公开 2025 年 拆迁补偿方案" in read


def test_what_the_applicant_gave_up_has_no_next_step(visitor: Visitor, filed: Registration) -> None:
    visitor.opens(filed.case, filed.query_code)
    visitor.send(f"/follow/{filed.case.pk}/withdraw/", {"sure": "on", "statement": ""})
    for page in ("next/", "next/reconsideration.docx", "dates.ics"):
        assert visitor.client.get(f"/follow/{filed.case.pk}/{page}").status_code == 404, page


def docx(visitor: Visitor, filed: Registration) -> bytes:
    return bytes(visitor.client.get(f"/follow/{filed.case.pk}/next/reconsideration.docx").content)


# Dates for a calendar ------------------------------------------------------------------------------------------------


def entries(visitor: Visitor, case: Case) -> dict[str, tuple[date, str]]:
    answer = visitor.client.get(f"/follow/{case.pk}/dates.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    for entry in found:
        assert [alarm["ACTION"] for alarm in entry.walk("VALARM")] == ["DISPLAY", "DISPLAY"]
        assert entry.decoded("dtend") - entry.decoded("dtstart") == timedelta(days=1)
        assert not isinstance(entry.decoded("dtstart"), type(cast.moment(TODAY))), "a whole day, not a moment"
        for secret in ("张三", "小区", case.number):
            assert secret not in str(entry["SUMMARY"])
        assert "小区" not in str(entry["DESCRIPTION"])
    return {str(entry["SUMMARY"]): (entry.decoded("dtstart"), str(entry["UID"])) for entry in found}


def test_the_calendar_holds_the_last_days_that_are_sure(
    visitor: Visitor, players: cast.Cast, filed: Registration
) -> None:
    visitor.opens(filed.case, filed.query_code)
    before = entries(visitor, filed.case)
    assert {name: on for name, (on, _uid) in before.items()} == {"政府信息公开：最迟答复日": date(2026, 11, 30)}
    day = date(2026, 11, 9)
    clock.request_supplement(filed.case, unclear="哪些？", on=day, by=players.wang, at=cast.moment(day))
    assert {name: on for name, (on, _uid) in entries(visitor, filed.case).items()} == {
        "政府信息公开：补正的最后一天": date(2026, 11, 30)
    }


def test_the_remedies_are_in_it_once_it_is_known_when_the_reply_arrived(
    visitor: Visitor, players: cast.Cast, filed: Registration
) -> None:
    replied(players, filed.case, Outcome.UNAVAILABLE_2, mode=DispatchMode.POST, postal_number="XA12345678944")
    visitor.opens(filed.case, filed.query_code)
    assert visitor.client.get(f"/follow/{filed.case.pk}/dates.ics").status_code == 404
    assert "iCalendar" not in words(visitor.get(f"/follow/{filed.case.pk}/"))
    arrived = date(2026, 11, 18)
    deliver.record_delivery(Case.objects.get(), on=arrived, by=players.wang, at=cast.moment(arrived))
    assert {name: on for name, (on, _uid) in entries(visitor, filed.case).items()} == {
        "政府信息公开：申请行政复议的最后一天（暂定）": date(2027, 1, 18),
        "政府信息公开：提起行政诉讼的最后一天（暂定）": date(2027, 5, 18),
    }


def test_an_entry_keeps_its_name_when_its_day_moves(visitor: Visitor, players: cast.Cast, filed: Registration) -> None:
    visitor.opens(filed.case, filed.query_code)
    ((_first, uid),) = entries(visitor, filed.case).values()
    cast.supplemented(players, Case.objects.get(), asked=date(2026, 11, 9), answered=TODAY)
    ((moved, same),) = entries(visitor, filed.case).values()
    assert (moved, same) == (date(2026, 12, 16), uid)


# Rating --------------------------------------------------------------------------------------------------------------


def test_a_reply_is_rated_once_and_changed_for_thirty_days(
    visitor: Visitor, players: cast.Cast, filed: Registration, now: Traveller
) -> None:
    replied(players, filed.case, Outcome.GRANTED)
    events, version = filed.case.events.count(), Case.objects.get().version
    page = f"/follow/{filed.case.pk}/rate/"
    visitor.opens(filed.case, filed.query_code)
    assert "请选择满意程度。" in words(visitor.send(page, {"satisfaction": "", "comment": "好"}))
    assert "谢谢您的评价" in words(visitor.send(page, {"satisfaction": "4", "comment": "很快"}))
    visitor.send(page, {"satisfaction": "2", "comment": "附件打不开"})
    given = Rating.objects.get()
    assert (given.satisfaction, given.comment) == (2, "附件打不开")
    assert filed.case.events.exclude(kind="reply_opened").count() == events, "no event: the clerk is told nothing"
    assert Case.objects.get().version == version
    now.move_to(cast.moment(TODAY + timedelta(days=31)))
    visitor.opens(filed.case, filed.query_code)
    assert "30天以后不能再改" in words(visitor.get(page))
    with pytest.raises(Refused, match="30天"):
        rate.rate_reply(Case.objects.get(), satisfaction=5, at=cast.moment(TODAY + timedelta(days=31)))
    assert Rating.objects.get().satisfaction == 2


@pytest.mark.parametrize("value", [0, 6, -1])
def test_other_figures_are_refused(players: cast.Cast, filed: Registration, value: int) -> None:
    replied(players, filed.case, Outcome.GRANTED)
    with pytest.raises(Refused, match="满意程度"):
        rate.rate_reply(Case.objects.get(), satisfaction=value, at=cast.moment(TODAY))


def test_there_is_nothing_to_rate_before_the_reply(visitor: Visitor, filed: Registration) -> None:
    visitor.opens(filed.case, filed.query_code)
    assert visitor.client.get(f"/follow/{filed.case.pk}/rate/").status_code == 404
    with pytest.raises(Refused, match="收到答复以后"):
        rate.rate_reply(filed.case, satisfaction=5, at=cast.moment(TODAY))


def test_no_page_of_the_desk_tells_the_clerk_and_the_head_sees_figures_from_five_on(
    players: cast.Cast, visitor: Visitor
) -> None:
    for n in range(1, FEWEST + 1):
        case = cast.registered(players, on=date(2026, 11, 2)).case
        cast.closed(players, case, Outcome.GRANTED, on=REFUSED_ON)
        rate.rate_reply(Case.objects.get(pk=case.pk), satisfaction=n, comment=f"意见{n}", at=cast.moment(TODAY))
        found = ratings_of(players.dongshan, on=TODAY)
        assert (found.n, found.shown) == (n, n == FEWEST)
        assert bool(found.comments) == (n == FEWEST)
    assert found.mean == 3
    client = visitor.client
    client.force_login(players.wang)
    assert "意见1" not in client.get(f"/desk/cases/{case.pk}/").content.decode()
    client.force_login(players.li)
    page = client.get("/desk/ratings/").content.decode()
    assert "平均 3.0 分" in page
    assert "意见1" in page
    assert not any(number in page for number in Case.objects.values_list("number", flat=True))


# Counted here --------------------------------------------------------------------------------------------------------


def test_a_closed_case_leads_to_its_two_figures_in_the_published_table_and_back(
    visitor: Visitor, players: cast.Cast
) -> None:
    mine = cast.registered(players, on=date(2025, 6, 3))
    cast.closed(players, mine.case, Outcome.REFUSED_5, on=date(2025, 6, 10))
    visitor.opens(mine.case, mine.query_code)
    address = f"/follow/{mine.case.pk}/counted/"
    assert address in text(visitor.get(f"/follow/{mine.case.pk}/"))
    before = words(visitor.get(address))
    assert "这一年的报告还没有在本网站公布" in before
    edition = report_filed(office(players))
    page = text(visitor.get(address))
    assert "/reports/230406/2025/editions/1/#part-3" in page
    assert page.count(f'<a href="/follow/{mine.case.pk}/">1</a>') == 2, "new, and refused for internal affairs"
    assert edition.report.year == 2025
    assert 'id="part-3"' in text(visitor.get("/reports/230406/2025/editions/1/"))


def test_a_signed_report_that_is_not_published_is_not_shown(visitor: Visitor, players: cast.Cast) -> None:
    mine = cast.registered(players, on=date(2025, 6, 3))
    cast.closed(players, mine.case, Outcome.GRANTED, on=date(2025, 6, 10))
    staff = office(players)
    report = brought_to(staff, ReportState.SIGNED)
    visitor.opens(mine.case, mine.query_code)
    address = f"/follow/{mine.case.pk}/counted/"
    assert "还没有在本网站公布" in words(visitor.get(address))
    published(staff, report)
    assert "打开公布的报告" in words(visitor.get(address))


# What it costs, and to whom it stays shut ----------------------------------------------------------------------------


def test_a_closed_case_takes_few_queries_too(visitor: Visitor, players: cast.Cast, filed: Registration) -> None:
    replied(players, filed.case, Outcome.PARTIAL)
    visitor.opens(filed.case, filed.query_code)
    for page, most in (("", 24), ("next/", 20), ("dates.ics", 16), ("rate/", 14)):
        with CaptureQueriesContext(connection) as queries:
            visitor.get(f"/follow/{filed.case.pk}/{page}")
        assert len(queries) <= most, "\n".join(q["sql"][:150] for q in queries.captured_queries)


PAGES = (
    *("", "supplement/", "withdraw/", "notices/", "rate/", "next/", "next/reconsideration.docx", "counted/"),
    *("receipt.pdf", "sent.txt", "dates.ics", "letter.pdf", "letters/1.pdf", "files/1/"),
)


@pytest.mark.parametrize("page", PAGES)
def test_another_s_case_is_shut_in_every_parameter(
    visitor: Visitor, players: cast.Cast, filed: Registration, silent: Registration, page: str
) -> None:
    """One's own case is open; the other's, and one that does not exist, ask for number and code alike."""
    replied(players, silent.case, Outcome.REFUSED_5)
    visitor.opens(filed.case, filed.query_code)
    for pk in (silent.case.pk, silent.case.pk + 1000):
        for answer in (visitor.client.get(f"/follow/{pk}/{page}"), visitor.client.post(f"/follow/{pk}/{page}")):
            assert (answer.status_code, answer.headers.get("Location", "/follow/")) in {
                (302, "/follow/"),
                (405, "/follow/"),
            }


def test_another_s_letter_and_file_do_not_exist_in_one_s_own_case(
    visitor: Visitor, players: cast.Cast, filed: Registration, silent: Registration
) -> None:
    replied(players, silent.case, Outcome.GRANTED)
    visitor.opens(filed.case, filed.query_code)
    letters = silent.case.letters.values_list("pk", flat=True)
    files = silent.case.documents.values_list("pk", flat=True)
    assert letters
    assert files
    for address in (*(f"letters/{pk}.pdf" for pk in letters), *(f"files/{pk}/" for pk in files)):
        assert visitor.client.get(f"/follow/{filed.case.pk}/{address}").status_code == 404


def test_a_rating_left_open_overnight_is_not_lost(
    visitor: Visitor, players: cast.Cast, filed: Registration, now: Traveller
) -> None:
    replied(players, filed.case, Outcome.GRANTED)
    visitor.opens(filed.case, filed.query_code)
    now.shift(9 * 3600)
    page = visitor.send(f"/follow/{filed.case.pk}/rate/", {"satisfaction": "5", "comment": "写了一晚上"})
    assert "您刚才填写的内容已经保留" in words(page)
    assert "写了一晚上" in text(visitor.opens(filed.case, filed.query_code))
    assert not Rating.objects.exists()


def test_a_statement_of_withdrawal_left_open_overnight_is_not_lost(
    visitor: Visitor, filed: Registration, now: Traveller
) -> None:
    visitor.opens(filed.case, filed.query_code)
    now.shift(9 * 3600)
    visitor.send(f"/follow/{filed.case.pk}/withdraw/", {"sure": "on", "statement": "已经在别处找到"})
    assert Case.objects.get().is_open
    assert "已经在别处找到" in text(visitor.opens(filed.case, filed.query_code))


def test_two_cases_in_two_tabs_stay_apart(
    visitor: Visitor, players: cast.Cast, filed: Registration, silent: Registration
) -> None:
    """What is typed for one is neither shown nor stored with the other."""
    clock.request_supplement(filed.case, unclear="哪些？", on=TODAY, by=players.wang, at=cast.moment(TODAY))
    visitor.opens(filed.case, filed.query_code)
    visitor.opens(silent.case, silent.query_code)
    visitor.client.post(f"/follow/{filed.case.pk}/supplement/", {"answer": "甲的补正", "keep_only": "1"})
    assert "甲的补正" in text(visitor.get(f"/follow/{filed.case.pk}/supplement/"))
    assert "甲的补正" not in text(visitor.get(f"/follow/{silent.case.pk}/withdraw/"))


def test_ten_wrong_codes_slow_the_one_who_types_and_not_the_owner(
    visitor: Visitor, filed: Registration, now: Traveller
) -> None:
    waited = 0
    for _ in range(10):
        page = words(visitor.opens(filed.case, new_code()))
        if "秒再试" in page:
            waited += 1
            now.shift(61)
            assert "登记编号和查询码对不上" in words(visitor.opens(filed.case, new_code()))
    assert waited >= 4
    owner = Visitor()
    owner.client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    owner.opens(filed.case, filed.query_code)
    assert owner.path == f"/follow/{filed.case.pk}/"
