"""The settings of an agency as a form, made of the table and of the columns that it names."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.desk.forms.acts import DeskForm, whole_number
from casework.fields import Choice, Line, Lines
from casework.models import Agency
from casework.models.setting import GROUPS, SETTINGS, Setting, SettingGroup
from casework.templatetags.words import cited, read

_YES_OR_NO: Final = [("yes", _("是")), ("no", _("否"))]
_MARKS: Final = str.maketrans({"，": ",", "、": ",", "；": ",", ";": ",", "－": "-", "−": "-"})


class DaysList(Line):
    """Whole numbers separated by commas, as 5, 2, 0, -1."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(limit=200, widget=forms.TextInput(attrs={"class": "middle", "autocomplete": "off"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        parts = [part.strip() for part in text.translate(_MARKS).split(",") if part.strip()]
        try:
            days = [int(part) for part in parts]
        except ValueError:
            raise ValidationError(gettext("请填写用逗号分开的整数，例如 5, 2, 0。"), code="days") from None
        if len(days) > 20:
            raise ValidationError(gettext("最多填写20个数。"), code="days")
        return sorted(set(days), reverse=True)


class YesOrNo(Choice):
    """A boolean as two words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_YES_OR_NO, missing=_("请选择是或者否。"), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value

    def clean(self, value: Any) -> Any:
        return super().clean(value) == "yes"


def _text(column: Any, **shown: Any) -> forms.Field:
    return Line(limit=column.max_length, required=not column.blank, **shown)


def _lines(column: Any, **shown: Any) -> forms.Field:
    return Lines(limit=2000, rows=4, required=not column.blank, **shown)


def _number(column: Any, *, label: Any, help_text: Any) -> forms.Field:
    limits = {type(v): v.limit_value for v in column.validators}
    return whole_number(
        label, least=limits[MinValueValidator], most=min(limits[MaxValueValidator], 32_767), hint=help_text
    )


#: How a column is asked for. A column with choices is a ``Choice``; the rest goes by its class.
_BY_CLASS: Final[dict[type[models.Field[Any, Any]], Callable[..., forms.Field]]] = {
    models.BooleanField: lambda column, **shown: YesOrNo(**shown),
    models.CharField: _text,
    models.TextField: _lines,
    models.PositiveSmallIntegerField: _number,
    models.JSONField: lambda column, **shown: DaysList(required=False, **shown),
}


def field_of(setting: Setting) -> forms.Field:
    """The question for one setting, with what it does and the article as its hint."""
    column = Agency._meta.get_field(setting.field)
    if not isinstance(column, models.Field):
        raise TypeError(f"{setting.field} is not a column")
    hint = read(setting.says)
    if column.help_text:
        hint = f"{hint}{column.help_text}"
    if setting.reading:
        hint += gettext("修改须说明理由。")
    if setting.law:
        hint = gettext("%(hint)s（%(law)s）") % {"hint": hint, "law": cited(setting.law)}
    shown: dict[str, Any] = {"label": column.verbose_name, "help_text": hint}
    if column.choices:
        return Choice(choices=column.choices, missing=_("请选择。"), **shown)
    return _BY_CLASS[type(column)](column, **shown)


def in_words(name: str, value: Any) -> str:
    """A stored value as the record of changes shows it."""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or gettext("（无）")
    column = Agency._meta.get_field(name)
    named = dict(getattr(column, "flatchoices", ()))
    return str(named.get(value, value)) if value != "" else gettext("（空）")


class SettingsForm(DeskForm):
    """All settings on one page, under the headings of the table; ``seen`` is what the page was drawn from."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = Lines(
        label=_("修改理由"),
        help_text=_("修改法律没有明确的事项必须填写，例如所依据的文件或者判决。"),
        required=False,
        limit=2000,
        rows=3,
    )

    def __init__(self, *args: Any, agency: Agency, seen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for setting in SETTINGS.values():
            self.fields[setting.field] = field_of(setting)
            self.initial[setting.field] = getattr(agency, setting.field)
        self.initial["seen"] = seen

    def groups(self) -> Iterator[tuple[SettingGroup, list[BoundField]]]:
        """The headings, each with its questions."""
        for group in GROUPS:
            yield group, [self[setting.field] for setting in group.settings]

    def wanted(self) -> dict[str, Any]:
        """What is to hold, by the names of the settings."""
        return {name: self.cleaned_data[name] for name in SETTINGS}
