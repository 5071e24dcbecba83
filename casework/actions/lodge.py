"""An agency's own portal lodges an application for its applicant: the portal's verb, from a machine.

What this site's pages ask of an applicant (条例 29(2)) is asked of a machine as well.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from casework.law.calendar import day_of
from casework.law.outcomes import ApplicantKind
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import ApiToken, Draft, Form, IdentityKind, Lodgement, ToldBy, Way
from casework.models.querycode import new_code
from casework.reach import takes_text_messages

from . import intake
from .application import Application


@dataclass(frozen=True, slots=True)
class Lodged:
    """What came of it. ``query_code`` exists in clear only the first time."""

    lodgement: Lodgement
    query_code: str


def lodge(token: ApiToken, application: Application, *, key: str, at: datetime) -> Lodged:
    """File with the agency of the token, and let a key make one application for ever.

    The network is the channel, so the day on which it is sent is the day of receipt (条例 31(3)).
    """
    check_complete(application)
    index = hashlib.sha256(key.encode()).hexdigest()
    with transaction.atomic():
        if found := Lodgement.objects.select_related("case").filter(agency=token.agency_id, key=index).first():
            return Lodged(found, "")
        draft, code = Draft.open(agency=token.agency, at=at), new_code()
        made = intake.submit(draft, application.checked(on=day_of(at)), query_code=code, through=token.name, at=at)
        lodgement = Lodgement.objects.create(case=made.case, agency=token.agency, token=token, key=index)
    return Lodged(lodgement, code)


def check_complete(application: Application) -> None:
    """Refuse an application that lacks what 条例 29(2) asks for, as the pages of this site do."""
    person = application.applicant_kind is ApplicantKind.NATURAL_PERSON
    fitting = {IdentityKind.RESIDENT if person else IdentityKind.CREDIT_CODE, IdentityKind.OTHER}
    way, form, told_by = application.wanted_way, application.wanted_form, application.told_by
    for wrong, field, sentence in (
        (not any(map(str.isalpha, application.name)), "name", _NAME),
        (application.identity_kind not in fitting, "identity_kind", _KIND),
        (not application.identity_number.strip(), "identity_number", _NUMBER),
        (not person and not application.contact_person.strip(), "contact_person", _PERSON),
        (not (application.phone or application.email or application.address), "phone", _CONTACT),
        (bool(application.phone) and not _PHONE.fullmatch(application.phone), "phone", _NO_PHONE),
        (form not in Form.values, "wanted_form", _FORM),
        (way not in Way.values, "wanted_way", _WAY),
        (way == Way.EMAIL and not application.email, "email", _EMAIL),
        (way == Way.POST and not application.address, "address", _ADDRESS),
        (form == Form.PAPER and way in (Way.ONLINE, Way.EMAIL), "wanted_way", _PAPER),
        (told_by in (ToldBy.SMS, ToldBy.BOTH) and not takes_text_messages(application.phone), "told_by", _SMS),
    ):
        if wrong:
            raise Refused(sentence, law="条例 29(2)", field=field)


_PHONE: Final = re.compile(r"(?=(?:\D*\d){5,30}\D*$)[0-9+()\- ,;/转分机]+")
_NAME: Final = Text("请填写申请人的姓名或者名称。", "Give the name of the applicant.")
_KIND: Final = Text(
    "请填写与申请人类型相符的证件类型：公民为resident或者other，单位为credit_code或者other。",
    "Give a kind of document that fits: resident or other for a person, credit_code or other for an organisation.",
)
_NUMBER: Final = Text("请填写证件号码。", "Give the number of the document.")
_PERSON: Final = Text("单位申请的，请填写联系人姓名。", "For an organisation give a person to contact.")
_CONTACT: Final = Text(
    "请至少填写电话、电子邮箱、通信地址中的一项。", "Give at least one of telephone, e-mail and postal address."
)
_NO_PHONE: Final = Text("电话号码应当由数字组成。", "A telephone number is made of digits.")
_FORM: Final = Text("请填写信息的形式。", "Say in what form the information is wanted.")
_WAY: Final = Text("请填写收到答复的方式。", "Say by what way the reply is wanted.")
_EMAIL: Final = Text("选择用电子邮件收到答复的，请填写电子邮箱。", "A reply by e-mail needs an e-mail address.")
_ADDRESS: Final = Text("选择邮寄答复的，请填写通信地址。", "A reply by post needs a postal address.")
_PAPER: Final = Text(
    "纸质复印件不能从网上发送，请改为邮寄、自行领取，或者电子文件。",
    "Paper cannot be sent online; choose post or pick-up, or an electronic file.",
)
_SMS: Final = Text("选择短信通知的，请填写手机号码。", "Text messages need a mobile number.")
