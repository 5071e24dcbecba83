"""What is typed beside the questions: a code, who helps, and the applicant's word that they have read everything."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.actions.application import LONGEST_CONTENT
from casework.actions.pairing import PROOF
from casework.fields import Choice, Line, Lines
from casework.models import Helper
from casework.models.querycode import is_slip
from casework.portal.forms.together import AuthorityForm


class ResumeForm(forms.Form):
    """The code that was written down on another device."""

    use_required_attribute = False

    code = Line(
        label=_("接续码"),
        help_text=_("16 位字母和数字。大小写、空格和横线都不要紧。"),
        missing=_("请填写接续码。"),
        limit=60,
        widget=forms.TextInput(attrs={"class": "number", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if is_slip(code):
            raise ValidationError(gettext("接续码写错了：其中有一位不对，或者多写、少写了。请逐位检查。"))
        return code


class HelperForm(forms.Form):
    """Who types for the applicant."""

    use_required_attribute = False

    helper = Choice(label=_("您是申请人的什么人？"), missing=_("请选择您是申请人的什么人。"), choices=Helper.choices)
    name = Line(
        label=_("您的姓名"),
        help_text=_("写入办理经过，申请人和受理机关可以看到。"),
        limit=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle", "autocomplete": "name"}),
    )


class JoinForm(forms.Form):
    """Six digits from the helper's screen, and what only the applicant has at hand."""

    use_required_attribute = False

    code = Line(
        label=_("配对码"),
        help_text=_("6 位数字，显示在协助您的人的屏幕上，15 分钟内有效。"),
        missing=_("请填写配对码。"),
        limit=20,
        widget=forms.TextInput(
            attrs={"class": "short number", "inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )
    proof = Line(
        label=_("您的证件号码的后四位"),
        help_text=_("申请中填写的证件或者证照号码。"),
        missing=_("请填写证件号码的后四位。"),
        limit=20,
        widget=forms.TextInput(attrs={"class": "short number", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = "".join(c for c in self.cleaned_data["code"] if not c.isspace() and c not in "-－")
        if len(code) != 6 or not code.isdecimal():
            raise ValidationError(gettext("配对码是 6 位数字。"))
        return code

    def clean_proof(self) -> str:
        proof: str = self.cleaned_data["proof"]
        if sum(c.isalnum() for c in proof) != PROOF:
            raise ValidationError(gettext("请填写证件号码的最后四位，可以是字母。"))
        return proof


class ReadForm(AuthorityForm):
    """The applicant sends what somebody else has typed."""

    mine = forms.BooleanField(
        label=_("我是申请人本人，我已经读过或者听过以上全部内容，内容无误。"),
        error_messages={"required": _("请申请人本人核对全部内容，再勾选。")},
    )


class WordingForm(forms.Form):
    """Words to be tried; nothing of them is kept."""

    use_required_attribute = False

    content = Lines(
        label=_("您打算怎样写？"),
        help_text=_("只作检查，不保存。请不要写姓名、证件号码。"),
        missing=_("请填写您打算申请的内容。"),
        limit=LONGEST_CONTENT,
    )
