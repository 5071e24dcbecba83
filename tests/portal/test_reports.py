"""The public page of annual reports: what is published, in every form, and nothing else."""

import json

import pytest
from django.test import Client

from casework.actions import report as verbs
from casework.exports import FORMATS
from casework.models import ReportState
from casework.published import read
from tests.cast import Cast
from tests.filing import AT, YEAR, Office, begun, brought_to, checked, filed, office, published, signed, year_of_cases

PAGE = f"/reports/230406/{YEAR}/"
FILE = f"{PAGE}editions/1/report."


@pytest.fixture
def staff(players: Cast) -> Office:
    year_of_cases(players)
    return office(players)


def test_what_is_not_published_does_not_exist(staff: Office, client: Client) -> None:
    brought_to(staff, ReportState.SIGNED)
    assert "还没有公布的年度报告" in client.get("/reports/").content.decode()
    assert client.get("/reports/index.json").json() == {"format": "gongkai.report-index/1", "reports": []}
    for address in (PAGE, f"{PAGE}editions/1/", *(FILE + form for form in FORMATS)):
        assert client.get(address).status_code == 404, address


def test_a_published_report_is_found_read_and_downloaded(staff: Office, client: Client) -> None:
    edition = filed(staff)
    assert "/reports/" in client.get("/").content.decode()
    assert f'href="{PAGE}"' in client.get("/reports/").content.decode()
    page = client.get(PAGE).content.decode()
    assert "三、收到和处理政府信息公开申请情况" in page
    assert edition.digest in page
    assert f'<link rel="alternate" type="application/json" href="{FILE}json">' in page
    (row,) = client.get("/reports/index.json").json()["reports"]
    assert client.get(row["json"]).json() == edition.content
    assert (row["digest"], row["published_on"]) == (edition.digest, "2026-01-20")
    for form in FORMATS:
        answer = client.get(FILE + form)
        assert answer.status_code == 200, form
        assert "immutable" in answer["Cache-Control"]
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", ""), form
        assert client.get(FILE + form, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    for nothing in (
        FILE + "odt",
        f"{PAGE}editions/2/",
        f"{PAGE}?region=1",
        "/reports/230406/2024/",
        "/reports/x/2025/",
    ):
        assert client.get(nothing).status_code == 404, nothing
    assert client.post(PAGE).status_code == 405


def test_a_page_that_is_known_is_not_sent_again_until_there_is_a_new_edition(staff: Office, client: Client) -> None:
    report = brought_to(staff, ReportState.PUBLISHED)
    client.get(PAGE)
    known = client.get(PAGE)["ETag"]
    assert client.get(PAGE, headers={"If-None-Match": known}).status_code == 304
    verbs.reopen(report, reason="表二漏填。", version=report.version, by=staff.li, at=AT)
    assert client.get(PAGE, headers={"If-None-Match": known}).status_code == 304  # the published one stands
    report.sections = {"1": "总体情况如下。"}
    report.save()
    signed(staff, checked(staff, report))
    assert client.get(PAGE, headers={"If-None-Match": known}).status_code == 304
    published(staff, report)
    page = client.get(PAGE, headers={"If-None-Match": known}).content.decode()
    assert "表二漏填。" in page
    assert "总体情况如下。" in page
    first = client.get(f"{PAGE}editions/1/").content.decode()
    assert "这一版已经更正，现行的是第2版" in first
    assert "总体情况如下。" not in first
    (row,) = client.get("/reports/index.json").json()["reports"]
    assert (row["edition"], row["reason"]) == (2, "表二漏填。")


def test_what_is_published_is_read_back_by_the_page_that_checks_reports(staff: Office, client: Client) -> None:
    edition = filed(staff)
    for form in ("json", "html", "docx", "xlsx"):
        (reading,) = read(client.get(FILE + form).content, f"report.{form}")
        assert reading.report().table3.as_dict() == json.loads(json.dumps(edition.content["table3"])), form


def test_a_region_has_a_page_of_its_own(staff: Office, client: Client) -> None:
    filed(staff, region=True)
    assert client.get(PAGE).status_code == 404
    assert "含下级" in client.get(f"{PAGE}?region=1").content.decode()
    assert client.get(f"{FILE}json?region=1").status_code == 200
    begun(staff)
