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
from casework.actions.application import LONGEST_CONTENT, Application, Attorney, Fellow, fellows_of
from casework.actions.intake import ORAL_CHANNELS, Forwarding
from casework.desk.forms.acts import DeskForm, date_field, files, read_lazily
from casework.fields import Choice, Email, Line, Lines, Name, Phone
from casework.law import clock
from casework.law.outcomes import KINDS, ApplicantKind
from casework.law.refusals import Refused
from casework.models import Agency, Arrival, Draft, Form, IdentityKind, Staff, Way
from casework.templatetags.words import read


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
    forwarded_by = Line(
        label=_("转送机关"), help_text=_("其他机关转来的，填写该机关的名称。"), limit=200, required=False
    )
    forwarded_on = date_field(_("转送日期"), hint=_("只作记录，以转到本机关之日为收到之日。"), required=False)
    oral = forms.BooleanField(label=_("口头提出，由本机关代为填写（条例 29(1)）"), required=False)
    read_back = forms.BooleanField(label=_("已经向申请人宣读，申请人确认无误"), required=False)
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

    fellows = Lines(
        label=_("共同申请人"),
        help_text=_("每行一人：姓名，证件号码，联系方式。共同申请是一件，按牵头申请人统计。"),
        limit=20_000,
        required=False,
        rows=3,
    )
    agent_name = Name(label=_("代理人"), limit=200, required=False, widget=forms.TextInput(attrs={"class": "middle"}))
    agent_identity_kind = forms.ChoiceField(
        label=_("代理人的身份证明"), choices=[("", _("没有提供")), *IdentityKind.choices], required=False
    )
    agent_identity_number = Line(
        label=_("代理人的证件号码"),
        limit=60,
        required=False,
        asked=True,
        widget=forms.TextInput(attrs={"class": "middle number", "autocomplete": "off", "spellcheck": "false"}),
    )
    agent_phone = Phone(
        label=_("代理人的电话"), limit=40, required=False, widget=forms.TextInput(attrs={"class": "middle"})
    )
    agent_scope = Line(label=_("代理权限"), limit=300, required=False)
    agent_until = date_field(_("委托期限至"), required=False)
    authority = files(_("授权委托书"))

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
        (
            _("收到"),
            (
                *("agency", "arrived_on", "confirmed_on", "forwarded_by", "forwarded_on"),
                *("oral", "read_back", "number"),
            ),
        ),
        (
            _("申请人"),
            (
                *("applicant_kind", "name", "contact_person", "identity_kind", "identity_number"),
                *("phone", "email", "address", "contact", "fellows"),
            ),
        ),
        (
            _("代理人"),
            (
                *("agent_name", "agent_identity_kind", "agent_identity_number", "agent_phone"),
                *("agent_scope", "agent_until", "authority"),
            ),
        ),
        (_("申请的信息"), ("subject", "content", "wanted_form", "wanted_way", "uploads", "note")),
    )

    def __init__(
        self,
        *args: Any,
        by: Staff,
        channel: clock.Channel,
        on: date,
        arrival: Arrival | None = None,
        draft: Draft | None = None,
        **kwargs: Any,
    ) -> None:
        self.channel, self.today, self.arrival = channel, on, arrival
        super().__init__(*args, **kwargs)
        agencies = registrable(by)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.initial.setdefault("arrived_on", on.isoformat())
        if len(only := agencies[:2]) == 1:
            self._settle("agency", only[0])
        if not channel.needs_confirmation:
            del self.fields["confirmed_on"]
        if channel is not clock.Channel.OTHER:
            del self.fields["forwarded_by"], self.fields["forwarded_on"]
        if channel not in ORAL_CHANNELS:
            del self.fields["oral"], self.fields["read_back"]
        if arrival is not None:
            self._begin_with(arrival)
        if draft is not None:
            self._join(draft)

    def _settle(self, name: str, value: Any) -> None:
        """What is known is shown and can't be typed otherwise."""
        self.initial[name] = value
        self.fields[name].disabled = True

    def _begin_with(self, arrival: Arrival) -> None:
        """What the mail room wrote down; of a forwarded application also what the applicant had written."""
        self._settle("agency", arrival.agency)
        self._settle("arrived_on", arrival.arrived_on)
        given = arrival.handed_on
        shown = {name: value for name, value in given.items() if name in self.fields and "identity" not in name}
        self.initial = {**self.initial, "name": arrival.sender, **shown}
        for name in ("oral", "read_back", *(["confirmed_on"] if arrival.forwarded_by else [])):
            self.fields.pop(name, None)  # what lay in the mail room was not spoken, what was forwarded is not confirmed
        if arrival.forwarded_by:
            self._settle("forwarded_by", arrival.forwarded_by)
            self._settle("forwarded_on", arrival.forwarded_on)

    def _join(self, draft: Draft) -> None:
        """What the applicant had typed before they printed it; the paper in hand is what holds (条例 29)."""
        self._settle("agency", draft.agency)
        shown = {name: value for name, value in draft.answers.items() if name in self.fields}
        self.initial = {**self.initial, **shown}

    def sections(self) -> Iterator[tuple[Promise, list[BoundField]]]:
        for heading, names in self.SECTIONS:
            yield heading, [self[name] for name in names if name in self.fields]

    def clean_identity_number(self) -> str:
        return self._with_kind("identity")

    def clean_agent_identity_number(self) -> str:
        return self._with_kind("agent_identity")

    def _with_kind(self, of: str) -> str:
        number: str = self.cleaned_data[f"{of}_number"]
        if number and not self.cleaned_data.get(f"{of}_kind"):
            raise ValidationError(gettext("填写了证件号码，请选择是哪一种证件。"))
        return number

    def clean_fellows(self) -> tuple[Fellow, ...]:
        try:
            return fellows_of(self.cleaned_data["fellows"], on=self.today)
        except Refused as refused:
            raise ValidationError(read(refused.sentence)) from refused

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("identity_kind") and not answers.get("identity_number") and "identity_number" not in self.errors:
            self.add_error("identity_number", gettext("请填写证件号码；没有提供的，身份证明选“没有提供”。"))
        of_agent = [name for name in self.fields if name.startswith("agent_") or name == "authority"]
        if not answers.get("agent_name") and any(answers.get(name) for name in of_agent):
            self.add_error("agent_name", gettext("请填写代理人的姓名。"))
        return answers

    def application(self) -> Application:
        answers = self.cleaned_data
        names = (
            *("applicant_kind", "name", "contact_person", "identity_kind", "identity_number", "note", "uploads"),
            *("phone", "email", "address", "contact", "subject", "content", "wanted_form", "wanted_way", "fellows"),
        )
        return Application(
            **{name: answers[name] for name in names},
            agent=self._agent(),
            authority=answers["authority"],
            is_oral=answers.get("oral", False),
            read_back=answers.get("read_back", False),
        )

    def _agent(self) -> Attorney | None:
        answers = self.cleaned_data
        names = ("name", "identity_kind", "identity_number", "phone", "scope", "until")
        return Attorney(**{name: answers[f"agent_{name}"] for name in names}) if answers["agent_name"] else None

    def receipt(self) -> clock.Receipt:
        answers = self.cleaned_data
        return clock.Receipt(self.channel, answers["arrived_on"], answers.get("confirmed_on"))

    def forwarding(self) -> Forwarding | None:
        by = self.cleaned_data.get("forwarded_by")
        return Forwarding(by=by, on=self.cleaned_data["forwarded_on"]) if by else None


def registrable(by: Staff) -> QuerySet[Agency]:
    """The agencies for which this person may register an application."""
    roles = access.VERBS[access.Verb.REGISTER].roles
    return Agency.objects.open_to_applications().filter(pk__in=access.agencies_where(by, roles))
