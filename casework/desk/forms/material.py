"""The forms of records: laying them on the file, and saying what of them is withheld and why."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.actions.redact import Spot
from casework.desk.forms.acts import DeskForm
from casework.fields import Line, Records
from casework.law.withholding import WITHHOLDINGS
from casework.redaction.door import endings
from casework.redaction.pages import PAGE, WHOLE, Box
from casework.templatetags.words import cited, read


class MaterialsForm(DeskForm):
    """Records to be laid on the file of a case."""

    uploads = Records(label=_("选择文件"), error_messages={"required": _("请选择文件。")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["uploads"]
        field.widget.attrs["accept"] = ",".join(endings())
        field.help_text = format_lazy(
            _("可以选多个。PDF、图片（PNG、JPEG）、DOCX、XLSX、OFD、文字，每个不超过{largest} MB，共不超过{most}份。"),
            largest=settings.MATERIAL_LARGEST_MB,
            most=settings.MATERIAL_MOST,
        )


class GroundForm(DeskForm):
    """Why something is withheld, and from whom."""

    ground = forms.ChoiceField(
        label=_("不提供的理由"),
        error_messages={"required": _("请选择不提供的理由。"), "invalid_choice": _("请选择不提供的理由。")},
    )
    remark = Line(label=_("说明"), help_text=_("只在机关内部看得到。"), limit=500, required=False)
    public_only = forms.BooleanField(
        label=_("只对公众隐去：提供给申请人，不向公众公开"), required=False, help_text=_("例如申请人本人的信息。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [(key, _reason(key)) for key in WITHHOLDINGS]
        self.fields["ground"].choices = [("", gettext("请选择")), *reasons]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        answers = self.cleaned_data
        return {"ground": answers["ground"], "remark": answers["remark"], "public_only": answers["public_only"]}


def _percent(label: Any) -> forms.DecimalField:
    sentence = _("请填写0到100之间的数。")
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=100,
        decimal_places=2,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_decimal_places", "max_digits"), sentence
        ),
    )


class AreaForm(GroundForm):
    """A rectangle on one page, in per cent of its width and height."""

    page = forms.IntegerField(widget=forms.HiddenInput)
    left = _percent(_("左边（从页面左缘量，百分比）"))
    top = _percent(_("上边（从页面上缘量，百分比）"))
    right = _percent(_("右边（从页面左缘量，百分比）"))
    bottom = _percent(_("下边（从页面上缘量，百分比）"))
    field_order = ("page", "left", "top", "right", "bottom", "ground", "remark", "public_only")

    def spots(self) -> list[Spot]:
        answers = self.cleaned_data
        box = Box(*(round(answers[side] * 100) for side in ("left", "top", "right", "bottom")))
        return [Spot(answers["page"], box)]


class HitsForm(GroundForm):
    """Places where a text was found; those that stay ticked are blacked out."""

    find = forms.CharField(widget=forms.HiddenInput, required=False)

    def spots(self) -> list[Spot]:
        found = []
        ticked: list[str] = self.data.getlist("hit")  # type: ignore[attr-defined]
        for value in ticked:
            if re.fullmatch(r"\d{1,6}(?::\d{1,5}){4}", value):
                page, *box = map(int, value.split(":"))
                found.append(Spot(page, Box(*box)))
        return found


class PagesForm(GroundForm):
    """Pages that are not given at all."""

    pages = Line(
        label=_("不提供的页"),
        help_text=_("例如：3、5-7。其余的页提供。"),
        limit=200,
        missing=_("请填写页码，例如：3、5-7。"),
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    field_order = ("pages", "ground", "remark", "public_only")

    def clean_pages(self) -> list[int]:
        try:
            return pages_of(self.cleaned_data["pages"])
        except ValueError as error:
            raise forms.ValidationError(gettext("请填写页码，例如：3、5-7。")) from error

    def spots(self) -> list[Spot]:
        return [Spot(page, PAGE, whole=True) for page in self.cleaned_data["pages"]]


def pages_of(text: str, *, most: int = WHOLE) -> list[int]:
    """``3、5-7`` as 3, 5, 6, 7; raises ``ValueError`` for anything else."""
    pages: list[int] = []
    for part in re.split(r"[、,，;；\s]+", text.strip()):
        first, _dash, last = re.sub(r"[-–—~～至到]", "-", part).partition("-")
        begin, end = int(first), int(last or first)
        if not 1 <= begin <= end <= most:
            raise ValueError(part)
        pages += range(begin, end + 1)
    return list(dict.fromkeys(pages))


def _reason(key: str) -> str:
    row = WITHHOLDINGS[key]
    return f"{read(row.words)}（{cited(row.law)}）" if row.law else read(row.words)
