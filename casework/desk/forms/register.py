"""What is registered of a paper, oral, faxed or mailed application (条例 29, 31)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.actions.intake import LONGEST_CONTENT, Application
from casework.desk.forms.acts import DeskForm, date_field, files, read_lazily
from casework.fields import Choice, Email, Line, Lines, Name, Phone
from casework.law import clock
from casework.law.outcomes import KINDS, ApplicantKind
from casework.models import Agency, Form, IdentityKind, Staff, Way


class RegisterForm(DeskForm):
    """One application by one channel, which decides the dates that are asked for."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("受理机关"),
        empty_label=None,
        error_messages={"required": _("请选择受理机关。"), "invalid_choice": _("没有这个机关，请重新选择。")},
    )
    arrived_on = date_field(_("到达日期"))
    confirmed_on = date_field(
        _("与申请人确认的日期"), hint=_("还没有确认的不填，暂以到达之日为收到之日。"), required=False
    )
    oral = forms.BooleanField(label=_("口头提出，由本机关代为填写（条例 29(1)），已经向申请人宣读"), required=False)
    number = Line(
        label=_("登记编号"),
        help_text=_("不填的由系统编号。"),
        limit=80,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle number", "autocomplete": "off"}),
    )

    applicant_kind = Choice(
        label=_("申请人类型"),
        help_text=_("按申请人本人，不按代理人：律师代理个人的，是自然人。"),
        missing=_("请选择申请人类型。"),
        choices=[(kind.value, read_lazily(row.words)) for kind, row in KINDS.items()],
        explained={
            kind.value: read_lazily(row.explained)
            for kind, row in KINDS.items()
            if kind is not ApplicantKind.NATURAL_PERSON
        },
    )
    name = Name(label=_("姓名或者名称"), missing=_("请填写申请人的姓名或者名称。"), limit=200)
    contact_person = Line(
        label=_("联系人"), limit=80, required=False, widget=forms.TextInput(attrs={"class": "middle"})
    )
    identity_kind = Choice(
        label=_("身份证明"),
        choices=[("", _("没有提供")), *IdentityKind.choices],
        required=False,
        asked=True,
    )
    identity_number = Line(
        label=_("证件号码"),
        help_text=_("当场核对校验位。加密保存。"),
        limit=60,
        required=False,
        asked=True,
        widget=forms.TextInput(attrs={"class": "middle number", "autocomplete": "off", "spellcheck": "false"}),
    )
    phone = Phone(label=_("电话"), limit=40, required=False, widget=forms.TextInput(attrs={"class": "middle"}))
    email = Email(label=_("电子邮箱"), required=False)
    address = Line(label=_("通信地址"), limit=300, required=False)
    contact = Line(label=_("其他联系方式"), limit=300, required=False)

    subject = Line(label=_("信息的名称、文号或者其他特征"), limit=300, required=False)
    content = Lines(
        label=_("申请内容"),
        help_text=_("照申请书原文录入。"),
        missing=_("请填写申请内容。"),
        limit=LONGEST_CONTENT,
    )
    wanted_form = Choice(label=_("提供形式"), choices=[("", _("没有写明")), *Form.choices], required=False, asked=True)
    wanted_way = Choice(label=_("获取方式"), choices=[("", _("没有写明")), *Way.choices], required=False, asked=True)
    note = Lines(label=_("备注"), help_text=_("只供内部查看。"), limit=LONGEST_CONTENT, required=False, rows=3)
    uploads = files(_("申请材料"))

    SECTIONS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
        (_("收到"), ("agency", "arrived_on", "confirmed_on", "oral", "number")),
        (
            _("申请人"),
            (
                *("applicant_kind", "name", "contact_person", "identity_kind", "identity_number"),
                *("phone", "email", "address", "contact"),
            ),
        ),
        (_("申请的信息"), ("subject", "content", "wanted_form", "wanted_way", "uploads", "note")),
    )

    def __init__(self, *args: Any, by: Staff, channel: clock.Channel, on: date, **kwargs: Any) -> None:
        self.channel = channel
        super().__init__(*args, **kwargs)
        agencies = registrable(by)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.initial.setdefault("arrived_on", on.isoformat())
        if len(only := agencies[:2]) == 1:
            self.initial["agency"] = only[0]
            self.fields["agency"].disabled = True
        if not channel.needs_confirmation:
            del self.fields["confirmed_on"]
        if channel is not clock.Channel.IN_PERSON:
            del self.fields["oral"]

    def sections(self) -> Iterator[tuple[Promise, list[BoundField]]]:
        for heading, names in self.SECTIONS:
            yield heading, [self[name] for name in names if name in self.fields]

    def clean_identity_number(self) -> str:
        number: str = self.cleaned_data["identity_number"]
        if number and not self.cleaned_data.get("identity_kind"):
            raise ValidationError(gettext("填写了证件号码，请选择是哪一种证件。"))
        return number

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("identity_kind") and not answers.get("identity_number") and "identity_number" not in self.errors:
            self.add_error("identity_number", gettext("请填写证件号码；没有提供的，身份证明选“没有提供”。"))
        return answers

    def application(self) -> Application:
        answers = self.cleaned_data
        note = answers["note"]
        if answers.get("oral"):
            note = f"{ORAL}\n{note}".strip()
        names = (
            *("applicant_kind", "name", "contact_person", "identity_kind", "identity_number"),
            *("phone", "email", "address", "contact", "subject", "content", "wanted_form", "wanted_way"),
        )
        return Application(**{name: answers[name] for name in names}, note=note, uploads=answers["uploads"])

    def receipt(self) -> clock.Receipt:
        answers = self.cleaned_data
        return clock.Receipt(self.channel, answers["arrived_on"], answers.get("confirmed_on"))


#: What the register keeps of an oral application; in Chinese, as the register is.
ORAL = "口头申请，由工作人员代为填写，已向申请人宣读。"


def registrable(by: Staff) -> QuerySet[Agency]:
    """The agencies for which this person may register an application."""
    roles = access.VERBS[access.Verb.REGISTER].roles
    return Agency.objects.open_to_applications().filter(pk__in=access.agencies_where(by, roles))
