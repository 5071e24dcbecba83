"""``Application.checked``: every field of an application against what people and machines put into it."""

from datetime import date
from typing import Any

import pytest

from casework.actions import intake
from casework.actions.application import LONGEST_CONTENT, Application
from casework.actions.files import Upload
from casework.law.clock import Channel, Receipt
from casework.law.outcomes import ApplicantKind
from casework.law.refusals import Refused
from casework.models import Agency, Applicant, Case, Document, Draft, Event, NumberSeries
from notifications.models import Message
from tests.cast import CREDIT_CODE, RESIDENT_NUMBER, Cast, application, moment, registered

TODAY = date(2026, 11, 18)


def checked(**changes: Any) -> Application:
    return application(**changes).checked(on=TODAY)


KEPT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "as most are": ({}, {"name": "张三", "applicant_kind": ApplicantKind.NATURAL_PERSON}),
    "blanks around a name": ({"name": "\u3000张三 "}, {"name": "张三"}),
    "a name broken over two lines": ({"name": "东山区惠民\n法律服务所"}, {"name": "东山区惠民 法律服务所"}),
    "a rare name": ({"name": "𠮷㼆\ue863"}, {"name": "𠮷㼆\ue863"}),
    "a name with a middle dot": ({"name": "阿卜杜拉·买买提"}, {"name": "阿卜杜拉·买买提"}),
    "a content of several lines": ({"content": "一、\r\n二、"}, {"content": "一、\n二、"}),
    "the longest content": ({"content": "字" * LONGEST_CONTENT}, {"content": "字" * LONGEST_CONTENT}),
    "an emoji in the content": ({"content": "请公开😀"}, {"content": "请公开😀"}),
    "a kind by its key": ({"applicant_kind": "business"}, {"applicant_kind": ApplicantKind.BUSINESS}),
    "a number with a small x": ({"identity_number": RESIDENT_NUMBER.lower()}, {"identity_number": RESIDENT_NUMBER}),
    "a number in full-width digits and groups": (
        {"identity_number": "１１０１０５ 19491231 002X"},
        {"identity_number": RESIDENT_NUMBER},
    ),
    "a credit code": (
        {"identity_kind": "credit_code", "identity_number": CREDIT_CODE.lower()},
        {"identity_number": CREDIT_CODE},
    ),
    "another paper": (
        {"identity_kind": "other", "identity_number": " G12345678 "},
        {"identity_number": "G12345678"},
    ),
    "no paper": ({"identity_kind": "", "identity_number": "  "}, {"identity_number": ""}),
    "no e-mail": ({"email": "  "}, {"email": ""}),
    "an e-mail": ({"email": " zhang@example.com "}, {"email": "zhang@example.com"}),
}


@pytest.mark.parametrize(("typed", "stored"), KEPT.values(), ids=KEPT)
def test_an_application_is_kept_as_it_was_meant(typed: dict[str, Any], stored: dict[str, Any]) -> None:
    found = checked(**typed)
    assert {name: getattr(found, name) for name in stored} == stored


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no such kind": ({"applicant_kind": "martian"}, "applicant_kind"),
    "no kind": ({"applicant_kind": ""}, "applicant_kind"),
    "a blank name": ({"name": "\u3000 "}, "name"),
    "a name of nothing that shows": ({"name": "\u200b\u3164"}, "name"),
    "a name with NUL": ({"name": "张\0三"}, "name"),
    "a name turned round": ({"name": "张\u202e三"}, "name"),
    "half a character in a name": ({"name": "张\ud842"}, "name"),
    "a name of 201 characters": ({"name": "张" * 201}, "name"),
    "a blank content": ({"content": "\n\n"}, "content"),
    "a content one too long": ({"content": "字" * (LONGEST_CONTENT + 1)}, "content"),
    "a content of ten megabytes": ({"content": "a" * 10_000_000}, "content"),
    "a content with an escape": ({"content": "a\x1b[2Jb"}, "content"),
    "a subject of 301 characters": ({"subject": "字" * 301}, "subject"),
    "a contact person too long": ({"contact_person": "字" * 81}, "contact_person"),
    "a phone too long": ({"phone": "1" * 41}, "phone"),
    "an address with a bell": ({"address": "东山路\x071号"}, "address"),
    "an address too long": ({"address": "路" * 301}, "address"),
    "another contact too long": ({"contact": "a" * 301}, "contact"),
    "a note too long": ({"note": "a" * (LONGEST_CONTENT + 1)}, "note"),
    "no e-mail address": ({"email": "zhang"}, "email"),
    "two e-mail addresses": ({"email": "a@example.com,b@example.com"}, "email"),
    "an e-mail with a header after it": ({"email": "a@example.com\nBcc: b@example.com"}, "email"),
    "an e-mail too long": ({"email": "a" * 250 + "@example.com"}, "email"),
    "no such form": ({"wanted_form": "stone"}, "wanted_form"),
    "no such way": ({"wanted_way": "pigeon"}, "wanted_way"),
    "no such paper": ({"identity_kind": "x" * 500, "identity_number": ""}, "identity_kind"),
    "a number without its paper": ({"identity_kind": "", "identity_number": RESIDENT_NUMBER}, "identity_kind"),
    "a wrong check digit": ({"identity_number": "110105194912310021"}, "identity_number"),
    "two digits changed over": ({"identity_number": "11010519491231020X"}, "identity_number"),
    "seventeen digits": ({"identity_number": RESIDENT_NUMBER[:-1]}, "identity_number"),
    "a birthday that never was": ({"identity_number": "110105194902300029"}, "identity_number"),
    "a birthday to come": ({"identity_number": "110105299912310029"}, "identity_number"),
    "digits of another script": ({"identity_number": "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X"}, "identity_number"),
    "a number of a megabyte": ({"identity_number": "1" * 1_000_000}, "identity_number"),
    "a number under a pile of marks": ({"identity_number": "1" + "\u0301\u0316" * 20}, "identity_number"),
    "a wrong credit code": (
        {"identity_kind": "credit_code", "identity_number": CREDIT_CODE[:-1] + "A"},
        "identity_number",
    ),
    "a credit code with the letter O": (
        {"identity_kind": "credit_code", "identity_number": "9111O000600037341L"},
        "identity_number",
    ),
    "another paper with NUL": ({"identity_kind": "other", "identity_number": "G1\0"}, "identity_number"),
    "another paper of 61 characters": ({"identity_kind": "other", "identity_number": "G" * 61}, "identity_number"),
}


