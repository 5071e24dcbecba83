"""An applicant chooses how to be told: on the form, and later on the page of the case."""

import pytest

from casework.models import Event, Kind
from tests.portal.visitor import Visitor, text, words

NOTICES = "/follow/{}/notices/"


def test_the_choice_on_the_form_is_kept_with_the_application(visitor: Visitor) -> None:
    case, _code = visitor.applied(phone="138 0013 8000", told_by="both")
    assert case.applicant.told_by == "both"


def test_whoever_does_not_choose_is_mailed(visitor: Visitor) -> None:
    case, _code = visitor.applied()
    assert case.applicant.told_by == "email"


def test_on_the_form_text_messages_need_a_mobile_number(visitor: Visitor) -> None:
    draft = visitor.filled(phone="0468-8223344")
    page = visitor.send(draft + "how/", {"wanted_form": "electronic", "wanted_way": "online", "told_by": "sms"})
    assert "#id_told_by_0" in text(page)
    assert "请先在“申请人”一页填写手机号码" in text(page)


def test_on_the_page_of_the_case_the_choice_can_be_changed(visitor: Visitor) -> None:
    case, code = visitor.applied(phone="13800138000")
    visitor.opens(case, code)
    assert "怎样通知我" in words(visitor.get(f"/follow/{case.pk}/"))
    typed = {"told_by": "sms", "phone": "139 0013 9000", "email": "", "told_less": "on"}
    visitor.send(NOTICES.format(case.pk), typed)
    assert visitor.path == f"/follow/{case.pk}/"
    case.applicant.refresh_from_db()
    assert (case.applicant.told_by, case.applicant.phone, case.applicant.told_less) == ("sms", "139 0013 9000", True)
    event = Event.objects.get(kind=Kind.CONTACT_CHANGED)
    assert (event.actor, event.by) == ("applicant", None)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"told_by": "sms", "phone": "0468-8223344"}, "phone"),
        ({"told_by": ""}, "told_by"),
        ({"email": "no address"}, "email"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(visitor: Visitor, typed: dict[str, str], field: str) -> None:
    case, code = visitor.applied()
    visitor.opens(case, code)
    usual = {"told_by": "email", "phone": "13800138000", "email": ""}
    page = text(visitor.send(NOTICES.format(case.pk), {**usual, **typed}))
    assert f'href="#id_{field}' in page
    assert page.count('href="#id_') == 1
    assert not Event.objects.filter(kind=Kind.CONTACT_CHANGED).exists()


def test_without_the_query_code_nothing_can_be_chosen(visitor: Visitor) -> None:
    case, _code = visitor.applied()
    visitor.send(NOTICES.format(case.pk), {"told_by": "sms", "phone": "13900139000", "email": ""})
    assert visitor.path == "/follow/"
    assert not Event.objects.filter(kind=Kind.CONTACT_CHANGED).exists()
