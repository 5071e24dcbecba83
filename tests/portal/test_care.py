"""关怀版 without a script: the switch, one question a page, the same draft, the same errors, the same check page."""

import re
from typing import Any

import pytest

from casework.law.outcomes import ApplicantKind
from casework.models import Case, Draft
from tests import cast
from tests.portal.visitor import HOW, PERSON, WHAT, Visitor, text, words

SWITCH = {"care": "on", "next": "/"}


@pytest.fixture
def reader(visitor: Visitor) -> Visitor:
    """A visitor who has pressed 关怀版 on the front page."""
    visitor.send("/language/", SWITCH)
    return visitor


def asked(page: str) -> list[str]:
    """What can be typed or chosen on a page, beside what its frame holds."""
    fields = re.findall(r'<(?:input|textarea|select)[^>]*\bname="(\w+)"', page)
    return sorted(set(fields) - {"csrfmiddlewaretoken", "next"})


def test_the_choice_is_kept_comes_back_in_one_press_and_is_in_no_address(visitor: Visitor) -> None:
    ordinary = text(visitor.get("/"))
    assert 'class="care"' not in ordinary
    assert "care.css" not in ordinary
    shown = text(visitor.send("/language/", {"care": "on", "next": "/follow/"}))
    assert visitor.path == "/follow/"
    assert '<html lang="zh-hans" class="care">' in shown
    assert 'class="care"' in text(visitor.get("/privacy/")), "the cookie remembers"
    cookie = visitor.client.cookies["care"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] == 365 * 24 * 3600
    assert 'class="care"' not in text(visitor.send("/language/", {"care": "off", "next": "/"}))
    assert 'class="care"' not in text(visitor.get("/privacy/"))


def test_language_and_print_are_changed_apart(reader: Visitor) -> None:
    english = text(reader.send("/language/", {"language": "en", "next": "/"}))
    assert '<html lang="en" class="care">' in english
    assert '<html lang="en">' in text(reader.send("/language/", {"care": "off", "next": "/"}))


