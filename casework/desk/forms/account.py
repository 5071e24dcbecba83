"""What somebody types about their own account: password, code, key."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from casework.desk.forms.acts import DeskForm
from casework.fields import Line

_SHORT = {"class": "short", "autocomplete": "one-time-code", "inputmode": "numeric"}
_CODE = {"required": _("请填写验证码。")}


def _password(label: Any, use: str, *, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"class": "middle", "autocomplete": use}),
        error_messages={"required": _("请填写密码。"), "max_length": _("密码太长。")},
    )


class LoginForm(AuthenticationForm):
    """Name and password; which of the two is wrong is not said."""

    error_messages = {
        "invalid_login": _("用户名和密码对不上。请检查大小写，忘记密码的请联系本机关管理员。"),
        "inactive": _("用户名和密码对不上。请检查大小写，忘记密码的请联系本机关管理员。"),
    }
    username = Line(
        label=_("用户名"),
        missing=_("请填写用户名。"),
        limit=150,
        widget=forms.TextInput(attrs={"class": "middle", "autocomplete": "username", "autocapitalize": "none"}),
    )
    password = _password(_("密码"), "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", use_required_attribute=False, **kwargs)


_HOW = _("至少12个字，含有大写字母、小写字母、数字、其他字符中的三种。几个不相干的词连起来好记，也难猜。")


class PasswordForm(DeskForm):
    """The present password and, twice, the next."""

    old = _password(_("现在的密码"), "current-password")
    new = _password(_("新密码"), "new-password", hint=_HOW)
    again = _password(_("再输一次新密码"), "new-password")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "new" in given and "again" in given and given["new"] != given["again"]:
            self.add_error("again", _("两次输入的新密码不一样。"))
        return given


class InvitedForm(DeskForm):
    """A password, twice, by whoever was invited."""

    new = _password(_("密码"), "new-password", hint=_HOW)
    again = _password(_("再输一次密码"), "new-password")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "new" in given and "again" in given and given["new"] != given["again"]:
            self.add_error("again", _("两次输入的密码不一样。"))
        return given


class _Quiet:
    """allauth's forms as ours look: no placeholder, no check by the browser, digits with blanks between them taken."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})
        if "code" in self.fields:
            self.fields["code"] = forms.CharField(
                label=_("验证码"),
                max_length=40,
                widget=forms.TextInput(attrs=_SHORT),
                error_messages=_CODE,
                help_text=self.hint,
            )

    hint: Any = ""

    def clean_code(self) -> str:
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())  # type: ignore[attr-defined]
        return super().clean_code()  # type: ignore[misc, no-any-return]


class CodeForm(_Quiet, AuthenticateForm):  # type: ignore[misc]
    """The second step of the log-in: the number on the telephone, or a recovery code."""

    hint = _("验证器应用上的六位数字；手机不在身边的，可以填写一个恢复码。")


class CodeAgainForm(_Quiet, CodeReauthenticateForm):  # type: ignore[misc]
    """The same before something grave, though one has logged in."""


class ActivateForm(_Quiet, ActivateTOTPForm):  # type: ignore[misc]
    """The first number that the application shows proves that it has taken the secret."""


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before the second factor is touched."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False
        self.fields["password"] = _password(_("密码"), "current-password")


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A key and the name by which its owner knows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False
        self.fields["name"] = Line(
            label=_("密钥的名称"),
            required=False,
            limit=60,
            widget=forms.TextInput(attrs={"class": "middle", "autocomplete": "off"}),
        )
