"""The form of a request to correct what an organ records about oneself (条例 41)."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from casework.actions.correction import LONGEST_RECORD, LONGEST_TEXT, Request
from casework.fields import Choice, Email, Files, Line, Lines, Name, Phone
from casework.law.identity import check_credit_code, check_other_number, check_resident_number
from casework.law.refusals import Refused
from casework.models import Agency, IdentityKind


class CorrectionForm(forms.Form):
    """Who asks, which record, what is wrong, what would be right, and by what that is shown."""

    use_required_attribute = False

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        to_field_name="code",
        label=_("向哪个机关提出？"),
        help_text=_("请选择记录有误的机关。它无权更正的，会转送有权更正的机关，或者告诉您该找谁。"),
        empty_label=_("请选择"),
        error_messages={"required": _("请选择一个机关。"), "invalid_choice": _("请选择一个机关。")},
    )
    record = Line(
        label=_("哪一项记录"),
        help_text=_("例如：行政处罚决定公示、企业登记信息、补贴发放名单。写明文件名称、文号或者网页地址。"),
        missing=_("请写明是哪一项记录。"),
        limit=LONGEST_RECORD,
    )
    wrong = Lines(label=_("记录现在怎样写，哪里不准确"), missing=_("请写明哪里不准确。"), limit=LONGEST_TEXT, rows=4)
    right = Lines(label=_("应当更正为"), missing=_("请写明应当更正为什么。"), limit=LONGEST_TEXT, rows=4)
    grounds = Lines(
        label=_("有什么证据"),
        help_text=_("例如：身份证件、判决书、登记证明。说明每份材料证明什么。"),
        missing=_("请说明有什么证据。"),
        limit=LONGEST_TEXT,
        rows=4,
    )
    evidence = Files(label=_("证据文件"), help_text=_("扫描件或者照片，可以选多个，每个不超过 20 MB。"), required=False)
    name = Name(
        label=_("姓名或者单位名称"),
        help_text=_("与证件、证照一致。只能要求更正与您自身相关的记录。"),
        missing=_("请填写姓名或者单位名称。"),
        limit=200,
        widget=forms.TextInput(attrs={"class": "middle", "autocomplete": "name"}),
    )
    identity_kind = Choice(
        label=_("身份证件"),
        missing=_("请选择身份证件的种类。"),
        choices=[
            (IdentityKind.RESIDENT.value, _("居民身份证")),
            (IdentityKind.CREDIT_CODE.value, _("统一社会信用代码（单位）")),
            (IdentityKind.OTHER.value, _("其他证件（护照、军官证、居留证等）")),
        ],
    )
    identity_number = Line(
        label=_("证件号码"),
        help_text=_("用来确认记录是您本人的。号码加密保存，不向第三方提供。"),
        missing=_("请填写证件号码。"),
        limit=60,
        widget=forms.TextInput(attrs={"class": "number", "autocomplete": "off", "spellcheck": "false"}),
    )
    phone = Phone(
        label=_("电话"),
        limit=40,
        required=False,
        asked=True,
        widget=forms.TextInput(attrs={"class": "middle", "inputmode": "tel", "autocomplete": "tel"}),
    )
    email = Email(label=_("电子邮箱"), required=False, asked=True)
    address = Line(
        label=_("通信地址"),
        limit=300,
        required=False,
        asked=True,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    form_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["agency"].queryset = Agency.objects.open_to_applications()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        self._check_identity(answers)
        if not any(answers.get(name) or name in self.errors for name in ("phone", "email", "address")):
            self.add_error("phone", gettext("请至少填写电话、电子邮箱、通信地址中的一项，以便联系您。"))
        return answers

    def _check_identity(self, answers: dict[str, Any]) -> None:
        number, kind = answers.get("identity_number"), answers.get("identity_kind")
        if not number or not kind:
            return
        try:
            if kind == IdentityKind.RESIDENT:
                check_resident_number(number, on=self.on)
            elif kind == IdentityKind.CREDIT_CODE:
                check_credit_code(number)
            else:
                check_other_number(number)
        except Refused as refused:
            self.add_error("identity_number", ValidationError(refused.sentence.read_in(get_language())))

    def request(self) -> Request:
        """What was typed, for the verb."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in ("agency", "form_key")}
        return Request(**given)


class AddForm(forms.Form):
    """What was asked for in addition."""

    use_required_attribute = False

    text = Lines(label=_("您的补充"), missing=_("请写明补充的内容。"), limit=LONGEST_TEXT, rows=6)
    evidence = Files(label=_("证据文件"), help_text=_("需要的话可以附上文件，每个不超过 20 MB。"), required=False)
