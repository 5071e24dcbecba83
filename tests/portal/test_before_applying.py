"""Between the description and the next question: what is public already, numbers of persons, better words."""

from datetime import timedelta

import pytest

from casework import wordsearch
from casework.models import Case, Draft, Spared
from tests import cast
from tests.conftest import AS_OF
from tests.portal.visitor import WHAT, Visitor, text, words

TODAY = AS_OF.date()


def published(players: cast.Cast, title: str, *, of: int = 1, address: str = "") -> None:
    wordsearch.keep([wordsearch.Entry("publication", of, players.dongshan.pk, title, TODAY, address, "民生")])


def typed(visitor: Visitor, content: str, **more: str) -> str:
    """What stands on the page after the description was sent."""
    draft = visitor.choose()
    visitor.send(draft + "kind/", {"applicant_kind": "natural_person"})
    return words(visitor.send(draft + "what/", {"subject": "", "content": content, **more}))


def test_where_nothing_is_found_nothing_stands_between(visitor: Visitor) -> None:
    typed(visitor, WHAT["content"])
    assert visitor.path.endswith("/how/")


def test_vague_words_alone_stop_nobody_and_are_told_on_wish(visitor: Visitor) -> None:
    content = "申请公开工农路改造的所有相关资料。"
    typed(visitor, content)
    assert visitor.path.endswith("/how/")
    page = typed(visitor, content, advise="1")
    assert visitor.path.endswith("/ahead/")
    assert "没有说清是哪一种文件" in page
    assert "没有时间范围" in page


def test_what_is_public_is_shown_once_and_one_can_go_on(visitor: Visitor, players: cast.Cast) -> None:
    published(players, "东山区2025年老旧小区改造项目清单", address="https://dongshan.example/1.html")
    page = typed(visitor, WHAT["content"])
    assert visitor.path.endswith("/ahead/")
    assert "东山区2025年老旧小区改造项目清单" in page
    assert "东山区人民政府办公室" in page
    draft = visitor.path.removesuffix("ahead/")
    html = text(visitor.get(visitor.path))
    assert 'href="https://dongshan.example/1.html"' in html
    assert f'href="{draft}how/"' in html
    visitor.send(draft + "what/", WHAT)  # the same words stop nobody twice
    assert visitor.path.endswith("/how/")
    visitor.send(draft + "what/?change", WHAT | {"content": WHAT["content"] + "以及中标单位。"})
    assert visitor.path.endswith("/ahead/")
    assert f'href="{draft}check/"' in text(visitor.get(visitor.path, change=""))


def test_this_answers_me_ends_the_draft_and_leaves_a_number_and_nothing_else(
    visitor: Visitor, players: cast.Cast
) -> None:
    published(players, "东山区2025年老旧小区改造项目清单", of=7)
    typed(visitor, WHAT["content"])
    address = visitor.path.replace("ahead", "answered")
    for _press in range(2):
        answer = visitor.send(address, {"source": "publication", "of": "7"})
    assert "找到了，不用申请" in words(answer) or answer.status_code == 404
    assert not Draft.objects.exists()
    row = Spared.objects.get()
    assert (row.agency, row.source, row.of, row.on, row.times) == (players.dongshan, "publication", 7, TODAY, 1)
    assert {field.name for field in Spared._meta.get_fields()} == {
        "id",
        "agency",
        "source",
        "of",
        "title",
        "on",
        "times",
    }


@pytest.mark.parametrize("of", ["", "x", "9" * 40, "-1", "8"])
def test_an_answer_that_does_not_exist_ends_nothing(visitor: Visitor, of: str) -> None:
    draft = visitor.filled()
    visitor.send(draft + "answered/", {"source": "publication", "of": of})
    assert Draft.objects.count() == 1
    assert not Spared.objects.exists()


def test_an_address_that_is_none_of_the_web_becomes_no_link(visitor: Visitor, players: cast.Cast) -> None:
    published(players, "东山区2025年老旧小区改造项目清单", address="javascript:alert(1)")
    typed(visitor, WHAT["content"])
    assert "javascript:" not in text(visitor.get(visitor.path))


def test_numbers_of_persons_are_warned_of_and_not_refused(visitor: Visitor) -> None:
    page = typed(visitor, f"我叫张三，身份证 {cast.RESIDENT_NUMBER}，电话１３８-０013-8000，要2024年低保审批表。")
    assert visitor.path.endswith("/ahead/")
    assert "像是居民身份证号码" in page
    assert "像是手机号码" in page
    assert "只填在“申请人”一页" in page
    draft = visitor.path.removesuffix("ahead/")
    assert visitor.get(draft + "how/").status_code == 200


def test_the_wording_is_tested_without_an_application(visitor: Visitor) -> None:
    page = words(visitor.send("/wording/", {"content": "请问物业费为什么涨价"}))
    assert "这像是在提问或者咨询" in page
    assert "没有发现含糊的写法" in words(
        visitor.send("/wording/", {"content": "××小区2023年1月至12月物业服务收费备案表"})
    )
    assert "请填写您打算申请的内容。" in words(visitor.send("/wording/", {"content": " "}))
    assert not Draft.objects.exists()


def test_a_form_left_open_overnight_is_still_there_and_after_a_month_gives_back_what_was_typed(
    visitor: Visitor,
) -> None:
    draft = visitor.filled()
    Draft.forget(at=AS_OF + timedelta(days=1))
    visitor.send(draft + "what/", WHAT | {"content": "第二天写的内容"})
    assert visitor.path == draft + "how/"
    Draft.forget(at=AS_OF + timedelta(days=31))
    page = visitor.send(draft + "what/", WHAT | {"content": "一个月以后写的内容"})
    assert page.status_code == 404
    assert "一个月以后写的内容" in words(page)
    assert "用接续码打开草稿" in words(page)


def test_of_two_tabs_the_older_check_page_does_not_send_what_it_never_showed(visitor: Visitor) -> None:
    draft = visitor.filled()
    html = text(visitor.get(draft + "check/"))
    seen = html.split('name="seen" value="')[1].split('"')[0]
    visitor.send(draft + "what/?change", WHAT | {"content": "在另一个标签页里改过的内容，2024年。"})
    page = visitor.send(draft + "check/", {"seen": seen})
    assert "您打开这一页以后，内容又有改动" in words(page)
    assert "在另一个标签页里改过的内容" in words(page)
    assert not Case.objects.exists()
    again = text(page).split('name="seen" value="')[1].split('"')[0]
    visitor.send(draft + "check/", {"seen": again})
    assert Case.objects.get().content == "在另一个标签页里改过的内容，2024年。"
