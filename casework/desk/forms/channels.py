"""Forms about the ways of messages: of an applicant, of a colleague, and of the agency's other systems."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from casework.desk.forms.acts import ActForm, DeskForm, Note, date_field
from casework.fields import Choice, Email, Line, Lines, Phone
from casework.models import Agency, Group, Preference, Staff, ToldBy
from casework.models import Choice as ChannelChoice
from casework.templatetags.words import read
from casework.webhooks import LONGEST_URL, TOPICS
from notifications.phone import mobile

read_lazily = lazy(read, str)

#: What is chosen for a group of notices: by which ways, and whether once a day.
WAYS: Final = {"email": _("电子邮件"), "sms": _("短信"), "daily": _("每天汇总一次")}


class ChangeContactForm(ActForm):
    """How the applicant is reached now."""

    phone = Phone(label=_("电话"), limit=40, required=False, asked=True)
    email = Email(label=_("电子邮箱"), required=False, asked=True)
    address = Line(label=_("通信地址"), limit=300, required=False, asked=True)
    told_by = Choice(label=_("通知方式"), choices=ToldBy.choices, missing=_("请选择通知方式。"))
    told_less = forms.BooleanField(
        label=_("申请人只要需要办理和影响期限的通知"), required=False, help_text=_("起算或者改变期限的通知总是发送。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        applicant = self.case.applicant
        self.initial = {**{name: getattr(applicant, name) for name in self.fields}, **self.initial}

    def notes(self) -> list[Note]:
        return [Note(gettext("没有送到的通知，保存后向新的联系方式重新发送。"))]


class TellOtherwiseForm(ActForm):
    """When and how the applicant was told of what had not arrived."""

    told_on = date_field(_("告知日期"))
    how = Lines(
        label=_("怎样告知的"),
        help_text=_("写明方式和告知的内容，例如：电话告知补正事项；补正告知书已经挂号寄出。"),
        missing=_("请写明怎样告知的。"),
        limit=1000,
        rows=4,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("told_on", self.today.isoformat())

    def notes(self) -> list[Note]:
        return [Note(gettext("期限从法律规定的告知之日起算；没有送到的通知不算告知。"), "warning")]


class PreferencesForm(DeskForm):
    """How one member of staff wants to be told. The inbox has no switch: one way always stays."""

    phone = Line(
        label=_("手机号码"),
        help_text=_("用于接收短信，只有本系统使用。"),
        limit=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle", "inputmode": "tel", "autocomplete": "tel"}),
    )
    language = Choice(label=_("通知的语言"), choices=Preference._meta.get_field("language").choices or ())
    quiet_from = forms.TimeField(label=_("免打扰开始"), widget=forms.TimeInput(format="%H:%M"))
    quiet_until = forms.TimeField(label=_("免打扰结束"), widget=forms.TimeInput(format="%H:%M"))
    quiet_rest_days = forms.BooleanField(label=_("休息日、节假日不打扰"), required=False)

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        self.preference = Preference.objects.filter(staff=by).first() or Preference(staff=by)
        self.by = by
        names = ("language", "quiet_from", "quiet_until", "quiet_rest_days")
        initial = {name: getattr(self.preference, name) for name in names} | {"phone": by.phone}
        super().__init__(*args, initial=initial, **kwargs)
        for name in ("quiet_from", "quiet_until"):
            self.fields[name].widget.attrs |= {"class": "short", "autocomplete": "off"}
            wrong = _("请填写时刻，例如 20:00。")
            self.fields[name].error_messages |= {"required": wrong, "invalid": wrong}
        kept = {choice.group: choice for choice in self.preference.choices.all()} if self.preference.pk else {}
        for group in Group:
            chosen = kept.get(group, ChannelChoice(group=group))
            for way, label in WAYS.items():
                self.fields[f"{group}_{way}"] = forms.BooleanField(label=label, required=False)
                self.initial[f"{group}_{way}"] = getattr(chosen, way)

    @property
    def rows(self) -> list[tuple[StrOrPromise, list[forms.BoundField]]]:
        """Each group with its three switches."""
        return [(group.label, [self[f"{group}_{way}"] for way in WAYS]) for group in Group]

    def clean_phone(self) -> str:
        written: str = self.cleaned_data["phone"]
        number = mobile(written)
        if written and not number:
            raise ValidationError(gettext("请填写手机号码，例如 13800138000。固定电话收不到短信。"))
        return number

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        texted = any(answers.get(f"{group}_sms") for group in Group)
        if texted and not answers.get("phone") and "phone" not in self.errors:
            self.add_error("phone", gettext("选择短信的，请填写手机号码。"))
        return answers

    def hours(self) -> dict[str, Any]:
        """What is kept beside the choices."""
        return {name: self.cleaned_data[name] for name in ("language", "quiet_from", "quiet_until", "quiet_rest_days")}

    def choices(self) -> dict[str, dict[str, bool]]:
        """Group → way → whether."""
        return {group.value: {way: self.cleaned_data[f"{group}_{way}"] for way in WAYS} for group in Group}


class WebhookForm(DeskForm):
    """Where another system of the agency is called, and about what."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("行政机关"),
        empty_label=None,
        error_messages={"required": _("请选择行政机关。"), "invalid_choice": _("请选择行政机关。")},
    )
    url = Line(
        label=_("接收地址"),
        help_text=_("以 https:// 开头的完整网址。"),
        missing=_("请填写接收地址。"),
        limit=LONGEST_URL,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    topics = forms.MultipleChoiceField(
        label=_("通知哪些事项"),
        choices=[(topic.value, read_lazily(words)) for topic, (words, _kinds) in TOPICS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一类事项。"), "invalid_choice": _("请至少选择一类事项。")},
    )

    def __init__(self, *args: Any, agencies: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.filter(pk__in=agencies)  # type: ignore[attr-defined]
