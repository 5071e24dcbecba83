"""The pages of the registers: what lacks, each figure with its records, lists, forms, corrections, files."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework import annual
from casework.law.registers import Register
from casework.models import AnnualFigure, Publication, Role, Staff
from tests.cast import Cast, person
from tests.ledgers import as_csv
from tests.registering import account, cleared, counted, document, figure, published, stock

BASE = "/desk/registers/230406/"
YEAR = f"{BASE}2023/"
FIGURE = {"item": "fees", "year": "2023", "month": "", "amount": "1,234.56", "source": "财政局决算"}


@pytest.fixture
def filled(players: Cast) -> int:
    """Dongshan's 2023 in small; the number of its website."""
    website = account(players)
    published(players, website, date(2023, 5, 4), "机构职能", **cleared(date(2023, 5, 4)))
    published(players, website, date(2023, 5, 9), "施工通告")
    counted(players, account(players, "douyin", "魅力东山"), date(2023, 6, 1), 24, "短视频")
    stock(players, 2021, 12)
    document(players, date(2023, 2, 1), title="危房改造补助办法")
    document(players, date(2018, 2, 1), date(2023, 3, 1), title="小微企业补贴办法")
    figure(players, "permits", 31)
    figure(players, "fees", "286500.40", 3)
    return website


def test_each_figure_of_table_two_opens_its_records(wang: Client, filled: int) -> None:
    page = wang.get(YEAR).content.decode()
    shown = dict(re.findall(rf'href="{YEAR}table2/([\w/]+)/">([\d.]+)<', page))
    assert shown["normative_documents/made"] == "1"
    assert shown["normative_documents/in_force"] == "12"
    assert shown["permits/amount"] == "31"
    assert shown["fees/amount"] == "28.65004"
    assert len(shown) == 10
    for cell, figure_ in shown.items():
        answer = wang.get(f"{YEAR}table2/{cell}/")
        assert f"这一格是 {figure_}。" in answer.content.decode(), cell
    assert "小微企业补贴办法" in wang.get(f"{YEAR}table2/normative_documents/repealed/").content.decode()
    assert "12" in wang.get(f"{YEAR}table2/normative_documents/in_force/").content.decode()
    for wrong in ("permits/made", "nothing/amount", "regulations/amount"):
        assert wang.get(f"{YEAR}table2/{wrong}/").status_code == 404


def test_the_annual_page_opens_the_same_records(wang: Client, filled: int) -> None:
    """Every figure of table 二 but nought leads to its records from the year's own page, now and on an earlier day."""
    base = "/desk/annual/230406/2023/"
    for asked, made, fees in (
        ("", "1", "28.65004"),
        ("?as_of=2023-01-31", "", ""),
        ("?as_of=2023-12-31&known=then", "", ""),
    ):
        page = wang.get(base + asked).content.decode()
        found = re.findall(rf'href="{YEAR}table2/([\w/]+)/([^"]*)">([\d.]+)<', page)
        shown = {cell: figure_ for cell, _asked, figure_ in found}
        assert (shown.get("normative_documents/made", ""), shown.get("fees/amount", "")) == (made, fees), asked
        assert ("permits/amount" in shown) is not bool(asked)  # a figure for the year tells nothing of its January
        for cell, query, figure_ in found:
            assert query.replace("&amp;", "&") == asked
            answer = wang.get(f"{YEAR}table2/{cell}/{query.replace('&amp;', '&')}").content.decode()
            assert f"这一格是 {figure_}。" in answer, cell
            assert f'href="{base}{query}"' in answer
    assert "空着" in wang.get(f"{YEAR}table2/permits/amount/?as_of=2023-01-31").content.decode()
    assert wang.get(f"{YEAR}table2/permits/amount/?as_of=2022-01-31").status_code == 404


def test_the_year_names_what_lacks_and_says_the_sentence(wang: Client, filled: int) -> None:
    page = wang.get(YEAR).content.decode()
    assert "2023年主动公开政府信息 26 条，其中网站 2 条、抖音 24 条。" in page
    assert "2条没有经过三审和保密审查就公开了" in page
    assert re.search(r'<a href="/desk/registers/230406/publications/\d+/">施工通告</a>', page)
    assert "机构职能" not in page
    assert "“门户网站”2次超过14天没有更新" in page
    assert "行政事业性收费缺1、2、4" in page
    assert "行政处罚没有登记，表二计为0。" in page
    empty = wang.get(f"{BASE}2022/").content.decode()
    assert "行政许可没有登记" in empty


