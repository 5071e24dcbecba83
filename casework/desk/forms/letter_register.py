"""What is asked at the register of letters."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.desk.forms.acts import DeskForm, sure
from casework.fields import Lines

#: Letters in one download; the command ``print_letters`` knows no limit.
MOST_AT_ONCE: Final = 200


class ChosenForm(DeskForm):
    """The letters that were ticked."""

    letter = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": _("请先勾选要下载的文书。"),
            "invalid_choice": _("没有这份文书，请刷新页面后重新勾选。"),
        },
    )

    def __init__(self, data: object, *, offered: list[int]) -> None:
        super().__init__(data)
        self.fields["letter"].choices = [(pk, pk) for pk in offered]  # type: ignore[attr-defined]


class VoidForm(DeskForm):
    """Why a letter is declared void."""

    reason = Lines(
        label=_("作废理由"),
        help_text=_("记入文书登记簿，例如受文人写错。"),
        missing=_("请写明作废理由。"),
        limit=2000,
        rows=4,
    )
    sure = sure(_("文书没有送出。作废以后不能恢复，文号不再使用。"))
