"""Number and code, the answer to a supplement request, giving an application up, and what one thinks of a reply."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.actions.application import LONGEST_CONTENT
from casework.actions.likereplies import LONGEST_STATEMENT
from casework.actions.rate import LONGEST_COMMENT
from casework.fields import Choice, Email, Files, Line, Lines, Phone
from casework.models import ToldBy
from casework.models.querycode import is_slip


class FollowForm(forms.Form):
    """What opens a case to its applicant. A slip of the pen is told before a try is counted."""

    use_required_attribute = False

    number = Line(
        label=_("登记编号"),
        missing=_("请填写登记编号。"),
        limit=80,
        widget=forms.TextInput(attrs={"class": "number", "autocomplete": "off", "spellcheck": "false"}),
    )
    code = Line(
        label=_("查询码"),
        help_text=_("16 位字母和数字，提交申请时给您的。大小写、空格和横线都不要紧。"),
        missing=_("请填写查询码。"),
        limit=60,
        widget=forms.TextInput(attrs={"class": "number", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if is_slip(code):
            raise ValidationError(gettext("查询码写错了：其中有一位不对，或者多写、少写了。请对照回执逐位检查。"))
        return code


class SupplementForm(forms.Form):
    """The applicant's own words to make the application clear."""

    use_required_attribute = False

    answer = Lines(
        label=_("您的补正"),
        help_text=_("逐条回答上面提出的问题。原来写过、仍然有效的内容不必重写。"),
        missing=_("请写明补正的内容。"),
        limit=LONGEST_CONTENT,
        rows=10,
    )
    attachments = Files(
        label=_("附件"),
        help_text=_("需要的话可以附上文件，每个不超过 20 MB。"),
        required=False,
    )


class NoticesForm(forms.Form):
    """By which ways the applicant hears how the case goes."""

    use_required_attribute = False

    told_by = Choice(
        label=_("办理过程中怎样通知您？"),
        help_text=_("短信只发给手机号码，夜间不发。"),
        choices=ToldBy.choices,
        missing=_("请选择通知方式。"),
    )
    phone = Phone(
        label=_("电话"),
        limit=40,
        required=False,
        asked=True,
        widget=forms.TextInput(attrs={"class": "middle", "inputmode": "tel", "autocomplete": "tel"}),
    )
    email = Email(label=_("电子邮箱"), required=False, asked=True)
    told_less = forms.BooleanField(label=_("只要需要我办理和影响期限的通知"), required=False)


class WithdrawForm(forms.Form):
    """Giving up has to be said twice."""

    use_required_attribute = False

    sure = forms.BooleanField(
        label=_("我撤回这件申请，知道撤回以后不再办理。"),
        error_messages={"required": _("确定要撤回的，请勾选。")},
    )
    statement = Lines(label=_("想说明的情况"), required=False, limit=2000, rows=4)


class TakeForm(forms.Form):
    """A published reply answers the applicant; what they want to say to it."""

    use_required_attribute = False

    statement = Lines(
        label=_("想说明的情况"),
        help_text=_("例如还缺哪一部分。"),
        required=False,
        limit=LONGEST_STATEMENT,
        rows=3,
    )


class RatingForm(forms.Form):
    """What the applicant thinks of the reply."""

    use_required_attribute = False

    satisfaction = forms.TypedChoiceField(
        label=_("您对这次办理满意吗？"),
        choices=[
            (5, _("非常满意")),
            (4, _("满意")),
            (3, _("一般")),
            (2, _("不满意")),
            (1, _("非常不满意")),
        ],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择满意程度。")),
    )
    comment = Lines(
        label=_("想说的话"),
        help_text=_("请不要写姓名、电话等个人信息。承办人看不到这是谁的评价。"),
        required=False,
        limit=LONGEST_COMMENT,
        rows=4,
    )
