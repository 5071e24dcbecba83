"""The pages of the annual report at the desk: where it stands, what hinders, each act, each edition."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from casework import sweeps
from casework.models import AnnualReport, ReportEdition, Role, Staff
from notifications.models import Message
from tests.cast import Cast, moment, person, registered
from tests.filing import AT, YEAR, Office, begun, checked, filed, office, signed, year_of_cases

PAGE = f"/desk/annual/230406/{YEAR}/report/"


@pytest.fixture
def staff(players: Cast, now: Traveller) -> Office:
    year_of_cases(players)
    now.move_to(AT)
    return office(players)


def sent(client: Client, act: str, **answers: str) -> str:
    """Open the page of an act, and send its form as it was drawn."""
    page = client.get(f"{PAGE}{act}/").content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version, page
    return client.post(f"{PAGE}{act}/", {"version": version[1]} | answers, follow=True).content.decode()


def test_the_whole_way_by_hand(staff: Office, at_desk: Callable[[Staff], Client], client: Client) -> None:
    lu, li = at_desk(staff.lu), at_desk(staff.li)
    page = lu.get(PAGE).content.decode()
    assert "还没有人开始编写" in page
    assert "2026年1月30日以前办完" in page  # 31 January 2026 is a Saturday
    assert "已经开始编写" in sent(lu, "begin")
    assert "处问题需要书面说明" in sent(lu, "check")
    assert AnnualReport.objects.get().state == "draft"
    assert "已经核对，等待签发" in sent(lu, "check", remark="正文另行编写。")
    assert "签发年度报告" not in lu.get(PAGE).content.decode()
    assert "正文另行编写。" in li.get(f"{PAGE}sign/").content.decode()
    assert "请勾选" in sent(li, "sign")
    assert "本版冻结" in sent(li, "sign", sure="on")
    assert client.get(f"/reports/230406/{YEAR}/").status_code == 404
    assert "任何人都可以查阅" in sent(lu, "publish", sure="on")
    assert client.get(f"/reports/230406/{YEAR}/").status_code == 200
    assert "可以编写新版了" in sent(li, "reopen", reason="漏登一件。")
    registered(staff.players, on=date(2025, 12, 1))
    sent(lu, "check", remark="正文另行编写。")
    sent(li, "sign", sure="on")
    sent(lu, "publish", sure="on")
    assert list(ReportEdition.objects.values_list("number", "reason")) == [(1, ""), (2, "漏登一件。")]
    newest = client.get(f"/reports/230406/{YEAR}/").content.decode()
    assert "第2版" in newest
    assert "漏登一件。" in newest


def test_who_may_not_is_not_offered_it_and_not_let_in(staff: Office, at_desk: Callable[[Staff], Client]) -> None:
    checked(staff, begun(staff))
    wang, lu, li = at_desk(staff.players.wang), at_desk(staff.lu), at_desk(staff.li)
    assert f"{PAGE}sign/" in li.get(PAGE).content.decode()
    assert f"{PAGE}sign/" not in lu.get(PAGE).content.decode()
    assert "现在没有需要您办的环节" in wang.get(PAGE).content.decode()
    assert wang.post(f"{PAGE}send_back/", {"remark": "x", "version": "1"}).status_code == 403
    assert lu.get(f"{PAGE}sign/").status_code == 403
    assert li.get(f"{PAGE}publish/").status_code == 302  # it is not signed yet
    assert li.get(f"{PAGE}no_such_act/").status_code == 404
    assert AnnualReport.objects.get().state == "checked"


def test_an_edition_opens_its_own_cases_and_shows_what_differs_now(
    staff: Office, at_desk: Callable[[Staff], Client]
) -> None:
    filed(staff)
    late = registered(staff.players, on=date(2025, 12, 1)).case
    wang, lu = at_desk(staff.players.wang), at_desk(staff.lu)
    base = f"/desk/annual/230406/{YEAR}/editions/1/"
    page = wang.get(base).content.decode()
    for cell, figure in re.findall(rf'href="{base}(\w+/\w+)/">(\d+)<', page):
        answer = wang.get(f"{base}{cell}/")
        assert answer.context["count"] == len(answer.context["lines"]) == int(figure), cell
        assert late not in [case for case, _urgency in answer.context["lines"]]
    assert "其中 2 件您只能看数字" in lu.get(f"{base}new/total/").content.decode()
    compared = wang.get(f"{base}compare/")
    assert {(each.left, each.right) for each in compared.context["changed"]} == {(1, 2), (2, 3), (3, 4)}
    assert f'href="/desk/annual/230406/{YEAR}/new/total/"' in compared.content.decode()
    assert "表三没有不同" in wang.get(f"{base}compare/?with=1").content.decode()
    assert "与签发时的校验值一致" in wang.get(f"{base}?verify=1").content.decode()
    assert wang.get(f"{base}report.json").json() == ReportEdition.objects.get().content
    papers = wang.get(f"/desk/annual/230406/{YEAR}/papers/").content.decode()
    assert "国办发明电〔2024〕12号" in papers
    assert ReportEdition.objects.get().digest in papers
    for nothing in ("compare/?with=2", "compare/?with=x", "new/none/", "report.odt", "../2/"):
        assert wang.get(base + nothing).status_code == 404, nothing


def test_the_pages_ask_the_database_no_more_often_for_more_cases(
    staff: Office, at_desk: Callable[[Staff], Client]
) -> None:
    filed(staff)
    wang, pages = at_desk(staff.players.wang), (PAGE, f"/desk/annual/230406/{YEAR}/editions/1/new/total/")
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            for page in pages:
                assert wang.get(page).status_code == 200
        counts.append(len(queries))
        for _ in range(4):
            registered(staff.players, on=date(2025, 12, 1))
    assert counts[0] == counts[1]


# Reminders -----------------------------------------------------------------------------------------------------------


def test_editors_and_heads_are_reminded_once_a_milestone_and_late_the_competent_department(
    staff: Office, at_desk: Callable[[Staff], Client]
) -> None:
    def told(on: date) -> dict[str, set[str]]:
        before = set(Message.objects.values_list("pk", flat=True))
        for hour in (8, 9):  # twice is once
            sweeps.remind_reports(at=moment(on, hour))
        fresh = Message.objects.exclude(pk__in=before).filter(channel="inbox").select_related("recipient")
        found: dict[str, set[str]] = {}
        for message in fresh:
            if message.context["agency"] == "东山区民政局":
                found.setdefault(message.notice, set()).add(str(message.recipient and message.recipient.username))
        assert sum(map(len, found.values())) == fresh.filter(context__agency="东山区民政局").count()
        return found

    civil = person("bian", "编", staff.players.civil, Role.REPORT_EDITOR)
    assert told(date(2026, 1, 5)) == {}
    assert told(date(2026, 1, 9)) == {"report_due": {"wei", "bian"}}
    assert told(date(2026, 1, 12)) == {}
    assert told(date(2026, 1, 28)) == {"report_due": {"wei", "bian"}}  # a gap: the latest milestone is enough
    assert told(date(2026, 1, 30)) == {"report_due": {"wei", "bian"}}
    assert told(date(2026, 1, 31)) == {}
    assert told(date(2026, 2, 2)) == {"report_overdue": {"wei", "bian", "lu", "li"}}
    assert told(date(2026, 6, 1)) == {}
    assert civil.is_active


def test_what_is_published_is_not_spoken_of_and_leaves_todays_page(
    staff: Office, at_desk: Callable[[Staff], Client], now: Traveller
) -> None:
    def today() -> str:
        page = str(at_desk(staff.lu).get("/desk/today/").content.decode())
        return page[page.index("<main") :]

    now.move_to(moment(date(2026, 1, 30)))
    assert "还没有公布的年度报告" in today()
    now.move_to(moment(date(2026, 11, 18)))
    assert "还没有公布的年度报告" in today()
    listed = at_desk(staff.lu).get("/desk/annual/reports/").content.decode()
    assert listed.count("2026年1月31日") == 2  # its own, and Civil Affairs'
    assert listed.count("2026年3月31日") == 1  # the sum
    assert listed.count("逾期") == 3
    assert "（含下级）" in listed
    # Wang may not read the sum, and no link leads him to a page that is not there for him.
    assert "（含下级）" not in at_desk(staff.players.wang).get("/desk/annual/reports/").content.decode()
    filed(staff)
    filed(staff, region=True)
    assert "还没有公布的年度报告" not in today()
    sweeps.remind_reports(at=moment(date(2026, 1, 30)))
    assert not Message.objects.filter(notice="report_due", context__agency=staff.players.dongshan.name).exists()


def test_whoever_is_next_hears_of_it(staff: Office) -> None:
    report = checked(staff, begun(staff))
    signed(staff, report)
    heard = Message.objects.filter(notice="report_step", channel="inbox").values_list(
        "recipient__username", "context__news"
    )
    assert set(heard) == {("li", "to_sign"), ("lu", "to_publish")}