def test_a_list_is_filtered_searched_and_turned_over(wang: Client, players: Cast, filled: int) -> None:
    def titles(query: str) -> list[str]:
        return [str(entry) for entry, _facts in wang.get(f"{YEAR}publications/{query}").context["lines"]]

    assert titles("?uncleared=1") == ["短视频 2023-06", "施工通告"]
    assert titles("?channel=website") == ["施工通告", "机构职能"]
    assert titles(f"?account={filled}&q=机构") == ["机构职能"]
    assert titles("?column=短视频") == ["短视频 2023-06"]
    assert "没有符合条件的登记" in wang.get(f"{YEAR}publications/?q=无").content.decode()
    assert "还没有登记" in wang.get(f"{YEAR}explanations/").content.decode()
    for n in range(60):
        published(players, filled, date(2023, 8, 1), f"第{n}期")
    first = wang.get(f"{YEAR}publications/?channel=website").content.decode()
    assert "?page=2&amp;channel=website" in first
    assert len(titles("?channel=website&page=2")) == 12
    for nowhere in (f"{YEAR}nothing/", f"{BASE}{10**20}/", f"{BASE}1999/", f"{BASE}stocks/{10**20}/"):
        assert wang.get(nowhere).status_code == 404, nowhere


def test_a_list_costs_the_same_however_long_it_is(wang: Client, players: Cast, filled: int) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert wang.get(address).status_code == 200
        return len(found)

    addresses = (YEAR, f"{YEAR}publications/", f"{YEAR}table2/normative_documents/in_force/")
    queries("/desk/registers/230406/2022/")  # what is asked for once alone
    before = [queries(address) for address in addresses]
    for n in range(12):
        published(players, filled, date(2023, 9, 1), f"第{n}期")
        document(players, date(2023, 9, 1), title=f"第{n}号办法")
    assert [queries(address) for address in addresses] == before


def test_an_entry_is_written_corrected_with_its_reason_and_struck_out(wang: Client, players: Cast) -> None:
    add = f"{BASE}figures/add/"
    assert "数量或金额（元）" in wang.get(add).content.decode()
    assert wang.post(add, FIGURE).status_code == 302
    first = AnnualFigure.objects.get()
    assert first.amount == Decimal("1234.56")
    there = f"{BASE}figures/{first.pk}/"
    correct = wang.get(f"{there}correct/")
    assert 'value="1234.56"' in correct.content.decode()
    changed = FIGURE | {"amount": "1234.57", "seen": str(first.pk)}
    assert "请写明更正理由" in wang.post(f"{there}correct/", changed).content.decode()
    changed |= {"reason": "票据少一分。"}
    assert wang.post(f"{there}correct/", changed).status_code == 302
    page = wang.get(there).content.decode()
    assert "<del>1234.56</del> → <ins>1234.57</ins>" in page
    assert "票据少一分。" in page
    late = wang.post(f"{there}correct/", changed | {"amount": "9"})
    assert "刚刚被别人更正过" in late.content.decode()
    assert annual.publications_of([players.dongshan], 2023).fees == "0.123457"
    assert "请勾选" in wang.post(f"{there}strike/", {"reason": "重复。"}).content.decode()
    assert wang.post(f"{there}strike/", {"reason": "重复。", "sure": "on"}).status_code == 302
    page = wang.get(there).content.decode()
    assert "已经注销" in page
    assert "correct/" not in page
    assert wang.get(f"{there}correct/").status_code == 404
    assert annual.publications_of([players.dongshan], 2023).fees == "0"


def test_publications_want_an_account_first_and_come_one_by_one_or_as_a_month(wang: Client, players: Cast) -> None:
    add = f"{BASE}publications/add/"
    assert "还没有网站或者账号，请先登记" in wang.get(add).content.decode()
    website = account(players)
    one = {"account": website, "column": "概况", "on": "2023-05-04", "title": "机构职能"}
    assert wang.post(add, one | {"secrecy_by": "钱慎"}).status_code == 200
    assert wang.post(add, one).status_code == 302
    twice = wang.post(add, one).content.decode()
    assert "登记簿中已经有同一条" in twice
    month = {"account": website, "column": "政务动态", "month": "2023年5月", "number": "372", "source": "后台"}
    assert wang.post(f"{add}?batch=1", month).status_code == 302
    assert "既有逐条登记，又有按月计数" in wang.post(f"{add}?batch=1", month | {"column": "概况"}).content.decode()
    batch = Publication.objects.get(batched=True)
    assert 'value="2023-05"' in wang.get(f"{BASE}publications/{batch.pk}/correct/").content.decode()
    assert sorted(Publication.objects.values_list("number", flat=True)) == [1, 372]


