"""The year's table on a page: figures that open their cases, and who may see which."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from casework import annual
from casework.actions import decide, receipt
from casework.law.matrix import COLUMNS, ROWS, TOTAL
from casework.law.outcomes import ApplicantKind, Outcome
from casework.models import Case, Role, Staff
from tests.casework.filing import filed
from tests.cast import Cast, closed, moment, person, registered, signed
from tests.conftest import AS_OF

TODAY = AS_OF.date()
YEAR = TODAY.year
TABLE = f"/desk/annual/230406/{YEAR}/"


@pytest.fixture
def year(players: Cast) -> list[Case]:
    """Three of this year, one carried in, one of a department below."""
    cases = [registered(players, on=TODAY, applicant_kind=kind).case for kind in list(ApplicantKind)[:3]]
    closed(players, cases[0], Outcome.REFUSED_6, on=TODAY)
    decide.withdraw(cases[1], statement="书面撤回。", on=TODAY, by=players.wang, at=moment(TODAY))
    cases.append(registered(players, on=date(YEAR - 1, 12, 30)).case)
    players.wang.appointments.create(agency=players.civil, role=Role.CLERK)
    players.wang.__dict__.pop("_roles", None)
    cases.append(registered(players, on=TODAY, agency=players.civil).case)
    return cases


def figures(page: str) -> dict[str, int]:
    """Row/column → figure, of those that lead to their cases."""
    found = re.findall(rf'href="{TABLE}(\w+/\w+)/(?:\?region=1)?">(\d+)<', page)
    return {cell: int(figure) for cell, figure in found}


def test_each_figure_opens_as_many_cases_as_it_says(wang: Client, year: list[Case]) -> None:
    shown = figures(wang.get(TABLE).content.decode())
    assert shown[f"new/{TOTAL}"] == 3
    assert shown[f"carried_in/{TOTAL}"] == 1
    assert shown["refused_6/natural_person"] == 1
    matrix = annual.matrix_of(annual.agencies_of(year[0].agency, region=False), YEAR)
    assert len(shown) == sum(bool(matrix.cell(row, column)) for row in ROWS for column in COLUMNS)
    for cell, figure in shown.items():
        answer = wang.get(f"{TABLE}{cell}/")
        assert (answer.context["count"], len(answer.context["lines"])) == (figure, figure), cell


def test_the_relations_are_shown_with_both_sides(wang: Client, year: list[Case]) -> None:
    page = wang.get(TABLE).content.decode()
    for relation in ("R1", "R2", "R3", "R4"):
        assert re.search(rf"成立</span> {relation} ", page), relation
    assert "4 ＝ 4" in page or "4＝4" in page or "＝4" in page
    assert "✗" not in page


def test_what_lands_under_other_is_flagged(wang: Client, year: list[Case]) -> None:
    page = wang.get(TABLE).content.decode()
    assert "有 1 件计入“（六）其他处理—3.其他”" in page
    assert f"{TABLE}other_3/total/" in page


def test_the_running_year_says_that_it_is_live_and_the_last_one_does_not(wang: Client, year: list[Case]) -> None:
    assert "数字随办件实时变化" in wang.get(TABLE).content.decode()
    last = wang.get(f"/desk/annual/230406/{YEAR - 1}/").content.decode()
    assert "数字随办件实时变化" not in last
    assert f'href="{TABLE}"' in last


def test_the_entrance_leads_to_ones_own_table_of_this_year(wang: Client) -> None:
    assert wang.get("/desk/annual/").headers["Location"] == TABLE


def test_a_region_is_for_those_who_may_read_every_agency_in_it(
    players: Cast, li: Client, at_desk: Callable[[Staff], Client], year: list[Case]
) -> None:
    assert li.get(TABLE + "?region=1").status_code == 404
    assert "region=1" not in li.get(TABLE).content.decode()
    supervisor = at_desk(person("long", "龙督", players.dongshan, Role.REGION_SUPERVISOR))
    assert "本机关和全部下级合计" in supervisor.get(TABLE).content.decode()
    assert figures(supervisor.get(TABLE + "?region=1").content.decode())[f"new/{TOTAL}"] == 4


def test_a_supervisor_reads_figures_and_no_cases(
    players: Cast, at_desk: Callable[[Staff], Client], year: list[Case]
) -> None:
    supervisor = at_desk(person("long", "龙督", players.dongshan, Role.REGION_SUPERVISOR))
    page = supervisor.get(f"{TABLE}new/total/?region=1").content.decode()
    assert "这一格是 4 件。" in page
    assert "其中 4 件您只能看数字" in page
    assert "张三" not in page
    assert year[0].number not in page
    assert supervisor.get(f"/desk/cases/{year[0].pk}/").status_code == 404
    assert supervisor.get(f"/desk/annual/230406-MZ/{YEAR}/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/desk/annual/230406/1999/",
        f"/desk/annual/230406/{YEAR + 1}/",
        "/desk/annual/230406/99999999999999999999/",
        "/desk/annual/nowhere/2026/",
        f"/desk/annual/320800/{YEAR}/",
        f"{TABLE}new/robots/",
        f"{TABLE}granted_2/total/",
        f"{TABLE}table.exe",
    ],
)
def test_addresses_of_nothing_are_not_found(wang: Client, address: str) -> None:
    assert wang.get(address).status_code == 404


def test_the_table_is_seen_from_an_earlier_day_by_what_is_known_now_and_by_what_was_on_record(
    players: Cast, wang: Client, year: list[Case]
) -> None:
    asked = f"{TABLE}?as_of={TODAY - timedelta(days=1)}"
    changes = {"applicant_kind": "business"}
    receipt.correct(year[3], changes=changes, reason="看错", by=players.wang, at=moment(TODAY))
    now, then = (wang.get(address).content.decode() for address in (asked, f"{asked}&known=then"))
    for page, cell in ((now, "carried_in/business"), (then, "carried_in/natural_person")):
        ((address, figure),) = re.findall(rf'href="({TABLE}{cell}/[^"]+)">(\d+)<', page)
        answer = wang.get(address.replace("&amp;", "&"))
        assert (figure, answer.context["count"]) == ("1", 1)
    assert "按当天的登记" in then
    assert "按现在的登记" in now
    for wrong in ("2026-13-01", "yesterday", f"{YEAR - 1}-12-31", f"{YEAR + 1}-01-01"):
        answer = wang.get(f"{TABLE}?as_of={wrong}")
        assert f"请填写{YEAR}年1月1日至今天的日期。" in answer.content.decode()
        assert wang.get(f"{TABLE}new/total/?as_of={wrong}").status_code == 404


def test_every_warning_opens_its_cases(wang: Client, players: Cast, year: list[Case]) -> None:
    signed(players, year[2], Outcome.GRANTED, on=TODAY)
    page = wang.get(TABLE).content.decode()
    found = re.findall(rf'href="{TABLE}doubts/(\w+)/"', page)
    assert found == ["other_result", "unsent", "overdue"]
    for key in found:
        answer = wang.get(f"{TABLE}doubts/{key}/")
        assert (answer.context["count"], len(answer.context["lines"])) == (1, 1), key
    assert "没有这样的办件" in wang.get(f"{TABLE}doubts/lapsed/").content.decode()
    assert wang.get(f"{TABLE}doubts/nothing/").status_code == 404


def test_the_turn_of_the_year_is_explained_where_it_differs_from_what_was_filed(
    players: Cast, wang: Client, year: list[Case]
) -> None:
    assert "上年报告还没有签发" in wang.get(TABLE).content.decode()
    filed(players, YEAR - 1, at=moment(date(YEAR, 1, 20)))
    assert "逐件一致" in wang.get(TABLE).content.decode()
    changes = {"applicant_kind": "business"}
    receipt.correct(year[3], changes=changes, reason="看错", by=players.wang, at=moment(TODAY))
    page = wang.get(TABLE).content.decode()
    assert "与上年报告的衔接说明" in page
    assert f"{year[3].number}：报送时列在“自然人”，现在列在“商业企业”" in page
    assert "✗" in page


def test_a_case_says_on_a_page_why_it_is_counted(players: Cast, wang: Client, year: list[Case]) -> None:
    filed(players, YEAR - 1, at=moment(date(YEAR, 1, 20)))
    receipt.correct(year[3], changes={"applicant_kind": "business"}, reason="看错", by=players.wang, at=moment(TODAY))
    page = wang.get(f"/desk/cases/{year[3].pk}/counted/").content.decode()
    for said in ("由上年结转", "第1版报告", "现在的计入与已经签发的报告不同", "申请人类型由“自然人”改为“商业企业”"):
        assert said in page
    assert f'href="/desk/cases/{year[3].pk}/counted/"' in wang.get(f"/desk/cases/{year[3].pk}/").content.decode()


def test_the_table_can_be_taken_away(wang: Client, year: list[Case]) -> None:
    as_json = wang.get(f"{TABLE}table.json")
    assert json.loads(as_json.content)["table3"]["rows"]["new"][-1] == 3
    assert as_json.headers["Content-Disposition"] == f'attachment; filename="230406-{YEAR}.json"'
    book = load_workbook(BytesIO(wang.get(f"{TABLE}table.xlsx").content))
    assert book.sheetnames == ["表二", "表三", "表四", "勾稽关系"]
    assert any(cell.value == 3 for line in book["表三"].iter_rows() for cell in line)
    as_html = wang.get(f"{TABLE}table.html")
    assert "结转下年度继续办理" in as_html.content.decode()
    assert as_html.headers["Content-Disposition"].startswith("attachment")


def test_a_long_cell_is_leafed_through(
    players: Cast, wang: Client, monkeypatch: pytest.MonkeyPatch, year: list[Case]
) -> None:
    monkeypatch.setattr("casework.desk.queue.PAGE", 2)
    for _ in range(5):
        registered(players, on=TODAY)
    address, seen = f"{TABLE}new/total/", []
    while address:
        answer = wang.get(address)
        seen += [case.pk for case, _urgency in answer.context["lines"]]
        address = f"{TABLE}new/total/" + answer.context["next"] if answer.context["next"] else ""
    assert len(seen) == len(set(seen)) == 8


def test_the_table_costs_the_same_with_few_and_with_many_cases(players: Cast, wang: Client, year: list[Case]) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert wang.get(address).status_code == 200
        return len(asked)

    addresses = (TABLE, f"{TABLE}new/total/")
    few = [cost(address) for address in addresses]
    for _ in range(20):
        registered(players, on=TODAY)
    assert [cost(address) for address in addresses] == few
    assert max(few) <= 30


def test_whoever_reads_no_figures_is_told_so(players: Cast, at_desk: Callable[[Staff], Client]) -> None:
    page = at_desk(Staff.objects.create(username="nobody")).get("/desk/annual/").content.decode()
    assert "您的角色不能查看年度统计" in page
