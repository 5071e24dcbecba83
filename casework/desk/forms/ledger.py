"""Which ledger comes in, and which goes out."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.annual import FIRST_YEAR
from casework.desk.forms.acts import DeskForm
from casework.desk.forms.register import registrable
from casework.fields import Choice
from casework.ledger import FORMS
from casework.models import Agency, Staff


def _agency() -> forms.ModelChoiceField[Agency]:
    return forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("机关"),
        empty_label=None,
        error_messages={"required": _("请选择机关。"), "invalid_choice": _("没有这个机关，请重新选择。")},
    )


class ImportForm(DeskForm):
    """A file, whose cases it holds, and whether it is only judged."""

    agency = _agency()
    file = forms.FileField(
        label=_("台账文件"),
        help_text=_("CSV（UTF-8）或者 XLSX。列的先后不限，不认识的列略去；公式不会执行。"),
        allow_empty_file=True,
        max_length=200,
        error_messages={
            "required": _("请选择台账文件。"),
            "invalid": _("请选择台账文件。"),
            "max_length": _("文件名太长，请改短后再选。"),
        },
    )
    what = Choice(
        label=_("怎样处理"),
        choices=[("check", _("只检查，不保存")), ("store", _("导入"))],
        explained={
            "check": _("逐行说明哪里不对、应当核对什么。"),
            "store": _("全部保存，或者有一处错误就一件也不保存。同一份台账再次导入不会重复。"),
        },
        initial="check",
        missing=_("请选择只检查还是导入。"),
    )

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, registrable(by).order_by("path"))


class ExportForm(DeskForm):
    """Whose cases, of which year, as what."""

    agency = _agency()
    year = forms.TypedChoiceField(
        label=_("收到年度"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("没有这个年度，请重新选择。")},
    )
    form = Choice(
        label=_("格式"), choices=[(form, form.upper()) for form in FORMS], initial="xlsx", missing=_("请选择格式。")
    )

    def __init__(self, *args: Any, by: Staff, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readable = access.agencies_where(by, access.READS_CASES)
        _offer(self, Agency.objects.filter(pk__in=readable).order_by("path"))
        years = range(on.year, FIRST_YEAR - 1, -1)
        self.fields["year"].choices = [("", _("全部")), *((year, str(year)) for year in years)]  # type: ignore[attr-defined]


def _offer(form: DeskForm, agencies: Any) -> None:
    form.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
    form.initial.setdefault("agency", agencies.first())
