"""What is asked when one organ went into another, and when that was recorded by mistake."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.desk.forms.acts import DeskForm, sure
from casework.fields import Day, Line
from casework.models import Agency


class MergeForm(DeskForm):
    """Which organ went into which, and when; ``agencies``: those whose merger this person may record."""

    old = forms.ModelChoiceField(
        Agency.objects.none(),
        to_field_name="code",
        label=_("并入别的机关的机关"),
        empty_label=_("请选择"),
        error_messages={"required": _("请选择机关。"), "invalid_choice": _("请选择列出的机关。")},
    )
    new = forms.ModelChoiceField(
        Agency.objects.none(),
        to_field_name="code",
        label=_("承继机关"),
        empty_label=_("请选择"),
        error_messages={"required": _("请选择承继机关。"), "invalid_choice": _("请选择列出的机关。")},
    )
    on = Day(label=_("合并之日"), help_text=_("机构改革文件写明的日期。自这一年起由承继机关一并报告。"))

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("old", "new"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = agencies.filter(succeeded_on=None).order_by("path")


class ConfirmMergeForm(DeskForm):
    """The same once more, after what follows from it has been read."""

    old = forms.CharField(widget=forms.HiddenInput)
    new = forms.CharField(widget=forms.HiddenInput)
    on = forms.CharField(widget=forms.HiddenInput)
    sure = sure(_("以上各项已经核实，请登记合并。"))


class UndoMergeForm(DeskForm):
    """Why a merger is taken back."""

    reason = Line(label=_("撤销理由"), help_text=_("例如选错了机关。理由留存。"), limit=500)
    sure = sure(_("撤销以后，该机关自己编写年度报告，也重新受理申请。"))