def test_a_form_says_beside_the_field_what_is_wrong(wang: Client, players: Cast) -> None:
    page = wang.post(f"{BASE}figures/add/", {"item": "permits", "year": "二三", "amount": "1.5"}).content.decode()
    assert 'href="#id_year"' in page
    assert "请填写2008至9999之间的整数。" in page
    page = wang.post(f"{BASE}figures/add/", FIGURE | {"item": "permits"}).content.decode()
    assert 'href="#id_amount"' in page
    assert "处理决定的数量应当是整数" in page


def test_a_file_is_checked_and_then_imported(wang: Client, players: Cast) -> None:
    there = f"{BASE}figures/import/"

    def sent(what: str, *rows: list[str]) -> str:
        content = as_csv([["事项", "年度", "月份", "数量或金额（元）", "来源"], *rows])
        file = SimpleUploadedFile("登记.csv", content)
        return wang.post(there, {"file": file, "what": what}).content.decode()

    good = ["行政许可", "2023", "", "31", "审批局"]
    assert "导入将新增 1 条" in sent("check", good)
    assert not AnnualFigure.objects.exists()
    assert "已经导入：新增 1 条" in sent("store", good)
    assert "0 条，更正 0 条，1 条不变" in sent("store", good)
    page = sent("store", good, ["行政许可", "2023", "13", "31", ""])
    assert "有 1 处错误，什么也没有保存" in page
    assert "第3行，月份：请填写1至12之间的整数" in page
    assert "请选择表格文件" in wang.post(there, {"what": "check"}).content.decode()
    bad = SimpleUploadedFile("登记.xlsx", b"PK\x03\x04 nothing")
    assert wang.post(there, {"what": "check", "file": bad}).status_code == 200


def test_registers_are_taken_away_as_files(wang: Client, filled: int) -> None:
    for register in Register:
        for address in (f"{YEAR}{register}/export.", f"{BASE}{register}/sheet."):
            assert b"".join(wang.get(f"{address}csv")).startswith(b"\xef\xbb\xbf")
            assert b"".join(wang.get(f"{address}xlsx")).startswith(b"PK")
            assert wang.get(f"{address}ods").status_code == 404


WRITING: tuple[Callable[[int], str], ...] = (
    lambda pk: f"{BASE}figures/add/",
    lambda pk: f"{BASE}figures/import/",
    lambda pk: f"{BASE}figures/sheet.csv",
    lambda pk: f"{BASE}figures/{pk}/correct/",
    lambda pk: f"{BASE}figures/{pk}/strike/",
)


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_the_registers_and_who_writes_in_them(
    players: Cast, at_desk: Callable[[Staff], Client], filled: int, role: Role
) -> None:
    client = at_desk(person("somebody", "某人", players.dongshan, role))
    pk = AnnualFigure.objects.filter(item="permits").get().pk
    reads = role is not Role.SYSTEM_ADMINISTRATOR
    writes = role in {Role.CLERK, Role.HEAD, Role.REPORT_EDITOR}

    def status(address: str) -> int:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer)  # closes the file
        return answer.status_code

    for address in (YEAR, f"{YEAR}figures/", f"{BASE}figures/{pk}/", f"{YEAR}figures/export.csv"):
        assert status(address) == (200 if reads else 404), address
    for writing in WRITING:
        assert status(writing(pk)) == (200 if writes else 404), writing(pk)
    if reads:
        assert (f"{BASE}figures/add/" in client.get(YEAR).content.decode()) is writes
    assert client.get(f"{BASE}documents/{pk + 10**6}/").status_code == 404


def test_a_supervisor_reads_the_registers_below_and_the_figure_of_the_region(
    players: Cast, at_desk: Callable[[Staff], Client], filled: int
) -> None:
    figure(players, "permits", 9, agency=players.civil)
    client = at_desk(person("long", "龙江", players.dongshan, Role.REGION_SUPERVISOR))
    assert client.get("/desk/registers/230406-MZ/2023/").status_code == 200
    page = client.get(f"{YEAR}table2/permits/amount/?region=1").content.decode()
    assert "这一格是 40。" in page
    assert "东山区民政局" in page
    clerk = at_desk(players.chen)
    assert clerk.get(f"{YEAR}table2/permits/amount/?region=1").status_code == 404
    assert clerk.get("/desk/registers/230406-MZ/2023/").status_code == 404


def test_the_years_table_shows_the_stock_relation(wang: Client, players: Cast, filled: int) -> None:
    assert re.search(r"✓ 成立</span> T2 ", wang.get("/desk/annual/230406/2023/").content.decode())
    stock(players, 2023, 99)
    page = wang.get("/desk/annual/230406/2023/").content.decode()
    assert re.search(r"✗ 不成立</span> T2 ", page)
    assert "99≠" in page.replace(" ", "") or "99" in page
