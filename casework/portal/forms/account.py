"""What somebody types about an account of the portal: an address, six digits, a name."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.actions.applicants import Proven
from casework.fields import Email, Line
from casework.models import CodeWay
from notifications.phone import mobile


def takes_phones() -> bool:
    """Whether this installation can send text messages."""
    return bool(settings.SMS_GATEWAY)


class AddressForm(forms.Form):
    """One field for both ways: what holds an @ is a mail address, all else has to be a mobile number."""

    use_required_attribute = False

    address = Line(label="", limit=254)

    def __init__(self, *args: Any, ways: tuple[CodeWay, ...] = tuple(CodeWay), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = tuple(way for way in ways if way is CodeWay.EMAIL or takes_phones())
        field = self.fields["address"]
        if self.ways == (CodeWay.EMAIL,):
            field.label, missing, mode = _("电子邮箱"), _("请填写电子邮箱。"), "email"
        elif self.ways == (CodeWay.PHONE,):
            field.label, missing, mode = _("手机号码"), _("请填写手机号码。"), "tel"
        else:
            field.label, missing, mode = _("电子邮箱或者手机号码"), _("请填写电子邮箱或者手机号码。"), "email"
        field.error_messages["required"] = missing
        field.widget.attrs.update(
            {"autocomplete": "tel" if mode == "tel" else "username", "inputmode": mode, "autocapitalize": "none"}
        )

    def clean_address(self) -> Proven:
        """The address in the form in which it is stored; nothing is proven yet."""
        typed: str = self.cleaned_data["address"]
        if CodeWay.PHONE not in self.ways or (CodeWay.EMAIL in self.ways and ("@" in typed or "＠" in typed)):
            return Proven(CodeWay.EMAIL, str(Email(label=_("电子邮箱")).clean(typed)).lower())
        if number := mobile(typed):
            return Proven(CodeWay.PHONE, number)
        if CodeWay.EMAIL in self.ways:
            raise ValidationError(
                gettext("这既不是电子邮箱，也不是手机号码。应当像 name@example.com 或者 13800138000。")
            )
        raise ValidationError(gettext("这不是手机号码，应当像 13800138000。固定电话收不到短信。"))


class DigitsForm(forms.Form):
    """The digits that were sent."""

    use_required_attribute = False

    code = Line(
        label=_("验证码"),
        missing=_("请填写验证码。"),
        limit=20,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        good_for = {"minutes": settings.SIGN_IN_CODE_MINUTES}
        self.fields["code"].help_text = gettext("6 位数字，%(minutes)s分钟内有效。") % good_for

    def clean_code(self) -> str:
        digits = "".join(character for character in self.cleaned_data["code"] if character.isalnum())
        if len(digits) != 6 or not digits.isdecimal():
            raise ValidationError(gettext("验证码是 6 位数字。"))
        return digits


class NameForm(forms.Form):
    """What new applications are filled with."""

    use_required_attribute = False

    name = Line(
        label=_("姓名"),
        help_text=_("登录后提出新申请时先替您填上，可以改。账户里不保存证件号码。"),
        limit=80,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle", "autocomplete": "name"}),
    )


class CloseForm(forms.Form):
    """Deleting has to be said twice."""

    use_required_attribute = False

    sure = forms.BooleanField(
        label=_("我删除这个账户，知道删除以后不能恢复。"),
        error_messages={"required": _("确定要删除的，请勾选。")},
    )
