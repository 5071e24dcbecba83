"""The form of a request to correct one's own record (条例 41), as it is typed online and, from paper, at the desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.actions.correction import LONGEST_RECORD, LONGEST_TEXT, Request
from casework.fields import (
    Choice,
    Email,
    Files,
    Line,
    Lines,
    Name,
    PersonalForm,
    address_field,
    number_input,
    phone_field,
)
from casework.models import IdentityKind


class RequestForm(PersonalForm):
    """Who asks, which record, what is wrong, what would be right, and by what that is shown."""

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
        widget=number_input(),
    )
    phone = phone_field()
    email = Email(label=_("电子邮箱"), required=False, asked=True)
    address = address_field()

    def request(self) -> Request:
        """What was typed, for the verb."""
        return Request(**{name: self.cleaned_data[name] for name in RequestForm.base_fields})
