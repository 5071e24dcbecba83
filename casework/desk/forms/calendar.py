"""A holiday notice as a file or typed by hand, and the confirmation after its preview."""

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casework.desk.forms.acts import DeskForm, date_field, sure, whole_number
from casework.fields import Day, Line
from casework.law.edition_file import FORMAT, LARGEST, EditionFile, from_document, read
from casework.law.refusals import Refused


def _read(content: bytes) -> EditionFile:
    try:
        return read(content)
    except Refused as refused:
        raise ValidationError(refused.sentence.read_in(get_language()), code="refused") from refused


class NoticeForm(DeskForm):
    """The file to look at first."""

    file = forms.FileField(
        label=_("放假安排文件"),
        help_text=_("gongkai.calendar/1 格式的JSON文件，按国务院办公厅的通知填写。先预览，确认以后才启用。"),
        allow_empty_file=True,
        max_length=200,
        error_messages={
            "required": _("请选择放假安排文件。"),
            "invalid": _("请选择放假安排文件。"),
            "max_length": _("文件名太长，请改短后再选。"),
        },
    )

    def clean_file(self) -> EditionFile:
        return _read(self.cleaned_data["file"].read(LARGEST + 1))


class ConfirmForm(DeskForm):
    """The notice that was previewed comes back word for word, with the administrator's yes."""

    notice = forms.CharField(widget=forms.HiddenInput, max_length=LARGEST, strip=False)
    sure = sure(_("我已经与国务院办公厅（地区的，与有权机关）的通知逐日核对"))

    def clean_notice(self) -> EditionFile:
        return _read(self.cleaned_data["notice"].encode())

    @classmethod
    def of(cls, file: EditionFile) -> "ConfirmForm":
        initial: dict[str, Any] = {"notice": file.as_json()}
        return cls(initial=initial)


class Days(Line):
    """Dates separated by commas or spaces, as ISO texts."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        day = Day(required=False)
        return [day.clean(part).isoformat() for part in re.split(r"[,，、;；\s]+", text) if part]


class WrittenForm(DeskForm):
    """A notice as it is printed: its number, its holidays from when to when, and the weekend days worked for each."""

    year = whole_number(_("年份"), least=2000, most=2100)
    document_number = Line(
        label=_("文号"),
        help_text=_("照通知写，例如国办发明电〔2025〕7号。"),
        missing=_("请填写通知的文号。"),
        limit=60,
    )
    published_on = date_field(_("公布日期"))
    region = Line(
        label=_("地区代码"),
        help_text=_("只对代码、上级代码或者“放假地区代码”是它的机关有效。"),
        missing=_("请填写地区代码。"),
        limit=32,
        widget=forms.TextInput(attrs={"class": "middle", "autocomplete": "off"}),
    )
    supersedes = Line(
        label=_("取代的文号"),
        help_text=_("更正已经启用的一份时填写；补充规定不填，两份同时有效。"),
        limit=60,
        required=False,
    )

    def __init__(self, *args: Any, regional: bool, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["year"] = year
        if not regional:
            del self.fields["region"]
        # A region adds its own days; it has no holidays that everybody knows.
        names = [] if regional else list(_NAMES)
        for n in range(_ROWS):
            self.fields[f"name_{n}"] = Line(
                label=_("节日"),
                limit=40,
                required=False,
                asked=True,
                widget=forms.TextInput(attrs={"lang": "zh-hans"}),
            )
            self.fields[f"from_{n}"] = Day(label=_("放假从"), required=False, asked=True)
            self.fields[f"to_{n}"] = Day(label=_("到"), required=False, asked=True)
            self.fields[f"worked_{n}"] = Days(label=_("为它调休上班的周末"), limit=200, required=False, asked=True)
            self.initial[f"name_{n}"] = names[n] if n < len(names) else ""

    def heads(self) -> list[BoundField]:
        """What stands above the holidays."""
        return [self[name] for name in self.base_fields if name in self.fields]

    def rows(self) -> list[list[BoundField]]:
        """One holiday each: its name, from, to, and the days worked for it."""
        return [[self[f"{what}_{n}"] for what in _COLUMNS] for n in range(_ROWS)]

    def clean(self) -> dict[str, Any]:
        """A row counts once it has a date; then it needs a name and a first day."""
        answers = super().clean() or self.cleaned_data
        for n in range(_ROWS):
            name, first, last, worked = (answers.get(f"{what}_{n}") for what in _COLUMNS)
            if not (first or last or worked):
                continue
            if not name and f"name_{n}" not in self.errors:
                self.add_error(f"name_{n}", _("请填写节日的名称。"))
            if not first and f"from_{n}" not in self.errors:
                self.add_error(f"from_{n}", _("请填写放假的第一天。"))
        return answers

    def file(self) -> EditionFile:
        """The notice that was typed; ``Refused`` as a file would be."""
        answers = self.cleaned_data
        off, make_up = [], []
        for n in range(_ROWS):
            name, first, last, worked = (answers[f"{what}_{n}"] for what in _COLUMNS)
            if first:
                off.append({"from": first.isoformat(), "to": (last or first).isoformat(), "name": name})
                make_up += [{"on": day, "for": name} for day in worked]
        return from_document(
            {
                "format": FORMAT,
                "year": answers["year"],
                "document_number": answers["document_number"],
                "published_on": answers["published_on"].isoformat(),
                "off": off,
                "make_up": make_up,
                "region": answers.get("region", ""),
                "supersedes": answers["supersedes"],
            }
        )


_ROWS: Final = 10
_COLUMNS: Final = ("name", "from", "to", "worked")
#: 全国年节及纪念日放假办法 2.
_NAMES: Final = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
