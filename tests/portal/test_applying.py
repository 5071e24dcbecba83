"""From the choice of an office to the receipt."""

from datetime import date

import pytest
from time_machine import Traveller

from casework.models import Agency, Case, Draft
from tests import cast
from tests.portal.visitor import HOW, ORGANISATION, PERSON, WHAT, Visitor, shown_code, text, words


@pytest.mark.usefixtures("november_18")
def test_a_natural_person_applies_and_is_given_number_code_and_due_date(visitor: Visitor) -> None:
    case, code = visitor.applied()
    assert case.applicant.name == "张三"
    assert case.applicant.identity_number == cast.RESIDENT_NUMBER
    assert (case.channel, case.received_on, case.due_on) == ("online", date(2026, 11, 18), date(2026, 12, 16))
    receipt = words(visitor.get(visitor.path))
    assert case.number in receipt
    assert code in receipt
    assert "2026年12月16日（周三）" in receipt


def test_an_organisation_applies_with_its_credit_code(visitor: Visitor) -> None:
    draft = visitor.choose("230406-MZ")
    visitor.send(draft + "kind/", {"applicant_kind": "legal_service"})
    visitor.send(draft + "who/", ORGANISATION)
    visitor.send(draft + "what/", WHAT)
    visitor.send(draft + "how/", HOW)
    visitor.send(draft + "check/", {})
    case = Case.objects.get()
    assert (case.agency.code, case.applicant_kind) == ("230406-MZ", "legal_service")
    assert (case.applicant.contact_person, case.applicant.identity_number) == ("李四", cast.CREDIT_CODE)


def test_the_purpose_is_never_asked_for(visitor: Visitor) -> None:
    draft = visitor.filled()
    pages = [text(visitor.get(f"{draft}{step}/")) for step in ("kind", "who", "what", "how", "check")]
    assert not any(f'name="{name}"' in page for page in pages for name in ("purpose", "use", "reason", "need"))


def test_what_was_typed_is_kept_even_when_it_is_wrong(visitor: Visitor) -> None:
    draft = visitor.choose()
    visitor.send(draft + "kind/", {"applicant_kind": "natural_person"})
    visitor.send(draft + "who/", PERSON | {"identity_number": "110105194912310021", "address": "东山区工农路1号"})
    assert visitor.path == draft + "who/"
    again = text(Visitor().get(draft + "who/"))
    assert "110105194912310021" in again
    assert "东山区工农路1号" in again


def test_leaving_a_page_keeps_it_without_judging_it(visitor: Visitor) -> None:
    draft = visitor.choose()
    response = visitor.client.post(draft + "what/", {"content": "写到一半", "keep_only": "1"})
    assert response.status_code == 204
    assert "写到一半" in text(visitor.get(draft + "what/"))


def test_switching_the_language_keeps_what_was_typed(visitor: Visitor) -> None:
    draft = visitor.choose()
    page = visitor.send(draft + "what/", {"content": "写到一半", "language": "en"})
    assert visitor.path == draft + "what/"
    assert '<html lang="en"' in text(page)
    assert "写到一半" in text(page)


def test_change_goes_to_the_question_and_comes_back_to_the_check_page(visitor: Visitor) -> None:
    draft = visitor.filled()
    assert f'href="{draft}what/?change#id_content"' in text(visitor.get(draft + "check/"))
    page = visitor.send(draft + "what/?change", {"subject": "", "content": "改写后的内容"})
    assert visitor.path == draft + "check/"
    assert "改写后的内容" in words(page)


def test_an_unfinished_draft_cannot_be_sent(visitor: Visitor) -> None:
    draft = visitor.choose()
    visitor.send(draft + "kind/", {"applicant_kind": "natural_person"})
    page = visitor.send(draft + "check/", {})
    assert visitor.path == draft + "who/"
    assert "请填写姓名。" in words(page)
    assert not Case.objects.exists()


