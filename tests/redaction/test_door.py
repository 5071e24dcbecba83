"""What comes in is known by its content, and each fault is named."""

import io
import zipfile

import pytest

from casework.law.refusals import Refused
from casework.redaction.door import FileType, examined
from tests import papers

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
OFD = papers.zipped(**{"OFD.xml": b"<ofd/>", "Doc_0/Document.xml": b"<d/>"})

SOUND = {
    "清单.pdf": (papers.pdf(), FileType.PDF),
    "没有后缀": (papers.pdf(), FileType.PDF),
    "扫描.PNG": (papers.picture(), FileType.PNG),
    "照片.jpeg": (papers.picture("JPEG"), FileType.JPEG),
    "函.docx": (papers.letter(), FileType.DOCX),
    "台账.xlsx": (papers.workbook(), FileType.XLSX),
    "公文.ofd": (OFD, FileType.OFD),
    "说明.txt": ("申请公开".encode("gb18030"), FileType.TEXT),
    "表.csv": ("一,二\n".encode(), FileType.TEXT),
    "材料.zip": (papers.zipped(**{"a.txt": b"a"}), FileType.ZIP),
    "旧.doc": (OLE, FileType.OLE),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_is_what_it_holds(name: str) -> None:
    content, kind = SOUND[name]
    assert examined(name, content) is kind


def bomb() -> bytes:
    return papers.zipped(**{"[Content_Types].xml": b"<t/>", "word/document.xml": bytes(40 * 2**20)})


def overlapping() -> bytes:
    """Two entries of the directory that point to the same bytes, as in a bomb that needs no nesting."""
    content = papers.zipped(**{"a.txt": b"x" * 5000, "b.txt": b"y" * 5000})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo("b.txt").header_offset
    start = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", start + 4)
    assert content[second + 42 : second + 46] == at.to_bytes(4, "little")
    return content[: second + 42] + (0).to_bytes(4, "little") + content[second + 46 :]


def encrypted_zip() -> bytes:
    content = bytearray(papers.zipped(**{"a.txt": b"a"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


HOSTILE = {
    "png named pdf": ("清单.pdf", papers.picture(), "名称说它是PDF，内容是PNG 图片"),
    "pdf named jpg": ("照片.jpg", papers.pdf(), "名称说它是JPEG 图片，内容是PDF"),
    "xlsx named docx": ("函.docx", papers.workbook(), "内容是Excel 工作簿"),
    "zip named ofd": ("公文.ofd", papers.zipped(**{"a.txt": b"a"}), "内容是压缩包"),
    "7z named pdf": ("清单.pdf", b"7z\xbc\xaf\x27\x1c" + bytes(40), "application/x-7z"),
    "html": ("说明.html", HTML, "是网页，可以带脚本"),
    "html named txt": ("说明.txt", HTML, "名称说它是纯文字，内容是网页"),
    "html without a name": ("说明", b"  <script>1</script>", "网页"),
    "svg": ("图.svg", SVG, "SVG 图形，可以带脚本"),
    "svg named png": ("图.png", SVG, "内容是SVG"),
    "program": ("工具.exe", b"MZ\x90\x00" + bytes(60), "是程序"),
    "shell script": ("run", b"#!/bin/sh\nrm -rf /\n", "是程序"),
    "pdf and zip": ("清单.pdf", papers.pdf() + papers.zipped(**{"a.txt": b"a"}), "既是PDF，又是压缩包"),
    "html before a pdf": ("清单.pdf", HTML + papers.pdf(), "既是PDF，又是别的内容"),
    "html in the head of a pdf": ("清单.pdf", papers.pdf().replace(b"\n", b"\n%<script>1</script>\n", 1), "又是网页"),
    "png and zip": ("图.png", papers.picture() + papers.zipped(**{"a.txt": b"a"}), "又是压缩包"),
    "png and html": ("图.png", papers.picture() + HTML, "又是网页"),
    "locked pdf": ("清单.pdf", papers.locked(), "有密码保护"),
    "locked zip": ("材料.zip", encrypted_zip(), "有密码保护"),
    "locked workbook": ("台账.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "有密码保护"),
    "macros": ("台账.xlsx", papers.added(papers.workbook(), "xl/vbaProject.bin", b"v"), "有宏"),
    "old macros": ("旧.xls", OLE + "_VBA_PROJECT".encode("utf-16-le"), "有宏"),
    "activex": ("函.docx", papers.added(papers.letter(), "word/activeX/a.bin", b"v"), "有宏"),
    "entities": ("函.docx", papers.added(papers.letter(), "word/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "实体"),
    "bomb": ("函.docx", bomb(), "解压后过大"),
    "overlapping": ("材料.zip", overlapping(), "解压后过大"),
    "cut off": ("材料.zip", papers.zipped(**{"a.txt": b"a"})[:40], "已经损坏"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_turned_away_by_the_name_of_its_fault(case: str) -> None:
    name, content, sentence = HOSTILE[case]
    with pytest.raises(Refused, match=sentence) as refused:
        examined(name, content)
    assert name in str(refused.value)
    assert refused.value.field == "files"
    assert name in refused.value.sentence.en
