"""The public page that checks an annual report of any office."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.published.files import LARGEST
from tests.casework import messy_files
from tests.casework.messy import Mess
from tests.casework.test_published import CITY

EXAMPLES = Path(__file__).parents[1] / "examples"
PAGE = "/check-report/"


def sent(client: Client, **given: Any) -> str:
    files = {
        name: SimpleUploadedFile(*value) if isinstance(value, tuple) else value
        for name, value in {"text": "", **given}.items()
    }
    answer = client.post(PAGE, files)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_stands_open_to_anybody_and_says_what_it_takes(client: Client) -> None:
    page = client.get(PAGE).content.decode()
    assert "DOCX、XLSX、网页（HTML）、JSON" in page
    assert "不保存" in page


@pytest.mark.parametrize("style", [messy_files.page, messy_files.workbook, messy_files.document])
def test_a_file_that_balances_is_said_to(client: Client, style: messy_files.FileStyle) -> None:
    ending = {"page": "html", "workbook": "xlsx", "document": "docx"}[style.__name__]
    page = sent(client, file=(f"年报.{ending}", style(CITY, Mess())))
    assert "读到的数字都对得上" in page
    assert "某某区人民政府 · 2023 · 2021年格式" in page
    assert "没有给出上一年的报告" in page


def test_pasted_text_is_read_and_every_failing_relation_is_named_with_both_sides(client: Client) -> None:
    text = (EXAMPLES / "huaian-2024.txt").read_text().replace("3119\n", "3120\n")
    page = sent(client, text=text)
    assert "处数字对不上" in page
    assert "≠" in page


def test_numbers_of_the_prose_that_disagree_are_shown_beside_tables_that_agree(client: Client) -> None:
    page = sent(client, text=(EXAMPLES / "dongshan-2023.txt").read_text())
    assert "各表的数字都对得上，正文里的数字要核对" in page
    assert "主动公开信息的数量前后不一：第一部分写的是494，另一处写的是2623" in page


def test_last_years_report_is_held_against_this_one(client: Client) -> None:
    this = json.loads((EXAMPLES / "huaian-2024.json").read_text())
    before = json.loads(json.dumps(this)) | {"year": this["year"] - 1}
    before["table3"]["rows"]["carried_out"] = this["table3"]["rows"]["carried_in"]
    files = {name: (f"{name}.json", json.dumps(report).encode()) for name, report in (("file", this),)}
    page = sent(client, **files, last_year=("before.json", json.dumps(before).encode()))
    assert "R5" in page
    assert "“总计”列：本年第二项34≠" not in page
    before["table3"]["rows"]["carried_out"][-1] += 1
    page = sent(client, **files, last_year=("before.json", json.dumps(before).encode()))
    assert "“总计”列：本年第二项34≠上年第四项35" in page


def test_reports_that_do_not_follow_each_other_are_compared_with_a_remark(client: Client) -> None:
    content = (EXAMPLES / "huaian-2024.json").read_bytes()
    other = json.loads(content) | {"agency": {"code": "1", "name": "别的区人民政府"}}
    page = sent(client, file=("a.json", content), last_year=("b.json", json.dumps(other).encode()))
    assert "不是相邻的两年" in page
    assert "机关不同" in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "请选择文件，或者在下面粘贴报告的文字。"),
        ({"file": ("a.pdf", b"%PDF-1.7")}, "不能读PDF"),
        ({"file": ("a.docx", b"text")}, "内容却不是这种格式"),
        ({"file": ("a.txt", b"0" * (LARGEST + 1))}, "超过20 MB"),
        ({"text": "全年工作成绩很大。"}, "没有找到表三"),
        ({"file": ("a.html", b"<html><script>alert(1)</script></html>")}, "没有找到表三"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(client: Client, given: dict[str, Any], said: str) -> None:
    page = sent(client, **given)
    assert said in page
    assert "读到的表三" not in page


def test_what_a_file_calls_itself_is_shown_as_text(client: Client) -> None:
    report = json.loads((EXAMPLES / "huaian-2024.json").read_text())
    report["agency"]["name"] = "<script>alert(1)</script>"
    page = sent(client, file=("a.json", json.dumps(report).encode()))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_in_english(client: Client) -> None:
    client.cookies["django_language"] = "en"
    page = sent(client, file=("a.json", (EXAMPLES / "huaian-2024.json").read_bytes()))
    assert "the 2021 form" in page
