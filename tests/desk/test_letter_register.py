"""The register of letters: numbers without gaps, void ones with their reason, as a table and as files."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client

from casework.actions.letters import void_letter
from casework.law.letters import LetterKind
from casework.law.outcomes import Outcome
from casework.letters.register import series_of
from casework.models import Letter, Role, Staff
from tests.casework.test_letters import pdf_text
from tests.cast import Cast, closed, moment, person, registered, signed

TODAY = date(2026, 11, 18)
PAGE = "/desk/letters/230406/2026/"

pytestmark = pytest.mark.usefixtures("november_18")


def replied(players: Cast, *, name: str = "张三") -> Letter:
    case = registered(players, on=TODAY, name=name).case
    signed(players, case, Outcome.REFUSED_5, on=TODAY)
    return case.letters.get(voided_at=None)


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def pdf_of(letter: Letter) -> bytes:
    with letter.pdf.open("rb") as file:
        return bytes(file.read())


def test_the_numbers_of_a_year_are_proved(players: Cast, li: Client) -> None:
    for name in ("张三", "李四", "王五"):
        replied(players, name=name)
    void_letter(Letter.objects.order_by("pk")[1], reason="受文人写错。", by=players.li, at=moment(TODAY, 16))
    page = li.get(PAGE).content.decode()
    assert "本年度第1至4号，其中作废1件，没有缺号" in page
    for serial in range(1, 5):
        assert f"东政公开告〔2026〕{serial}号" in page
    assert "受文人写错。" in page
    assert page.count("作废</span>") == 1


def test_a_number_that_was_typed_ahead_is_no_gap_but_is_named(players: Cast) -> None:
    replied(players)
    letter = replied(players, name="李四")
    Letter.objects.filter(pk=letter.pk).update(serial=5, number="东政公开告〔2026〕5号")
    (series,) = series_of(players.dongshan, 2026)
    assert (series.last, series.letters, series.void, list(series.missing)) == (5, 2, 0, [2, 3, 4])
    assert "没有文书的号：2、3、4" in series.said.zh
    assert "没有缺号" not in series.said.zh


def test_a_letter_is_declared_void_at_the_desk_with_a_reason(players: Cast, li: Client) -> None:
    letter = replied(players)
    address = f"/desk/letters/230406/void/{letter.pk}/"
    assert address in li.get(PAGE).content.decode()
    asked = li.get(address).content.decode()
    assert "系统立即用下一个文号" in asked
    for sent, sentence in (({}, "请写明作废理由"), ({"reason": "写错"}, "请勾选"), ({"sure": "on"}, "请写明作废理由")):
        assert sentence in li.post(address, sent).content.decode()
    assert Letter.objects.get().voided_at is None
    page = li.post(address, {"reason": "受文人写错。", "sure": "on"}, follow=True).content.decode()
    assert "文书东政公开告〔2026〕1号已经作废" in page
    assert "其中作废1件" in page
    first, second = Letter.objects.order_by("pk")
    assert (first.void_reason, first.voided_by, second.number) == ("受文人写错。", players.li, "东政公开告〔2026〕2号")
    assert address not in page
    again = li.post(address, {"reason": "再来一次", "sure": "on"}).content.decode()
    assert "已经作废" in again
    assert Letter.objects.filter(voided_at=None).count() == 1


def test_what_has_left_is_not_void(players: Cast, li: Client) -> None:
    case = registered(players, on=TODAY).case
    closed(players, case, Outcome.REFUSED_5, on=TODAY)
    letter = Letter.objects.get(voided_at=None)
    assert "2026年11月18日送出" in li.get(PAGE).content.decode()
    assert "/void/" not in li.get(PAGE).content.decode()
    page = li.post(f"/desk/letters/230406/void/{letter.pk}/", {"reason": "写错", "sure": "on"}).content.decode()
    assert "已经送出，不能作废" in page
    letter.refresh_from_db()
    assert letter.voided_at is None


def test_only_the_head_voids_and_another_agency_has_no_letters(
    players: Cast, wang: Client, at_desk: Callable[[Staff], Client]
) -> None:
    letter = replied(players)
    address = f"/desk/letters/230406/void/{letter.pk}/"
    assert wang.get(PAGE).status_code == 200
    assert address not in wang.get(PAGE).content.decode()
    assert wang.post(address, {"reason": "写错", "sure": "on"}).status_code == 404
    zhao = at_desk(players.zhao)
    for each in (PAGE, address, f"{PAGE}register.csv", f"/desk/letters/320800/void/{letter.pk}/"):
        assert zhao.get(each).status_code == 404
    assert zhao.post(PAGE, {"letter": letter.pk}).status_code == 404
    editor = at_desk(person("bai", "白露", players.dongshan, Role.REPORT_EDITOR))
    assert editor.get("/desk/letters/").status_code == 403
    assert editor.get(PAGE).status_code == 404


def test_the_register_goes_out_as_a_table(players: Cast, li: Client) -> None:
    letter = replied(players)
    void_letter(letter, reason="=1+1", by=players.li, at=moment(TODAY, 16))
    sheet = content(li.get(f"{PAGE}register.csv"))
    head, first, second = csv.reader(io.StringIO(sheet.decode("utf-8-sig")))
    assert head == ["文号", "文书", "登记编号", "成文日期", "签发人", "送出日期", "送达日期", "作废日期", "作废理由"]
    assert first[0] == "东政公开告〔2026〕1号"
    assert first[5:] == ["", "", "2026-11-18", "'=1+1"]
    assert second[5:] == ["", "", "", ""]
    book = openpyxl.load_workbook(io.BytesIO(content(li.get(f"{PAGE}register.xlsx"))))
    assert [cell.value for cell in book["文书登记簿"][3]][:2] == ["东政公开告〔2026〕2号", "政府信息不予公开告知书"]
    assert li.get(f"{PAGE}register.exe").status_code == 404


def test_chosen_letters_come_as_one_file(players: Cast, li: Client) -> None:
    first, second = replied(players), replied(players, name="李四")
    replied(players, name="王五")
    answer = li.post(PAGE, {"letter": [first.pk, second.pk]})
    with zipfile.ZipFile(io.BytesIO(content(answer))) as archive:
        assert archive.namelist() == ["东政公开告〔2026〕1号.pdf", "东政公开告〔2026〕2号.pdf"]
        assert archive.read("东政公开告〔2026〕1号.pdf") == pdf_of(first)
        assert "李四" in pdf_text(archive.read("东政公开告〔2026〕2号.pdf"))


def test_a_lost_file_is_drawn_again_and_a_changed_one_is_named(players: Cast, li: Client) -> None:
    first, second = replied(players), replied(players, name="李四")
    signed_file = pdf_of(first)
    first.pdf.storage.delete(str(first.pdf.name))
    Letter.objects.filter(pk=second.pk).update(pdf_sha256="0" * 64)
    answer = li.post(PAGE, {"letter": [first.pk, second.pk]})
    with zipfile.ZipFile(io.BytesIO(content(answer))) as archive:
        assert archive.namelist() == ["东政公开告〔2026〕1号.pdf", "没有的文件.txt"]
        assert archive.read("东政公开告〔2026〕1号.pdf") == signed_file
        assert "东政公开告〔2026〕2号" in archive.read("没有的文件.txt").decode()


def test_a_choice_that_is_none_is_answered_with_a_sentence(players: Cast, li: Client) -> None:
    replied(players)
    assert "请先勾选" in li.post(PAGE, {}).content.decode()
    assert "没有这份文书" in li.post(PAGE, {"letter": ["999999"]}).content.decode()
    assert "没有这份文书" in li.post(PAGE, {"letter": ["x"]}).content.decode()


def test_it_can_be_narrowed_to_one_document_and_other_years_are_empty(players: Cast, li: Client) -> None:
    replied(players)
    assert "东政公开告〔2026〕1号" in li.get(PAGE, {"kind": "refusal"}).content.decode()
    assert "东政公开告〔2026〕1号" not in li.get(PAGE, {"kind": LetterKind.SUPPLEMENT.value}).content.decode()
    assert "没有文书" in li.get("/desk/letters/230406/2025/").content.decode()
    assert li.get(PAGE, {"kind": "nothing"}).status_code == 404
    assert li.get("/desk/letters/").headers["Location"] == PAGE
