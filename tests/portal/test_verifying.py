"""Anybody who holds a receipt verifies it; nobody learns from the page what was asked, or by whom."""

import re
from datetime import date

import pytest
from django.db import connection
from time_machine import Traveller

from casework.actions.intake import Registration
from casework.models.acknowledgement import PURPOSE, new_token
from casework.models.sealing import seal
from tests import cast
from tests.portal.visitor import Visitor, text, words


@pytest.fixture
def filed(players: cast.Cast) -> Registration:
    return cast.registered(
        players, on=date(2026, 11, 2), content="申请公开：\n改造项目清单。", email="zhang@example.org"
    )


def page_of(filed: Registration) -> str:
    return f"/verify/{filed.case.acknowledgement.spelled_token}/"


def test_the_page_says_what_the_paper_says(visitor: Visitor, filed: Registration) -> None:
    given = filed.case.acknowledgement
    page = words(visitor.get(page_of(filed)))
    assert "这份回执是真实的" in page
    for said in (filed.case.number, "东山区人民政府办公室", "2026年11月2日 10:00:00", "2026年11月2日（周一）"):
        assert said in page
    assert re.sub(r"\s", "", page).count(given.digest) == 1
    assert "摘要与回执一致" in page


def test_the_page_says_nothing_of_content_applicant_or_case(visitor: Visitor, filed: Registration) -> None:
    page = text(visitor.get(page_of(filed)))
    for secret in ("张三", "改造", "13800000000", "zhang@example.org", cast.RESIDENT_NUMBER, filed.query_code):
        assert secret not in page
    assert f"/follow/{filed.case.pk}" not in page
    assert visitor.client.get(f"/follow/{filed.case.pk}/").status_code == 302, "it opens no case"


@pytest.mark.parametrize("change", [str.lower, lambda token: token.replace("-", " "), lambda token: f" {token}　"])
def test_the_code_is_taken_as_people_type_it(visitor: Visitor, filed: Registration, change: object) -> None:
    token = change(filed.case.acknowledgement.spelled_token)  # type: ignore[operator]
    assert "这份回执是真实的" in words(visitor.send("/verify/", {"token": token}))


def test_a_slip_is_told_and_costs_nothing(visitor: Visitor, filed: Registration) -> None:
    token = filed.case.acknowledgement.token
    slip = ("3" if token[0] != "3" else "4") + token[1:]
    for _ in range(20):
        assert "核验码写错了" in words(visitor.send("/verify/", {"token": slip}))
        assert visitor.client.get(f"/verify/{slip}/").status_code == 404
    assert "这份回执是真实的" in words(visitor.get(page_of(filed)))


def test_guessing_is_slowed_for_who_guesses_and_for_nobody_else(
    visitor: Visitor, filed: Registration, now: Traveller
) -> None:
    for _ in range(5):
        assert visitor.client.get(f"/verify/{new_token()}/").status_code == 404
    answer = visitor.client.get(f"/verify/{new_token()}/")
    assert answer.status_code == 429
    assert "秒再试" in answer.content.decode()
    elsewhere = Visitor()
    elsewhere.client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert "这份回执是真实的" in words(elsewhere.get(page_of(filed)))
    now.shift(60)
    assert "这份回执是真实的" in words(visitor.get(page_of(filed)))


def test_neither_a_number_nor_a_query_code_verifies_anything(visitor: Visitor, filed: Registration) -> None:
    for typed in (filed.case.number, filed.query_code, str(filed.case.pk)):
        assert visitor.client.get(f"/verify/{typed}/").status_code == 404
        assert "这份回执是真实的" not in words(visitor.send("/verify/", {"token": typed}))


def test_a_pasted_text_or_digest_is_compared_and_kept_nowhere(visitor: Visitor, filed: Registration) -> None:
    given = filed.case.acknowledgement
    whole = str(given.sent_text)
    same = (
        whole,
        whole.replace("\n", "\r\n"),
        whole.rstrip(),
        given.digest,
        given.digest.upper(),
        " ".join(given.digest),
    )
    for pasted in same:
        assert "一致：这就是提交的内容" in words(visitor.send(page_of(filed), {"text": pasted}))
    for pasted in (whole.replace("改造", "建设"), "0" * 64, "随便什么"):
        page = words(visitor.send(page_of(filed), {"text": pasted}))
        assert "不一致：" in page
        assert "一致：这就是提交的内容" not in page
    empty = words(visitor.send(page_of(filed), {"text": ""}))
    assert "请粘贴摘要或者全文。" in empty
    assert "不一致" not in empty
    assert "改造" not in str(dict(visitor.client.session))


def test_words_changed_in_the_database_are_found(visitor: Visitor, filed: Registration) -> None:
    given = filed.case.acknowledgement
    changed = seal(str(given.sent_text).replace("清单", "名单"), PURPOSE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_acknowledgement SET sealed = %s WHERE id = %s", [changed, given.pk])
    page = words(visitor.get(page_of(filed)))
    assert "与回执的摘要不一致，请联系受理机关" in page
    assert "系统重新计算了" not in page


def test_an_online_receipt_can_be_taken_home_and_verified(visitor: Visitor) -> None:
    case, _code = visitor.applied()
    draft = case.draft.key
    answer = visitor.client.get(f"/apply/{draft}/receipt.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert f"/apply/{draft}/receipt.pdf" in text(visitor.get(f"/apply/{draft}/receipt/"))
    assert "这份回执是真实的" in words(visitor.get(f"/verify/{case.acknowledgement.token}/"))


def test_a_draft_that_was_not_sent_has_no_receipt(visitor: Visitor) -> None:
    assert visitor.client.get(visitor.choose() + "receipt.pdf").status_code == 404
