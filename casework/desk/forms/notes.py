"""What is asked of an internal note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.desk.forms.acts import DeskForm
from casework.fields import Line, Lines
from casework.models import Case, Staff
from casework.models.note import LONGEST_NOTE


class NoteForm(DeskForm):
    """The words, and which colleagues should look."""

    text = Lines(
        label=_("写备注"),
        help_text=_("只有本机关能够查看办件的人看得到，不进入文书、导出和公众页面。写好以后不能修改，写错的划去重写。"),
        missing=_("请写备注的内容。"),
        limit=LONGEST_NOTE,
        rows=3,
    )
    mentioned = forms.ModelMultipleChoiceField(
        Staff.objects.none(),
        label=_("提醒同事"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("没有这位同事，请重新选择。"),
            "invalid_pk_value": _("没有这位同事，请重新选择。"),
        },
    )

    def __init__(self, *args: Any, case: Case, by: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Staff.objects.filter(
            is_active=True, appointments__agency=case.agency_id, appointments__role__in=access.READS_CASES
        ).exclude(pk=by.pk)
        self.fields["mentioned"].queryset = colleagues.distinct().order_by("name", "username")  # type: ignore[attr-defined]


class StrikeForm(DeskForm):
    """Why a note is struck."""

    reason = Line(
        label=_("划去的理由"),
        help_text=_("原文仍然保留，加上删除线。"),
        missing=_("请写明划去的理由。"),
        limit=300,
    )
