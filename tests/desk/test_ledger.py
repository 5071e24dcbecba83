"""The ledger in the browser: judged, stored whole or not at all, and taken out without identity numbers."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from casework.models import Applicant, Case, Staff
from tests.cast import RESIDENT_NUMBER, Cast, registered
from tests.conftest import AS_OF

TODAY = AS_OF.date()
HEAD = "登记编号,收到日期,申请渠道,申请人类型,申请人,证件号码,申请内容"
ROW = f"东〔2026〕1号,{TODAY},当面,自然人,张三,{RESIDENT_NUMBER},申请公开改造项目清单。"


def sent(client: Client, *lines: str, what: str = "store", name: str = "台账.csv", **answers: Any) -> Any:
    file = SimpleUploadedFile(name, "\n".join(lines).encode())
    agency = answers.pop("agency", None) or client.get("/desk/ledger/").context["form"].initial["agency"].pk
    return client.post("/desk/ledger/", {"agency": agency, "file": file, "what": what, **answers})


def exported(client: Client, **answers: Any) -> Any:
    agency = client.get("/desk/ledger/").context["export"].initial["agency"]
    given = {"agency": agency.pk, "year": "", "form": "csv", **answers}
    return client.post("/desk/ledger/export/", {f"out-{key}": value for key, value in given.items()})


def test_a_ledger_is_judged_first_and_then_imported(wang: Client) -> None:
    assert "将新增 1 件" in sent(wang, HEAD, ROW, what="check").content.decode()
    assert not Case.objects.exists()
    assert "新增 1 件" in sent(wang, HEAD, ROW).content.decode()
    case = Case.objects.get()
    assert case.number == "东〔2026〕1号"
    assert "由台账导入" in wang.get(f"/desk/cases/{case.pk}/").content.decode()


def test_a_second_import_changes_nothing(wang: Client) -> None:
    sent(wang, HEAD, ROW)
    assert "1 件不变" in sent(wang, HEAD, ROW).content.decode()
    assert Case.objects.count() == 1


def test_one_fault_stores_nothing_and_is_named_by_row_and_column(wang: Client) -> None:
    wrong = ROW.replace("1号", "2号").replace(str(TODAY), "2026-02-30")
    page = sent(wang, HEAD, ROW, wrong).content.decode()
    assert "有 1 处错误，什么也没有保存" in page
    assert "第3行，收到日期" in page
    assert not Case.objects.exists()


def test_a_repeated_number_is_a_fault(wang: Client) -> None:
    page = sent(wang, HEAD, ROW, ROW).content.decode()
    assert "第3行，登记编号" in page
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("台账.csv", "", "文件是空的"),
        ("台账.csv", HEAD, "没有一行申请"),
        ("台账.csv", "甲,乙\n1,2", "没有找到标题行"),
        ("台账.pdf", "%PDF-1.7", "应当是 .csv 或者 .xlsx"),
        ("台账.xlsx", "甲,乙", "扩展名却是"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused_in_words(wang: Client, name: str, content: str, sentence: str) -> None:
    answer = sent(wang, content, name=name)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_without_a_file_or_a_choice_the_form_says_so(wang: Client) -> None:
    page = wang.post("/desk/ledger/", {"what": "explode"}).content.decode()
    assert "请选择台账文件" in page
    assert "请选择只检查还是导入" in page


def test_into_another_agency_nothing_can_be_imported(players: Cast, wang: Client) -> None:
    assert "没有这个机关" in sent(wang, HEAD, ROW, agency=players.elsewhere.pk).content.decode()
    assert not Case.objects.exists()


def test_an_auditor_takes_out_and_brings_nothing_in(
    players: Cast, at_desk: Callable[[Staff], Client], case: Case
) -> None:
    auditor = at_desk(players.zhou)
    assert "导入" not in auditor.get("/desk/ledger/").content.decode().split("<h1>")[1].split("导出的台账")[0]
    answer = auditor.post(
        "/desk/ledger/",
        {"agency": players.dongshan.pk, "file": SimpleUploadedFile("a.csv", HEAD.encode()), "what": "store"},
    )
    assert "没有这个机关" in answer.content.decode()
    assert case.number in b"".join(exported(auditor).streaming_content).decode()


def test_what_goes_out_has_no_identity_number_and_comes_in_again(players: Cast, wang: Client) -> None:
    registered(players, on=TODAY, name="=cmd()", content="-1+2")
    answer = exported(wang)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert RESIDENT_NUMBER not in text
    heads, row = csv.reader(io.StringIO(text))
    assert "证件号码" not in heads
    assert dict(zip(heads, row, strict=True))["申请人"] == "'=cmd()"
    assert "1 件不变" in sent(wang, *text.splitlines()).content.decode()
    assert Applicant.objects.get().identity_number == RESIDENT_NUMBER


def test_a_year_and_a_form_can_be_chosen(players: Cast, wang: Client, case: Case) -> None:
    answer = exported(wang, form="xlsx", year=str(TODAY.year))
    lines = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0].iter_rows())
    assert len(lines) == 2
    empty = exported(wang, form="xlsx", year=str(TODAY.year - 1))
    assert len(list(load_workbook(io.BytesIO(b"".join(empty.streaming_content))).worksheets[0].iter_rows())) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"form": "exe"}, "请选择格式"), ({"year": "1999"}, "没有这个年度"), ({"agency": "0"}, "没有这个机关")],
)
def test_a_wrong_choice_for_the_way_out_is_said(wang: Client, wrong: dict[str, str], sentence: str) -> None:
    answer = exported(wang, **wrong)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_the_ledger_is_not_for_those_who_read_no_cases(players: Cast, at_desk: Callable[[Staff], Client]) -> None:
    assert at_desk(Staff.objects.create(username="nobody")).get("/desk/ledger/").status_code == 403
