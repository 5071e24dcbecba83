"""The pages of an application, one question each: who I am, what I ask for, how I want it (条例 29(2))."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from casework.actions.application import LONGEST_CONTENT
from casework.fields import (
    Choice,
    Email,
    Line,
    Lines,
    Name,
    PersonalForm,
    address_field,
    no_contact,
    number_input,
    phone_field,
)
from casework.law.outcomes import KINDS, ApplicantKind
from casework.law.words import Text
from casework.models.applicant import IdentityKind, ToldBy
from casework.models.case import Form, Way
from notifications.phone import mobile


def read(text: Text) -> str:
    return text.read_in(get_language())


read_lazily = lazy(read, str)


class Page(forms.Form):
    """One page of the journey. ``on`` is the day on which it is answered."""

    use_required_attribute = False

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **kwargs)

    def narrow(self, name: str, *, alone: bool) -> None:
        """Leave one question of the page, judged with the others. ``alone``: no other is asked after it."""
        errors = self.errors
        for each in [each for each in self.fields if each != name]:
            del self.fields[each]
            errors.pop(each, None)


class KindPage(Page):
    """Which of the six kinds of applicants: the columns of table 三."""

    applicant_kind = Choice(
        label=_("您以什么身份申请？"),
        heading=_("申请人类型"),
        help_text=_("年度报告按申请人的类型统计。申请人的类型不影响办理。"),
        missing=_("请选择您以什么身份申请。"),
        choices=[(kind.value, read_lazily(row.words)) for kind, row in KINDS.items()],
        explained={kind.value: read_lazily(row.explained) for kind, row in KINDS.items()},
    )


class WhoPage(PersonalForm, Page):
    """Name, proof of identity and contact."""

    def narrow(self, name: str, *, alone: bool) -> None:
        missing = self.has_error("phone", code="no_contact")
        super().narrow(name, alone=alone)
        if not missing:
            return
        # whether there is any way of reaching the applicant is known only with the last of them
        self.errors.pop("phone", None)
        if name == self.CONTACTS[-1] or (alone and name in self.CONTACTS):
            self.add_error(name, no_contact())


#: What an address is for.
_BY_POST = _("选择邮寄答复的，请写明邮政编码、省市县和门牌号。")


class PersonPage(WhoPage):
    """A natural person."""

    name = Name(
        label=_("姓名"),
        help_text=_("与身份证件一致。"),
        missing=_("请填写姓名。"),
        limit=100,
        widget=forms.TextInput(attrs={"class": "middle", "autocomplete": "name"}),
    )
    identity_kind = Choice(
        label=_("身份证件"),
        missing=_("请选择身份证件的种类。"),
        choices=[
            (IdentityKind.RESIDENT.value, _("居民身份证")),
            (IdentityKind.OTHER.value, _("其他证件（护照、军官证、居留证等）")),
        ],
    )
    identity_number = Line(
        label=_("证件号码"),
        help_text=_("法律要求申请人提供身份证明。号码加密保存，不向第三方提供。"),
        missing=_("请填写证件号码。"),
        limit=60,
        widget=number_input(),
    )
    phone = phone_field()
    email = Email(label=_("电子邮箱"), required=False, asked=True)
    address = address_field(_BY_POST)


class OrganisationPage(WhoPage):
    """A legal person or another organisation."""

    name = Name(
        label=_("单位名称"),
        help_text=_("与营业执照、登记证书一致。"),
        missing=_("请填写单位名称。"),
        limit=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    identity_kind = Choice(
        label=_("登记证照"),
        missing=_("请选择登记证照的种类。"),
        choices=[
            (IdentityKind.CREDIT_CODE.value, _("统一社会信用代码")),
            (IdentityKind.OTHER.value, _("其他登记证号（没有统一社会信用代码的）")),
        ],
    )
    identity_number = Line(
        label=_("证照号码"),
        missing=_("请填写统一社会信用代码或者其他登记证号。"),
        limit=60,
        widget=number_input(),
    )
    contact_person = Name(
        label=_("联系人姓名"),
        missing=_("请填写联系人姓名。"),
        limit=80,
        widget=forms.TextInput(attrs={"class": "middle", "autocomplete": "name"}),
    )
    phone = phone_field()
    email = Email(label=_("电子邮箱"), required=False, asked=True)
    address = address_field(_BY_POST)


def who_page(kind: str) -> type[WhoPage]:
    """The page for a kind of applicant; a person's while the kind is not said yet."""
    return PersonPage if kind in ("", ApplicantKind.NATURAL_PERSON) else OrganisationPage


