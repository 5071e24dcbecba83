"""A region's year on the desk: units, files in two steps, and what is asked of whom."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from casework.actions.merge import merge_agency
from casework.actions.receive import WAITING
from casework.law.matrix import CARRIED_OUT, NEW, TOTAL, Matrix
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.report import Report
from casework.models import Agency, ReceivedReport, Role, Staff
from notifications.models import Message
from tests.casework.test_region import with_cell
from tests.cast import Cast, moment, person, registered
from tests.conftest import AS_OF

TODAY = AS_OF.date()
YEAR = TODAY.year
REGION = f"/desk/annual/230406/{YEAR}/region/"
UNIT = f"{REGION}unit/230406-HQ/"


@pytest.fixture
def town(players: Cast) -> Agency:
    return Agency.objects.create(
        code="230406-HQ", name="红旗乡人民政府", parent=players.dongshan, outside=True, contact="0468-1234567"
    )


@pytest.fixture
def long(players: Cast, town: Agency, at_desk: Callable[[Staff], Client]) -> Client:
    """The region's supervisor."""
    return at_desk(person("long", "龙督", players.dongshan, Role.REGION_SUPERVISOR))


def content(**changes: Any) -> dict[str, Any]:
    groups = [(ApplicantKind.NATURAL_PERSON, False, outcome, n) for outcome, n in ((Outcome.GRANTED, 7), (None, 2))]
    return Report("230406-HQ", "红旗乡人民政府", YEAR, Matrix.from_groups(YEAR, groups)).as_dict() | changes


def upload(client: Client, held: dict[str, Any] | bytes, name: str = "年报.json", **more: str) -> str:
    sent = held if isinstance(held, bytes) else json.dumps(held).encode()
    answer = client.post(f"{UNIT}receive/", {"file": SimpleUploadedFile(name, sent), **more})
    assert answer.status_code == 200
    return answer.content.decode()


def confirm(client: Client, page: str, **answers: str) -> str:
    found = re.search(r'name="waiting" value="([^"]+)"', page)
    assert found
    return client.post(f"{UNIT}receive/", {"waiting": found[1], **answers}, follow=True).content.decode()


def waiting() -> list[str]:
    return default_storage.listdir(WAITING)[1] if default_storage.exists(WAITING) else []


def test_a_file_is_shown_first_and_stored_only_when_it_is_confirmed(long: Client) -> None:
    before = set(waiting())
    preview = upload(long, content())
    new = set(waiting()) - before  # with those of a test that runs beside this one
    assert "还没有保存" in preview
    assert "读到的数字都对得上" in preview
    assert not ReceivedReport.objects.exists()
    page = confirm(long, preview)
    assert "已收下红旗乡人民政府的报告。" in page
    received = ReceivedReport.objects.get()
    assert (received.name, received.by and received.by.username) == ("年报.json", "long")
    assert new - set(waiting()), "what was confirmed waits no more"
    kept = long.get(f"{REGION}received/{received.pk}/file/")
    assert b"".join(kept) == json.dumps(content()).encode()
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert "就是这一份，没有改变" in confirm(long, upload(long, content()))


def test_what_is_doubtful_is_asked_and_what_cannot_be_is_refused(long: Client, town: Agency) -> None:
    preview = upload(long, content(agency={"code": "", "name": "红旗乡政府"}))
    assert "文件写的机关是“红旗乡政府”，本单位是“红旗乡人民政府”" in preview
    assert "请勾选" in confirm(long, preview)
    assert not ReceivedReport.objects.exists()
    assert "已收下" in confirm(long, preview, confirmed="on")
    for held, said in (
        (content(year=YEAR - 1), f"文件是{YEAR - 1}年的年度报告"),
        (content(agency={"code": "230406-MZ", "name": "东山区民政局"}), "不是“红旗乡人民政府”的"),
        (b"%PDF-1.7", "不能读PDF"),
        (b"", "文件是空的"),
        ("没有表格".encode(), "没有找到表三"),
        (b"0" * (20 * 1024 * 1024 + 1), "文件超过20 MB"),
    ):
        assert said in upload(long, held, "年报")
    assert ReceivedReport.objects.count() == 1


def test_a_preview_of_another_unit_or_of_yesterday_stores_nothing(long: Client, now: Any) -> None:
    preview = upload(long, content())
    token = re.findall(r'name="waiting" value="([^"]+)"', preview)[0]
    other = long.post(f"{REGION}unit/230406-MZ/receive/", {"waiting": token}, follow=True).content.decode()
    assert "预览已经过期，文件没有保存" in other
    assert "预览已经过期" in long.post(f"{UNIT}receive/", {"waiting": "x"}, follow=True).content.decode()
    now.shift(25 * 3600)
    long.force_login(Staff.objects.get(username="long"))
    assert "预览已经过期" in confirm(long, preview)
    assert not ReceivedReport.objects.exists()