@pytest.mark.parametrize(("typed", "field"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_right_is_refused_at_its_field(typed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked(**typed)
    assert refusal.value.field == field
    assert refusal.value.sentence.zh
    assert refusal.value.sentence.en != refusal.value.sentence.zh


def everything_stored() -> list[int]:
    return [model._default_manager.count() for model in (Applicant, Case, Event, Message, NumberSeries)]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [row[0] for row in REFUSED.values()], ids=REFUSED)
def test_a_refused_application_leaves_nothing_and_takes_no_number(players: Cast, typed: dict[str, Any]) -> None:
    draft = Draft.open(at=moment(TODAY), agency=players.dongshan)
    before = everything_stored()
    with pytest.raises(Refused):
        intake.submit(draft, application(**typed), query_code="ABCD", at=moment(TODAY))
    with pytest.raises(Refused):
        intake.register(
            players.dongshan,
            application(**typed),
            Receipt(Channel.IN_PERSON, TODAY),
            by=players.wang,
            at=moment(TODAY),
        )
    assert everything_stored() == before
    assert Draft.objects.get().case is None
    assert intake.submit(draft, application(), query_code="ABCD", at=moment(TODAY)).case.number.endswith("-00001")


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["收字\0一号", "号" * 81, "\u202e号"])
def test_a_number_that_cannot_be_stored_is_refused_at_its_field(players: Cast, number: str) -> None:
    with pytest.raises(Refused) as refusal:
        intake.register(
            players.dongshan,
            application(),
            Receipt(Channel.IN_PERSON, TODAY),
            by=players.wang,
            at=moment(TODAY),
            number=number,
        )
    assert refusal.value.field == "number"
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_the_same_typed_number_serves_once_a_year(players: Cast) -> None:
    def register(on: date, number: str) -> Case:
        receipt = Receipt(Channel.IN_PERSON, on)
        return intake.register(
            players.dongshan, application(), receipt, by=players.wang, at=moment(TODAY), number=number
        ).case

    assert register(date(2026, 3, 2), "依申请〔2026〕7号").number == "依申请〔2026〕7号"
    assert register(date(2025, 3, 3), "依申请〔2026〕7号").year == 2025
    with pytest.raises(Refused, match="已经用过"):
        register(date(2026, 3, 3), "依申请〔2026〕7号")


@pytest.mark.django_db
def test_a_number_of_the_series_that_somebody_typed_is_passed_over(players: Cast) -> None:
    agency: Agency = players.dongshan
    receipt = Receipt(Channel.IN_PERSON, TODAY)

    def register(number: str = "") -> str:
        made = intake.register(agency, application(), receipt, by=players.wang, at=moment(TODAY), number=number)
        return made.case.number

    assert register() == "230406-2026-00001"
    assert register("230406-2026-00002") == "230406-2026-00002"
    assert register() == "230406-2026-00003"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["uploads", "authority"])
def test_a_scan_of_a_hundred_megabytes_is_refused_with_the_limit_and_nothing_is_stored(
    players: Cast, kind: str
) -> None:
    scan: dict[str, Any] = {kind: (Upload("申请书扫描件.pdf", bytes(100 * 2**20)),)}
    with pytest.raises(Refused, match="超过20 MB") as refusal:
        registered(players, on=TODAY, **scan)
    assert refusal.value.field == "files"
    assert not Case.objects.exists()
    assert not Applicant.objects.exists()
    assert not Document.objects.exists()