def test_turning_from_an_organisation_to_a_person_asks_for_the_identity_anew(visitor: Visitor) -> None:
    draft = visitor.choose()
    visitor.send(draft + "kind/", {"applicant_kind": "business"})
    visitor.send(draft + "who/", ORGANISATION)
    visitor.send(draft + "kind/", {"applicant_kind": "natural_person"})
    page = text(visitor.get(draft + "who/"))
    assert ORGANISATION["name"] not in page
    assert ORGANISATION["phone"] in page


def test_trying_another_kind_without_sending_it_keeps_the_identity(visitor: Visitor) -> None:
    draft = visitor.filled()
    visitor.client.post(draft + "kind/", {"applicant_kind": "business", "keep_only": "1"})
    visitor.client.post(draft + "kind/", {"applicant_kind": "natural_person", "keep_only": "1"})
    assert PERSON["name"] in text(visitor.get(draft + "who/"))


def test_the_address_for_the_reply_is_asked_only_of_whom_has_not_given_it(visitor: Visitor) -> None:
    draft = visitor.filled()
    page = visitor.send(draft + "how/", HOW | {"wanted_way": "post"})
    assert "您选择了邮寄答复，请填写通信地址。" in words(page)
    visitor.send(draft + "how/", HOW | {"wanted_way": "post", "address": "东山区工农路1号"})
    assert visitor.path == draft + "check/"
    assert 'id="id_address"' not in text(visitor.get(draft + "how/"))


def test_sending_twice_makes_one_case_and_shows_the_same_receipt(visitor: Visitor) -> None:
    draft = visitor.filled()
    first = visitor.send(draft + "check/", {})
    second = visitor.send(draft + "check/", {})
    assert shown_code(first) == shown_code(second)
    assert Case.objects.count() == 1


def test_a_draft_that_was_sent_cannot_be_changed(visitor: Visitor) -> None:
    draft = visitor.filled()
    visitor.send(draft + "check/", {})
    visitor.send(draft + "what/", {"content": "另一件事"})
    assert visitor.path == draft + "receipt/"
    assert Case.objects.get().content == WHAT["content"]
    assert "另一件事" not in Draft.objects.get().answers.values()


def test_the_query_code_is_shown_for_half_an_hour(visitor: Visitor, now: Traveller) -> None:
    _case, code = visitor.applied()
    receipt = visitor.path
    now.shift(31 * 60)
    page = words(visitor.get(receipt))
    assert code not in page
    assert "查询码只在提交后的半小时内显示" in page


def test_an_office_is_found_by_part_of_its_name(visitor: Visitor) -> None:
    page = words(visitor.get("/apply/", q="东山 民政局"))
    assert "东山区民政局" in page
    assert "淮安市" not in page


def test_an_office_outside_the_regulation_is_named_but_cannot_be_chosen(visitor: Visitor) -> None:
    Agency.objects.create(code="230406-GS", name="东山区自来水公司", applies_regulation=False)
    page = words(visitor.get("/apply/", q="自来水"))
    assert "下列单位不适用《政府信息公开条例》" in page
    assert "请选择一个机关。" in words(visitor.send("/apply/", {"agency": "230406-GS"}))
    assert not Draft.objects.exists()


def test_an_office_merged_into_another_before_the_draft_was_sent_is_refused_in_a_sentence(
    visitor: Visitor, players: cast.Cast
) -> None:
    draft = visitor.filled("230406-MZ")
    players.civil.successor = players.dongshan
    players.civil.save()
    page = visitor.send(draft + "check/", {})
    assert "东山区民政局不受理政府信息公开申请" in words(page)
    assert not Case.objects.exists()


@pytest.mark.parametrize("step", ["kind", "who", "what", "how", "check", "receipt", "office"])
def test_an_unknown_draft_is_not_found(visitor: Visitor, step: str) -> None:
    assert visitor.get(f"/apply/{'x' * 32}/{step}/").status_code == 404


def test_no_page_of_a_draft_may_be_kept_by_a_cache(visitor: Visitor) -> None:
    draft = visitor.filled()
    assert "no-store" in visitor.get(draft + "check/").headers["Cache-Control"]
