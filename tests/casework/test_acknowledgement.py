"""The receipt proves what was sent: anybody computes its digest again, and no later act reaches it."""

import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from casework.actions import receipt as corrections
from casework.actions.acknowledge import sent
from casework.actions.application import Attorney, Fellow
from casework.actions.files import Upload
from casework.law.receipt import Channel
from casework.law.sent import digest_of
from casework.letters import render_acknowledgement
from casework.models import Acknowledgement, Case
from casework.models.acknowledgement import is_token
from casework.models.querycode import is_slip
from tests.cast import CREDIT_CODE, RESIDENT_NUMBER, Cast, moment, registered

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)
PLAN = b"%PDF-1.4 plan"


def filed(players: Cast, **changes: Any) -> Case:
    return registered(players, on=TODAY, **changes).case


def independently(case: Case, tmp_path: Path) -> str:
    """Written from docs/formats/application.md and the stored rows; the digest is that of the system's sha256sum."""
    applicant = case.applicant
    salt = case.acknowledgement.sent_text.rstrip("\n").split("\n")[-1].strip()  # type: ignore[union-attr]
    mask = RESIDENT_NUMBER[:3] + "*" * 13 + RESIDENT_NUMBER[-2:]
    values = [
        ("受理机关", f"{case.agency.code} {case.agency.name}"),
        ("渠道", "in_person"),
        ("到达日期", "2026-11-18"),
        ("登记日期", "2026-11-18"),
        ("申请人类型", "natural_person"),
        ("申请人", f"{applicant.name} resident {mask}"),
        ("联系人", ""),
        ("电话", applicant.phone),
        ("电子邮箱", ""),
        ("通信地址", ""),
        ("其他联系方式", ""),
        ("共同申请人", f"李四 credit_code {CREDIT_CODE[:3]}*************{CREDIT_CODE[-2:]}\n王五"),
        ("代理人", "赵六 13900000000 代为申请 2027-01-31"),
        ("信息名称、文号或者其他特征", ""),
        ("申请内容", case.content),
        ("提供形式", ""),
        ("获取方式", ""),
    ]
    lines = ["gongkai.application/1"]
    for heading, value in values:
        lines.append(heading + "：")
        lines += ["  " + line if line else "" for line in value.splitlines()]
    lines.append("附件：")
    for document in case.documents.order_by("id"):
        stored = tmp_path / "file"
        with document.file.open("rb") as content:
            stored.write_bytes(content.read())
        lines.append(f"  {sha256sum(stored)} {stored.stat().st_size} {document.name}")
    lines += ["随机数：", "  " + salt]
    text = tmp_path / "text"
    text.write_bytes(("\n".join(lines) + "\n").encode())
    return sha256sum(text)


def sha256sum(file: Path) -> str:
    return subprocess.run(["sha256sum", file], check=True, capture_output=True, text=True).stdout.split()[0]


def test_a_stranger_computes_the_digest_again_from_what_is_stored(players: Cast, tmp_path: Path) -> None:
    case = filed(
        players,
        content="申请公开：\n\n一、改造项目清单；\n电话：不是电话",
        fellows=(
            Fellow(name="李四", identity_kind="credit_code", identity_number=CREDIT_CODE),
            Fellow(name="王五"),
        ),
        agent=Attorney(name="赵六", phone="13900000000", scope="代为申请", until=date(2027, 1, 31)),
        uploads=(Upload("平面图.pdf", PLAN),),
        authority=(Upload("授权委托书.pdf", b"%PDF-1.4 signed"),),
    )
    assert independently(case, tmp_path) == case.acknowledgement.digest


def test_the_text_holds_no_identity_number(players: Cast) -> None:
    text = filed(players).acknowledgement.sent_text
    assert text is not None
    assert RESIDENT_NUMBER not in text


def test_the_same_application_twice_has_two_digests(players: Cast) -> None:
    """Otherwise whoever guesses the words could prove from the paper that they were asked."""
    one, other = filed(players), filed(players)
    assert one.acknowledgement.digest != other.acknowledgement.digest
    assert one.acknowledgement.token != other.acknowledgement.token


def test_a_correction_changes_the_case_and_not_its_receipt(players: Cast) -> None:
    case = filed(players)
    given = Acknowledgement.objects.get(case=case)
    before = [render_acknowledgement(given, address="https://x.test/v/", language=code) for code in ("zh", "en")]
    corrections.correct(
        case,
        changes={"name": "张叁", "content": "申请公开别的事项。", "arrived_on": TODAY - timedelta(days=2)},
        reason="登记有误",
        by=players.wang,
        at=moment(TODAY, 16),
    )
    case = Case.objects.get()
    assert (case.applicant.name, case.received_on) == ("张叁", TODAY - timedelta(days=2))
    kept = Acknowledgement.objects.get(case=case)
    assert [render_acknowledgement(kept, address="https://x.test/v/", language=code) for code in ("zh", "en")] == before
    assert kept.intact is True
    assert "张三" in str(kept.sent_text)
    assert digest_of(sent(case, salt="00").text()) != kept.digest


def test_the_paper_says_number_moment_rule_digest_and_address(players: Cast) -> None:
    case = filed(players)
    given = case.acknowledgement
    address = f"https://gongkai.example.gov.cn/verify/{given.spelled_token}/"
    page = printed(render_acknowledgement(given, address=address, language="zh-hans"))
    assert case.number in page
    assert "2026年11月18日10:00:00" in page
    assert "当面提交的，以提交之日为收到申请之日。（条例第三十一条）" in page
    assert given.digest in page
    assert address in page
    assert "2026年12月16日" in page
    for secret in ("张三", "老旧小区", RESIDENT_NUMBER, "13800000000"):
        assert secret not in page
    english = printed(render_acknowledgement(given, address=address, language="en"))
    assert given.digest in english
    assert "Receiptforanapplication" in english


def test_each_channel_prints_its_own_rule(players: Cast) -> None:
    given = filed(players).acknowledgement
    for channel in Channel:
        given.channel = channel.value
        page = printed(render_acknowledgement(given, address="https://x.test/", language="zh"))
        assert "".join(channel.rule.zh.split()) in page


def test_the_code_of_a_receipt_is_no_query_code(players: Cast) -> None:
    token = filed(players).acknowledgement.token
    assert is_token(token)
    assert is_slip(token)
    assert not is_token(token[:-1])


def test_no_way_of_the_models_changes_or_deletes_one(players: Cast) -> None:
    given = filed(players).acknowledgement
    given.digest = "0" * 64
    everything = Acknowledgement.objects.all()
    for act in (given.save, given.delete, everything.delete, lambda: everything.update(digest="0" * 64)):
        with pytest.raises(TypeError, match="append-only"):
            act()
    assert Acknowledgement.objects.get().intact is True


def test_what_was_sent_can_be_erased_and_the_digest_stays(players: Cast, client: Client) -> None:
    given = filed(players).acknowledgement
    Acknowledgement.objects.filter(pk=given.pk).update(sealed=None)
    kept = Acknowledgement.objects.get()
    assert (kept.sent_text, kept.intact, kept.digest) == (None, None, given.digest)
    assert "已经依法删除" in client.get(f"/verify/{given.token}/").content.decode()


def printed(pdf: bytes) -> str:
    """The words of all pages without blanks."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return "".join(text.split()).replace("\ufffe", "").replace("\x02", "")
