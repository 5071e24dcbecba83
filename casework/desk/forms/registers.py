"""Forms of the registers, made of their columns: one entry, a correction, a file."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework.desk.entry_words import plain_number
from casework.desk.forms.acts import DeskForm, read_lazily, sure
from casework.fields import Choice, Day, Line, Words
from casework.law.refusals import Refused
from casework.law.registers import REGISTERS, Column, Register, Takes, amount, month, whole
from casework.models import Agency, ChannelAccount, Entry, Publication, accounts_of
from casework.templatetags.words import read

_READERS: Final[Mapping[Takes, Callable[[str, Column], Any]]] = {
    Takes.WHOLE: whole,
    Takes.AMOUNT: amount,
    Takes.MONTH: month,
}
_MISSING: Final = _("请填写这一项。")
_CHOOSE: Final = _("请选择。")


class Measured(Line):
    """A number, an amount or a month as its column takes it."""

    def __init__(self, *, column: Column, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal", "autocomplete": "off"}), **kwargs
        )
        self.column = column

    def clean(self, value: Any) -> Any:
        given = super().clean(value)
        if not given:
            return None
        try:
            return _READERS[self.column.takes](given, self.column)
        except Refused as refused:
            raise ValidationError(read(refused.sentence), code="measured") from refused


class EntryForm(DeskForm):
    """One entry of a register; with ``entry`` the correction of it, which wants a reason.

    Publications come one by one, or with ``batch`` as the number of a month.
    """

    def __init__(
        self,
        *args: Any,
        register: Register,
        agency: Agency,
        batch: bool = False,
        entry: Entry | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.register, self.entry = register, entry
        if isinstance(entry, Publication):
            batch = entry.batched
        left_out = "item" if batch else "batch"
        for column in REGISTERS[register].columns:
            if column.of == left_out or (register is Register.PUBLICATIONS and column.key == "channel"):
                continue
            self.fields[column.key] = _field(column, agency, wanted=bool(column.of) and column.key != "address")
        if entry is not None:
            shown = {c.key: _shown(c, entry.facts[c.key]) for c in REGISTERS[register].columns}
            self.initial = {**shown, **self.initial}
            self.fields["reason"] = Line(
                label=_("更正理由"),
                help_text=_("以前登记的内容留存可查。"),
                limit=500,
                missing=_("请写明更正理由。"),
            )

    def facts(self) -> dict[str, Any]:
        """What was filled in, under the keys of the columns."""
        return {key: value for key, value in self.cleaned_data.items() if key != "reason"}


class StrikeForm(DeskForm):
    """Why an entry counts no longer."""

    reason = Line(label=_("注销理由"), help_text=_("例如重复登记。"), limit=500, missing=_("请写明注销理由。"))
    sure = sure(_("这一条登记有误，不再计入任何数字。"))


class RegisterFileForm(DeskForm):
    """A file with entries, and whether it is only judged."""

    file = forms.FileField(
        label=_("表格文件"),
        help_text=_("CSV（UTF-8）或者 XLSX。列的先后不限，不认识的列略去；公式不会执行。"),
        allow_empty_file=True,
        max_length=200,
        error_messages={
            "required": _("请选择表格文件。"),
            "invalid": _("请选择表格文件。"),
            "max_length": _("文件名太长，请改短后再选。"),
        },
    )
    what = Choice(
        label=_("怎样处理"),
        choices=[("check", _("只检查，不保存")), ("store", _("导入"))],
        explained={
            "check": _("逐行说明哪里不对、应当核对什么。"),
            "store": _("全部保存，或者有一处错误就一条也不保存。同一份表格再次导入不会重复；内容不同的，作为更正。"),
        },
        initial="check",
        missing=_("请选择只检查还是导入。"),
    )


def _field(column: Column, agency: Agency, *, wanted: bool) -> forms.Field:
    label: Words = read_lazily(column.words)
    required = column.required or wanted
    common: dict[str, Any] = {"label": label, "required": required}
    if column.hint is not None:
        common["help_text"] = read_lazily(column.hint)
    if column.stands is not None:
        common["initial"] = column.stands
    match column.takes:
        case Takes.DAY:
            return Day(missing=_MISSING if required else "", **common)
        case Takes.CODE:
            choices = [(key, read_lazily(words)) for key, words in column.codes.items()]
            return Choice(choices=choices, missing=_CHOOSE, **common)
        case Takes.ACCOUNT:
            return forms.TypedChoiceField(
                coerce=int,
                choices=_accounts(agency),
                error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
                **common,
            )
        case Takes.TEXT:
            return Line(limit=column.longest, missing=_MISSING if required else "", **common)
        case _:
            return Measured(column=column, missing=_MISSING if required else "", **common)


def _accounts(agency: Agency) -> list[tuple[str | int, str]]:
    found = sorted(accounts_of([agency]).items(), key=lambda pair: (pair[1].channel, pair[1].name))
    return [("", "—"), *((pk, said_account(account)) for pk, account in found)]


def said_account(account: ChannelAccount) -> str:
    """``微信 · 我爱东山区`` in the language of the page."""
    channel = REGISTERS[Register.ACCOUNTS].column("channel").codes[account.channel]
    return f"{read(channel)} · {account.name}"


def _shown(column: Column, value: Any) -> Any:
    """A fact as somebody would type it."""
    if value is None:
        return ""
    match column.takes:
        case Takes.DAY:
            return value.isoformat()
        case Takes.MONTH:
            return f"{value:%Y-%m}"
        case Takes.AMOUNT:
            return plain_number(value)
        case _:
            return value
