"""The form in which an administrator gives a machine a token: what for, which scopes, from where, until when."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from casework.access.machines import SCOPES
from casework.actions.tokens import LONGEST_NAME, MOST_DAYS
from casework.desk.forms.acts import DeskForm
from casework.fields import Line, Lines
from casework.models import Agency
from casework.templatetags.words import read

read_lazily = lazy(read, str)


class TokenForm(DeskForm):
    """Filled in once and shown again to be confirmed."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("行政机关"),
        empty_label=None,
        error_messages={"required": _("请选择行政机关。"), "invalid_choice": _("请选择行政机关。")},
    )
    name = Line(
        label=_("用途"),
        help_text=_("哪个系统使用，例如：省政务平台年报汇集。"),
        missing=_("请填写用途。"),
        limit=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("权限"),
        help_text=_("只选需要的。"),
        choices=[(scope.value, read_lazily(row.words)) for scope, row in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一项权限。"), "invalid_choice": _("请至少选择一项权限。")},
    )
    region = forms.BooleanField(
        label=_("含下级机关"), help_text=_("只对统计表、年度报告、工作日、期限有效。"), required=False
    )
    networks = Lines(
        label=_("可以使用的网段"),
        help_text=_("每行一个，例如 10.20.0.0/16。不填写的，不限制。"),
        limit=5000,
        required=False,
        rows=3,
    )
    days = forms.IntegerField(
        label=_("有效期（天）"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=365,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("请填写1至730之间的整数。")),
    )

    def __init__(self, *args: Any, agencies: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.filter(pk__in=agencies)  # type: ignore[attr-defined]

    def clean_networks(self) -> list[str]:
        typed: str = self.cleaned_data["networks"]
        return [line.strip() for line in typed.splitlines() if line.strip()]
