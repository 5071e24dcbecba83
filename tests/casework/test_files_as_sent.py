"""``files.attach``: names from every system, contents that are not what their name says, sizes at the limit."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import override_settings

from casework.actions import files
from casework.actions.files import LARGEST, LONGEST_NAME, MOST, Upload, attach, sniffed
from casework.law.refusals import Refused
from casework.models import Case, Document, DocumentKind
from tests.cast import Cast, moment, registered

TODAY = date(2026, 11, 18)
PDF = b"%PDF-1.7\n1 0 obj"


@pytest.fixture
def case(players: Cast, tmp_path: Path) -> Iterator[Case]:
    """A case whose files go into a folder of their own, and nothing beside it."""
    folder = tmp_path / "media"
    with override_settings(MEDIA_ROOT=str(folder)):
        yield registered(players, on=TODAY).case
    assert [path for path in tmp_path.rglob("*") if path.is_file() and folder not in path.parents] == []


def sent(case: Case, name: str = "证明.pdf", content: bytes = PDF) -> Document:
    return attach(case, Upload(name, content), DocumentKind.APPLICATION, by=None, at=moment(TODAY))


NAMES = {
    "as most are": ("身份证明.pdf", "身份证明.pdf"),
    "a folder of Windows": (r"C:\Users\张三\桌面\证明.pdf", "证明.pdf"),
    "a folder of Unix": ("/home/zhang/证明.pdf", "证明.pdf"),
    "a way out": ("../../../etc/passwd", "passwd"),
    "a way out of Windows": (r"..\..\boot.ini", "boot.ini"),
    "nothing but a way out": ("..", ".."),
    "two lines": ("证\r\n明.pdf", "证 明.pdf"),
    "a tab": ("证\t明.pdf", "证 明.pdf"),
    "blanks around it": (" 证明.pdf ", "证明.pdf"),
    "emoji and rare Han": ("😀𠮷.pdf", "😀𠮷.pdf"),
    "letters typed in parts": ("re\u0301sume\u0301.pdf", "résumé.pdf"),
    "quotation marks and a semicolon": ('a";filename="b.pdf', 'a";filename="b.pdf'),
    "two endings": ("照片.jpg.exe", "照片.jpg.exe"),
    "the longest": ("名" * (LONGEST_NAME - 4) + ".pdf", "名" * (LONGEST_NAME - 4) + ".pdf"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "shown"), NAMES.values(), ids=NAMES)
def test_the_name_is_only_a_label(case: Case, name: str, shown: str) -> None:
    document = sent(case, name)
    assert document.name == shown
    stored = Path(document.file.path)
    assert stored.read_bytes() == PDF
    assert stored.parts[-3:-1] == ("documents", str(case.pk))
    assert not set(stored.name) - set("0123456789abcdef")


REFUSED_NAMES = {
    "no name": ("", "必须填写"),
    "a folder without a file": ("证明/", "必须填写"),
    "nothing that shows": ("\u200b", "必须填写"),
    "NUL before the ending": ("证明.pdf\0.exe", "控制字符"),
    "an escape": ("\x1b[2J.pdf", "控制字符"),
    "an ending turned round": ("发票\u202efdp.exe", "控制字符"),
    "half a character": ("\udcff.pdf", "控制字符"),
    "2,000 characters": ("名" * 2000, "文件名共2000个字"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "said"), REFUSED_NAMES.values(), ids=REFUSED_NAMES)
def test_a_name_that_cannot_be_shown_is_refused(case: Case, name: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refusal:
        sent(case, name)
    assert refusal.value.field == "files"
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_an_empty_file_is_refused(case: Case) -> None:
    with pytest.raises(Refused, match="是空的"):
        sent(case, content=b"")


@pytest.mark.django_db
def test_the_largest_file_is_stored_whole_and_one_byte_more_is_refused(case: Case) -> None:
    content = PDF + b"\0" * (LARGEST - len(PDF))
    document = sent(case, content=content)
    assert (document.size, document.sha256) == (LARGEST, hashlib.sha256(content).hexdigest())
    with pytest.raises(Refused, match="超过20 MB"):
        sent(case, "另一个.pdf", content + b"\0")
    assert Document.objects.count() == 1


@pytest.mark.django_db
def test_the_same_bytes_are_stored_once_under_the_first_name(case: Case, tmp_path: Path) -> None:
    assert sent(case, "一.pdf") == sent(case, "二.pdf")
    assert Document.objects.get().name == "一.pdf"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.django_db
def test_a_case_holds_only_so_many_files(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST", 1)
    limit = len(DocumentKind)
    for n in range(limit):
        sent(case, content=PDF + bytes([n]))
    with pytest.raises(Refused, match="太多"):
        sent(case, content=PDF + b"more")
    assert Document.objects.count() == limit
    assert MOST > 1


CONTENTS = {
    "a PDF": (PDF, "application/pdf"),
    "a PNG": (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
    "a JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
    "a text processor's": (b"PK\x03\x04\x14\0", "application/zip"),
    "an old text processor's": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    "a page with a script": (b"<html><script>alert(1)</script>", "text/plain"),
    "a drawing with a script": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "text/plain"),
    "a page behind a PDF's head": (b"%PDF-1.4<script>alert(1)</script>", "application/pdf"),
    "a picture of a kind we do not show": (b"GIF89a<script>alert(1)</script>\xff", "application/octet-stream"),
    "a script behind a JPEG's head": (b"\xff\xd8\xff/*<script>*/", "image/jpeg"),
    "a PDF that begins late": (b"\n\n%PDF-1.4", "text/plain"),
    "a program": (b"MZ\x90\0\x03", "application/octet-stream"),
    "text of another encoding": ("申请".encode("gb18030"), "application/octet-stream"),
    "text": ("申请".encode(), "text/plain"),
    "text with NUL": (b"a\0b", "application/octet-stream"),
    "one byte": (b"\xff", "application/octet-stream"),
}


@pytest.mark.parametrize(("content", "media_type"), CONTENTS.values(), ids=CONTENTS)
def test_the_kind_of_a_file_is_judged_by_its_bytes(content: bytes, media_type: str) -> None:
    assert sniffed(content) == media_type