def test_a_foreign_address_is_not_gone_to(visitor: Visitor) -> None:
    answer = visitor.client.post("/language/", {"care": "on", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_the_desk_takes_no_notice(reader: Visitor) -> None:
    login = text(reader.get("/desk/login/"))
    assert 'class="care"' not in login
    assert "care.css" not in login


PATH = (
    ("kind/applicant_kind", ApplicantKind.NATURAL_PERSON.value),
    *((f"who/{name}", value) for name, value in PERSON.items()),
    *((f"what/{name}", value) for name, value in WHAT.items()),
    *((f"how/{name}", HOW[name]) for name in ("wanted_form", "wanted_way", "told_by")),
)


def test_each_question_has_its_page_from_the_office_to_the_receipt(reader: Visitor) -> None:
    reader.send("/apply/", {"agency": "230406"})
    draft = reader.path.removesuffix("kind/applicant_kind/")
    for n, (place, value) in enumerate(PATH, start=1):
        assert reader.path == f"{draft}{place}/"
        name = place.split("/")[1]
        page = reader.get(reader.path)
        assert asked(text(page)) == [name]
        assert f"第 {n} 题，大约 12 题" in words(page)
        assert text(page).count("<h1") == 1
        reader.send(reader.path, {name: value})
    assert reader.path == f"{draft}check/"
    reader.send(reader.path, {})
    case = Case.objects.get()
    assert (case.applicant.name, case.content, case.applicant.phone) == ("张三", WHAT["content"], PERSON["phone"])


def test_both_versions_write_the_same_draft(reader: Visitor, players: cast.Cast) -> None:
    reader.send("/apply/", {"agency": "230406"})
    draft = reader.path.removesuffix("kind/applicant_kind/")
    for place, value in PATH:
        reader.send(f"{draft}{place}/", {place.split("/")[1]: value})
    ordinary = Visitor()
    ordinary.filled()
    one, other = (each.answers for each in Draft.objects.order_by("pk"))
    # what was needless to ask alone is an empty answer where all is asked at once; the query code is each one's own
    asked_alone = {name: value for name, value in one.items() if name != "query_code"}
    assert {name: value for name, value in other.items() if value and name in asked_alone} == {
        name: value for name, value in asked_alone.items() if value
    }


def begun(reader: Visitor, until: str) -> str:
    """A draft answered as far as this question; its address."""
    reader.send("/apply/", {"agency": "230406"})
    draft = reader.path.removesuffix("kind/applicant_kind/")
    for place, value in PATH:
        if place == until:
            break
        reader.send(f"{draft}{place}/", {place.split("/")[1]: value})
    return draft


@pytest.mark.parametrize(
    ("place", "wrong", "sentence"),
    [
        ("kind/applicant_kind", "", "请选择您以什么身份申请。"),
        ("who/name", "", "请填写姓名。"),
        ("who/identity_number", "110105194912310021", "身份证"),
        ("who/email", "not an address", "电子邮箱"),
        ("what/content", "", "请写明您要的是什么信息。"),
        ("how/wanted_way", "", "请选择怎样收到答复。"),
    ],
)
def test_a_wrong_answer_is_told_on_its_page_and_kept(reader: Visitor, place: str, wrong: str, sentence: str) -> None:
    draft = begun(reader, place)
    name = place.split("/")[1]
    page = reader.send(f"{draft}{place}/", {name: wrong})
    assert reader.path == f"{draft}{place}/"
    assert "有问题需要改正" in words(page)
    assert sentence in words(page)
    assert asked(text(page)) == [name]
    assert Draft.objects.get().answers[name] == wrong


def test_a_paper_copy_can_not_come_over_the_net(reader: Visitor) -> None:
    """What two answers show together is told on the page of the second."""
    draft = begun(reader, "how/wanted_form")
    reader.send(f"{draft}how/wanted_form/", {"wanted_form": "paper"})
    page = reader.send(f"{draft}how/wanted_way/", {"wanted_way": "online"})
    assert reader.path == f"{draft}how/wanted_way/"
    assert "纸质复印件不能从网上发送" in words(page)


def test_who_can_not_be_reached_is_told_with_the_last_way_and_can_go_back(reader: Visitor) -> None:
    draft = begun(reader, "who/phone")
    for name in ("phone", "email"):
        reader.send(f"{draft}who/{name}/", {name: ""})
    assert reader.path == f"{draft}who/address/"
    assert "请至少填写电话" in words(reader.send(reader.path, {"address": ""}))
    reader.send(f"{draft}who/phone/", {"phone": ""})  # who went back and has no telephone is not held there
    assert reader.path == f"{draft}who/email/"
    reader.send(f"{draft}who/address/", {"address": "东山区工农路1号"})
    assert reader.path == f"{draft}what/subject/"
    # from the check page one of the three is opened by itself, and says it there
    for place, value in PATH[7:]:
        reader.send(f"{draft}{place}/", {place.split("/")[1]: value})
    page = reader.send(f"{draft}who/address/?change", {"address": ""})
    assert "请至少填写电话" in words(page)
    led: Any = reader.client.get(f"{draft}check/", follow=True)
    assert led.request["PATH_INFO"] == f"{draft}who/phone/", "led to where it can be mended"
    reader.send(f"{draft}who/phone/?change", {"phone": "13800138000"})
    assert reader.path == f"{draft}check/"


def test_the_address_is_asked_of_whom_the_post_shall_reach(reader: Visitor) -> None:
    draft = begun(reader, "how/wanted_way")
    reader.send(f"{draft}how/wanted_way/", {"wanted_way": "post"})
    assert reader.path == f"{draft}how/address/"
    assert "请填写通信地址" in words(reader.send(reader.path, {"address": ""}))
    reader.send(reader.path, {"address": "东山区工农路1号"})
    assert reader.path == f"{draft}how/told_by/"
    reader.send(reader.path, {"told_by": ""})
    assert reader.path == f"{draft}check/"
    assert Draft.objects.get().answers["address"] == "东山区工农路1号"


def test_no_agent_is_one_question(reader: Visitor) -> None:
    draft = begun(reader, "")
    reader.get(f"{draft}agent/")
    assert asked(text(reader.get(f"{draft}agent/"))) == ["agent_name"]
    reader.send(f"{draft}agent/agent_name/", {"agent_name": ""})
    assert reader.path == f"{draft}check/"
    reader.send(f"{draft}agent/agent_name/", {"agent_name": "李四"})
    assert reader.path == f"{draft}agent/agent_identity_kind/"
    reader.send(reader.path, {"agent_identity_kind": ""})
    assert reader.path == f"{draft}agent/agent_phone/", "no number without a document"


def test_switching_on_the_way_keeps_what_was_typed_and_stays_there(reader: Visitor) -> None:
    draft = begun(reader, "who/name")
    page = reader.send(f"{draft}who/name/", {"name": "张三", "care": "off"})
    assert reader.path == f"{draft}who/"
    assert 'value="张三"' in text(page)
    page = reader.send(f"{draft}who/", {**PERSON, "name": "张三丰", "care": "on"})
    assert reader.path == f"{draft}who/name/"
    assert 'value="张三丰"' in text(page)
    assert Draft.objects.get().answers["phone"] == PERSON["phone"]


def test_the_check_page_leads_to_the_question_and_back(reader: Visitor) -> None:
    draft = begun(reader, "")
    checked = reader.get(f"{draft}check/")
    assert f'href="{draft}who/phone/?change#id_phone"' in text(checked)
    reader.send(f"{draft}who/phone/?change", {"phone": "13900139000"})
    assert reader.path == f"{draft}check/"
    assert Draft.objects.get().answers["phone"] == "13900139000"


def test_an_organisation_is_asked_its_own_questions_and_no_other_exists(reader: Visitor) -> None:
    draft = begun(reader, "")
    reader.send(f"{draft}kind/applicant_kind/?change", {"applicant_kind": ApplicantKind.BUSINESS.value})
    assert reader.path == f"{draft}who/name/", "a person's name is not an organisation's"
    assert asked(text(reader.get(f"{draft}who/contact_person/"))) == ["contact_person"]
    answer = reader.client.get(f"{draft}who/wanted_way/")
    assert answer.status_code == 302
    assert reader.client.post(f"{draft}who/wanted_way/", {"wanted_way": "post"}).status_code == 302
    assert "wanted_way" in Draft.objects.get().answers
    assert Draft.objects.get().answers["wanted_way"] == HOW["wanted_way"]


def test_a_question_of_the_other_version_leads_to_ones_own(visitor: Visitor) -> None:
    draft = visitor.filled()
    answer = visitor.client.get(f"{draft}who/phone/")
    assert answer.headers["Location"] == f"{draft}who/"


def test_what_is_typed_is_kept_meanwhile(reader: Visitor) -> None:
    draft = begun(reader, "what/content")
    answer = reader.client.post(f"{draft}what/content/", {"content": "申请", "keep_only": "1"})
    assert answer.status_code == 204
    assert Draft.objects.get().answers["content"] == "申请"


def test_advice_comes_after_the_wording(reader: Visitor) -> None:
    draft = begun(reader, "what/content")
    reader.send(f"{draft}what/content/", {"content": "请答复到 13800138000，申请公开2025年预算。"})
    assert reader.path == f"{draft}ahead/"
