"""An agency's own words of a document: written, tried on a real case, put in force, ended."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.desk.forms.acts import DeskForm, date_field, sure
from casework.fields import Line, Lines
from casework.letters.language import LONGEST
from casework.models import Case
from casework.templatetags.words import day


class TemplateForm(DeskForm):
    """The text, the case on which to try it, and the day from which it holds; ``seen`` is the last version known."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    source = Lines(
        label=_("模板"),
        help_text=_("一行一段。词写在两层大括号里，下面列出可以用的词。有时才有的内容怎样写，可以参照系统自带的文字。"),
        missing=_("请填写模板。"),
        limit=LONGEST,
        widget=forms.Textarea(attrs={"rows": 18, "lang": "zh-hans", "spellcheck": "false"}),
    )
    case = forms.ChoiceField(label=_("用哪一件预览"), required=False)
    number = Line(
        label=_("或者填写登记编号"),
        limit=80,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle number", "autocomplete": "off"}),
    )
    valid_from = date_field(_("启用日期"), hint=_("今天或者以后。已经签发的文书不变。"))

    def __init__(self, *args: Any, cases: Iterable[Case], on: date, seen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = [(str(c.pk), f"{c.number} ({day(c.received_on)})") for c in cases]  # type: ignore[attr-defined]
        self.initial.update(seen=seen, valid_from=on.isoformat())


class EndForm(DeskForm):
    """Back to the words of the house."""

    from_on = date_field(_("从哪天起恢复使用系统自带的文书"))
    sure = sure(_("停用本机关的模板。已经签发的文书不变。"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["from_on"] = on.isoformat()
