"""A holiday notice as a file, and the confirmation after its preview."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casework.desk.forms.acts import DeskForm, sure
from casework.law.edition_file import LARGEST, EditionFile, read
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