class WhatPage(Page):
    """Name, document number or other features by which the information can be found; never the purpose (条例 27)."""

    subject = Line(
        label=_("信息的名称或者文号"),
        help_text=_("知道的话请填写，例如：东政发〔2023〕5号，或者《××路改造工程环境影响评价批复》。"),
        limit=300,
        required=False,
    )
    content = Lines(
        label=_("您要的是什么信息？"),
        heading=_("申请内容"),
        help_text=_("请写便于查找的特征：什么事情、什么地方、什么时间、哪个部门形成、什么种类的文件。"),
        missing=_("请写明您要的是什么信息。"),
        limit=LONGEST_CONTENT,
    )


class HowPage(Page):
    """The form and the way in which the information is wanted (条例 29(2)(三), 40)."""

    wanted_form = Choice(
        label=_("您希望得到什么形式的信息？"),
        heading=_("信息的形式"),
        missing=_("请选择信息的形式。"),
        choices=Form.choices,
        explained={
            Form.ELECTRONIC.value: _("PDF 等文件，可以下载保存。"),
            Form.PAPER.value: _("复印件，邮寄或者自行领取。"),
            Form.INSPECTION.value: _("到行政机关查看原件、抄录，时间由双方商定。"),
        },
    )
    wanted_way = Choice(
        label=_("您希望怎样收到答复？"),
        heading=_("收到答复的方式"),
        missing=_("请选择怎样收到答复。"),
        choices=Way.choices,
        explained={
            Way.ONLINE.value: _("凭登记编号和查询码在本网站查看、下载。"),
            Way.EMAIL.value: _("发送到您填写的电子邮箱。"),
            Way.POST.value: _("由邮政企业寄到您填写的通信地址。"),
            Way.PICK_UP.value: _("到行政机关领取，当面签收。"),
        },
    )
    email = Email(label=_("电子邮箱"), help_text=_("选择电子邮件的，请填写。"), required=False, asked=True)
    address = Line(
        label=_("通信地址"),
        help_text=_("选择邮寄的，请写明邮政编码、省市县和门牌号。"),
        limit=300,
        required=False,
        asked=True,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    told_by = Choice(
        label=_("办理过程中怎样通知您？"),
        heading=_("通知方式"),
        help_text=_("短信只发给手机号码，夜间不发。"),
        required=False,
        asked=True,
        choices=ToldBy.choices,
        initial=ToldBy.EMAIL,
    )

    def __init__(self, *args: Any, given: dict[str, Any], **kwargs: Any) -> None:
        """``given`` are the answers of the other pages: what was given there is not asked again."""
        super().__init__(*args, **kwargs)
        self.given = given
        for name in ("email", "address"):
            if given.get(name):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        way, form = answers.get("wanted_way"), answers.get("wanted_form")
        if way == Way.EMAIL and not self._has("email", answers):
            self.add_error("email", gettext("您选择了用电子邮件收到答复，请填写电子邮箱。"))
        if way == Way.POST and not self._has("address", answers):
            self.add_error("address", gettext("您选择了邮寄答复，请填写通信地址。"))
        if form == Form.PAPER and way in (Way.ONLINE, Way.EMAIL):
            raise_on = gettext("纸质复印件不能从网上发送。请选择邮寄或者自行领取，或者改选电子文件。")
            self.add_error("wanted_way", ValidationError(raise_on, code="mismatch"))
        if answers.get("told_by") in (ToldBy.SMS, ToldBy.BOTH) and not mobile(self.given.get("phone", "")):
            self.add_error("told_by", gettext("选择短信的，请先在“申请人”一页填写手机号码。固定电话收不到短信。"))
        return answers

    def _has(self, name: str, answers: dict[str, Any]) -> bool:
        return bool(self.given.get(name) or answers.get(name) or name in self.errors)
