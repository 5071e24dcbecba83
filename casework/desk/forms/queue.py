"""What is asked at the queue: a name for a filter, and who gets the cases that were ticked."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.desk.forms.acts import DeskForm, clerk_field, clerks_of, division_field
from casework.fields import Line
from casework.models import Agency, Staff

#: Cases in one go; a page of the queue has thirty.
MOST_AT_ONCE: Final = 200


class NameForm(DeskForm):
    """A name for a filter."""

    name = Line(
        label=_("名称"), missing=_("请给筛选起个名称。"), limit=40, widget=forms.TextInput(attrs={"class": "middle"})
    )


class SaveForm(NameForm):
    """A name, and with whom the filter is shared."""

    shared = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("谁可以用"),
        required=False,
        empty_label=_("只有我"),
        error_messages={"invalid_choice": _("没有这个选项，请重新选择。")},
    )

    def __init__(self, *args: Any, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Agency.objects.filter(pk__in=access.agencies_where(by, access.READS_CASES)).order_by("path")
        self.fields["shared"].queryset = mine  # type: ignore[attr-defined]


class HandOutForm(DeskForm):
    """One clerk and one division for all cases that were ticked."""

    clerk = clerk_field()
    division = division_field(_("只用于内部分工，对勾选的全部办件填写同一科室；不填的保留原来的科室。"))

    def __init__(self, *args: Any, agencies: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clerk"].queryset = clerks_of(agencies)  # type: ignore[attr-defined]
