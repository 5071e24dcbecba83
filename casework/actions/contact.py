"""How the applicant is reached: changed contact details, and what was told otherwise because it did not arrive."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from casework.access import Verb, check_may
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Actor, Applicant, Case, Event, Kind, Staff, ToldBy
from casework.notices import check_texted, send_again_about, settle_about

from .record import check_day, clean, happened


def change_contact(
    case: Case,
    *,
    phone: str,
    email: str,
    address: str,
    told_by: str,
    told_less: bool,
    by: Staff,
    at: datetime,
) -> Event:
    """The office writes down how the applicant is reached now; what had not arrived is sent again to there."""
    check_may(by, Verb.CHANGE_CONTACT, case)
    facts = {"phone": phone, "email": email, "address": address, "told_by": told_by, "told_less": told_less}
    return _changed(case, facts, actor=Actor.STAFF, by=by, at=at)


def choose_notices(case: Case, *, phone: str, email: str, told_by: str, told_less: bool, at: datetime) -> Event:
    """The applicant says by which ways they want to hear; who opened the case with its query code may."""
    facts = {
        "phone": phone,
        "email": email,
        "address": case.applicant.address,
        "told_by": told_by,
        "told_less": told_less,
    }
    return _changed(case, facts, actor=Actor.APPLICANT, by=None, at=at)


def tell_otherwise(case: Case, *, told_on: date, how: str, by: Staff, at: datetime) -> Event:
    """The applicant was told in another way of what had not arrived: by telephone, by post, in person."""
    check_may(by, Verb.TELL_OTHERWISE, case)
    check_day(told_on, "told_on", at=at, not_before=case.received_on)
    how = clean(how, "how", longest=1000)
    with transaction.atomic():
        case.save()
        settle_about(case, at=at)
        payload = {"told_on": told_on.isoformat(), "how": how}
        return happened(case, Kind.TOLD_OTHERWISE, by=by, at=at, on=told_on, payload=payload)


def _changed(case: Case, facts: dict[str, Any], *, actor: Actor, by: Staff | None, at: datetime) -> Event:
    _check(facts)
    applicant = case.applicant
    for name, value in facts.items():
        setattr(applicant, name, value)
    with transaction.atomic():
        case.save()
        Applicant.objects.filter(pk=applicant.pk).update(**facts)
        event = happened(case, Kind.CONTACT_CHANGED, by=by, at=at, actor=actor)
        send_again_about(case, at=at)
        return event


def _check(facts: dict[str, Any]) -> None:
    """Clean the details in place. One way to the applicant has to be left (条例 29(2)(一))."""
    for name, longest in (("phone", 40), ("email", 254), ("address", 300)):
        facts[name] = clean(facts[name], name, longest=longest, required=False, lines=False)
    if facts["email"]:
        try:
            validate_email(facts["email"])
        except ValidationError:
            raise Refused(
                Text(
                    "电子邮箱地址的格式不对，例如 name@example.com。",
                    "Give an e-mail address such as name@example.com.",
                ),
                field="email",
            ) from None
    if facts["told_by"] not in ToldBy.values:
        raise Refused(Text("没有这个选项，请重新选择。", "There is no such choice; choose again."), field="told_by")
    check_texted(facts["told_by"], facts["phone"])
    if not (facts["phone"] or facts["email"] or facts["address"]):
        raise Refused(
            Text("请至少留下一种联系方式。", "Leave at least one way to reach the applicant."),
            law="条例 29",
            field="phone",
        )