def test_blanks_are_explained_where_the_report_is_taken_in(long: Client) -> None:
    gap = with_cell(Matrix.from_dict(YEAR, content()["table3"]), NEW, "research", None)
    preview = upload(long, content(table3=gap.as_dict()))
    assert "表三有1格空白" in preview
    confirm(long, preview, explanation="电话核实，空白为0。")
    assert "按0计入合计。说明：电话核实，空白为0。" in long.get(REGION).content.decode()


def test_the_overview_names_what_came_what_lacks_and_what_fails(
    players: Cast, long: Client, town: Agency, django_assert_max_num_queries: Any
) -> None:
    registered(players, on=TODAY)
    page = long.get(REGION).content.decode()
    assert "合计中没有1个尚未报来的单位的数字" in page
    assert "0468-1234567" in page
    wrong = with_cell(Matrix.from_dict(YEAR, content()["table3"]), CARRIED_OUT, "natural_person", 3)
    confirm(long, upload(long, content(table3=wrong.as_dict())))
    with django_assert_max_num_queries(35):
        page = long.get(REGION).content.decode()
    assert "✗ R1 R3" in page
    assert "“自然人”列：第一项9＋第二项0＝9，第三项（七）7＋第四项3＝10，9≠10" in page
    assert re.search(r'结转下年度">0</td>', page)  # nothing is a figure, and not left out
    cell = long.get(f"{REGION}cell/{NEW}/{TOTAL}/").content.decode()
    assert "合计 10，由下列单位的数字相加。" in cell
    assert f'href="/desk/annual/230406/{YEAR}/new/total/"' in cell  # to the cases of one's own records
    assert f'href="{UNIT}"' in cell  # and to the file of the other
    table = long.get(f"/desk/annual/230406/{YEAR}/?region=1").content.decode()
    assert f'href="{REGION}cell/new/total/">10<' in table
    book = load_workbook(io.BytesIO(long.get(f"{REGION}units.xlsx").content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["东山区人民政府办公室", "红旗乡人民政府", "东山区民政局"]
    assert "R1 “自然人”列" in str(rows[2][6])
    assert "红旗乡人民政府" in long.get(f"{REGION}units.csv").content.decode()


def test_units_that_have_not_signed_are_reminded_once_a_day(players: Cast, long: Client) -> None:
    person("he", "何头", players.civil, Role.HEAD, Role.REPORT_EDITOR)
    for _ in range(2):
        page = long.post(f"{REGION}remind/", follow=True).content.decode()
        assert "已提醒1人" in page
    message = Message.objects.get(notice="unit_report_wanted", channel="inbox")
    assert (message.path, message.context["year"]) == (f"/desk/annual/230406-MZ/{YEAR}/", YEAR)


def test_a_received_report_is_withdrawn_with_its_reason_and_stays_on_record(long: Client) -> None:
    confirm(long, upload(long, content()))
    received = ReceivedReport.objects.get()
    address = f"{REGION}received/{received.pk}/withdraw/"
    assert "请写明撤回理由" in long.post(address, {"sure": "on"}).content.decode()
    page = long.post(address, {"reason": "来函更正", "sure": "on"}, follow=True).content.decode()
    assert "报告已经撤回，不再计入合计。" in page
    assert "来函更正" in page
    assert "该单位不使用本系统，本年的报告还没有收到" in page
    assert "只能撤回现在计入合计的报告" in long.post(address, {"reason": "再来", "sure": "on"}).content.decode()


def test_a_unit_comes_into_the_system(long: Client, town: Agency) -> None:
    assert "改为使用本系统" in long.get(UNIT).content.decode()
    long.post(f"{UNIT}outside/", {"outside": "no"})
    town.refresh_from_db()
    assert not town.outside
    assert "办理记录，还没有报出" in long.get(UNIT).content.decode()


def test_a_merger_is_shown(players: Cast, long: Client) -> None:
    system = person("yan", "严格", players.dongshan, Role.SYSTEM_ADMINISTRATOR)
    merge_agency(players.civil, players.dongshan, on=TODAY, by=system, at=moment(TODAY))
    page = long.get(REGION).content.decode()
    assert "东山区民政局 → 东山区人民政府办公室" in page
    assert "含 东山区民政局" in page
    assert long.get(f"{REGION}unit/230406-MZ/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        f"/desk/annual/320800/{YEAR}/region/",
        f"/desk/annual/230406-MZ/{YEAR}/region/",  # alone it is no region
        "/desk/annual/230406/1999/region/",
        f"{REGION}unit/320800/",
        f"{REGION}unit/320800/receive/",
        f"{REGION}received/9/file/",
        f"{REGION}cell/new/robots/",
        f"{REGION}units.exe",
    ],
)
def test_addresses_of_nothing_are_not_found(long: Client, address: str) -> None:
    assert long.get(address).status_code == 404


def test_every_page_reads_in_english_without_a_gap(long: Client) -> None:
    confirm(long, upload(long, content(agency={"code": "", "name": "x"})), confirmed="on")
    long.cookies["django_language"] = "en"
    for address in (REGION, UNIT, f"{REGION}cell/new/total/", f"{UNIT}receive/"):
        assert long.get(address).status_code == 200
