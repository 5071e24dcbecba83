"""Bad input is answered with a sentence that says what, where and what to do, and stores no case."""

import pytest

from casework.models import Case
from tests.portal.visitor import PERSON, WHAT, Visitor, text, words

RESIDENT = PERSON["identity_number"]
WRONG_PERSON = {
    "blank name": ({"name": "   "}, "请填写姓名。"),
    "full-width space as a name": ({"name": "\u3000\u200b"}, "请填写姓名。"),
    "name without a letter": ({"name": "。。。"}, "“。。。”里没有文字。请填写证件上的名字。"),
    "control character in a name": ({"name": "张\x07三"}, "“姓名”的第 2 个字是看不见的控制字符（U+0007）。"),
    "right-to-left mark in a name": ({"name": "张\u202e三"}, "“姓名”的第 2 个字是看不见的控制字符（U+202E）。"),
    "NUL in a name": ({"name": "张\x00三"}, "“姓名”的第 2 个字是看不见的控制字符（U+0000）。"),
    "name too long": ({"name": "张" * 101}, "“姓名”最多 100 个字，现在有 101 个字。请缩短。"),
    "number too short": ({"identity_number": RESIDENT[:-1]}, "居民身份证号码应当是 18 位，您填写的是 17 位。"),
    "wrong check digit": ({"identity_number": RESIDENT[:-1] + "1"}, "居民身份证号码的校验位不符"),
    "letters in the number": ({"identity_number": "ABC" + RESIDENT[3:]}, "前 17 位应当是数字"),
    "born on 31 February": ({"identity_number": "110105199002310010"}, "您填写的“19900231”不对。"),
    "born tomorrow": ({"identity_number": "110105202611190018"}, "您填写的“20261119”不对。"),
    "no document": ({"identity_kind": ""}, "请选择身份证件的种类。"),
    "unknown document": ({"identity_kind": "library_card"}, "请选择身份证件的种类。"),
    "no contact at all": ({"phone": " "}, "请至少填写电话、电子邮箱、通信地址中的一项，以便联系您。"),
    "letters as a telephone": ({"phone": "call me"}, "电话号码应当由数字组成"),
    "half an address": ({"email": "zhang@"}, "电子邮箱“zhang@”的写法不对，应当像 name@example.com。"),
}


@pytest.mark.parametrize(("changes", "sentence"), WRONG_PERSON.values(), ids=WRONG_PERSON)
@pytest.mark.usefixtures("november_18")
def test_a_mistake_about_the_applicant_is_said_twice_and_in_the_title(
    visitor: Visitor, changes: dict[str, str], sentence: str
) -> None:
    draft = visitor.choose()
    visitor.send(draft + "kind/", {"applicant_kind": "natural_person"})
    page = visitor.send(draft + "who/", PERSON | changes)
    assert visitor.path == draft + "who/"
    assert words(page).count(sentence) == 2, "once in the summary, once beside the field"
    assert "<title>错误：" in text(page)


def test_stray_spaces_width_and_case_of_a_number_are_forgiven(visitor: Visitor) -> None:
    case, _code = visitor.applied(identity_number=" １１０１０５ 19491231-002x ", name="  张三\u3000")
    assert case.applicant.identity_number == RESIDENT
    assert case.applicant.name == "张三"


def test_rare_han_characters_and_emoji_are_kept(visitor: Visitor) -> None:
    content = "申请公开𠮷囧镕堃喆𬭎街道的改造清单😀👨‍👩‍👧。\n第二行"
    case, _code = visitor.applied(name="欧阳𠮷囧", content=content)
    assert (case.applicant.name, case.content) == ("欧阳𠮷囧", content)


def test_markup_is_text(visitor: Visitor) -> None:
    draft = visitor.filled(content="<script>alert(1)</script> {{ 7 }} %s %(x)s", name="<b>张三</b>")
    page = visitor.get(draft + "check/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 }} %s %(x)s" in page
    assert "&lt;b&gt;张三&lt;/b&gt;" in page


def test_a_percent_sign_in_a_wrong_answer_does_not_break_the_sentence(visitor: Visitor) -> None:
    draft = visitor.choose()
    visitor.send(draft + "kind/", {"applicant_kind": "natural_person"})
    page = visitor.send(draft + "who/", PERSON | {"email": "100%s%(x)d@"})
    assert "电子邮箱“100%s%(x)d@”的写法不对" in words(page)


def test_ten_megabytes_of_text_are_shown_again_but_not_kept(visitor: Visitor) -> None:
    draft = visitor.filled()
    page = visitor.send(draft + "what/", {"content": "超" * 10_000_000})
    assert page.status_code == 200
    assert "“您要的是什么信息？”最多 20,000 个字，现在有 10,000,000 个字。请缩短。" in words(page)[:3000]
    assert WHAT["content"] in text(visitor.get(draft + "what/"))


def test_a_form_without_any_field_is_answered(visitor: Visitor) -> None:
    draft = visitor.choose()
    for step, sentence in (
        ("kind", "请选择您以什么身份申请。"),
        ("who", "请填写姓名。"),
        ("what", "请写明您要的是什么信息。"),
        ("how", "请选择信息的形式。"),
    ):
        assert sentence in words(visitor.send(f"{draft}{step}/", {}))
    assert not Case.objects.exists()


@pytest.mark.parametrize("code", ["", "no-such-office", "\x00", "9" * 5000])
def test_an_office_that_is_not_there_is_refused(visitor: Visitor, code: str) -> None:
    assert "请选择一个机关。" in words(visitor.send("/apply/", {"agency": code}))


@pytest.mark.parametrize("sought", ["\x00", "%", "_", "'", "很" * 5000])
def test_any_search_for_an_office_is_answered(visitor: Visitor, sought: str) -> None:
    assert visitor.get("/apply/", q=sought, page="x").status_code == 200
