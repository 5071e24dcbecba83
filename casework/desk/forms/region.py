"""What is asked when a unit's report arrives as a file, and when one is withdrawn."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.actions.files import Upload
from casework.desk.forms.acts import DeskForm, sure
from casework.fields import Lines
from casework.published.files import LARGEST


class ReportUploadForm(DeskForm):
    """The file, as the unit sent it."""

    file = forms.FileField(
        label=_("年度报告的文件"),
        help_text=_(
            "JSON、XLSX、DOCX、网页（HTML）或者纯文本，按该单位报来的原样。下一步先看读到了什么，确认以后才保存。"
        ),
        allow_empty_file=True,
        max_length=200,
        error_messages={
            "required": _("请选择年度报告的文件。"),
            "invalid": _("请选择年度报告的文件。"),
            "max_length": _("文件名太长，请改短后再选。"),
        },
    )

    def clean_file(self) -> Upload:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size is not None and file.size > LARGEST:
            raise forms.ValidationError(
                gettext("文件超过%(most)s MB。年度报告没有这样大，请核对文件。"), params={"most": LARGEST // 1048576}
            )
        return Upload(str(file.name), file.read())


class ConfirmForm(DeskForm):
    """What was understood is taken; asked is only what this file leaves open."""

    waiting = forms.CharField(widget=forms.HiddenInput)
    confirmed = sure(_("以上各项已经核实，这就是该单位本年的报告。"))
    explanation = Lines(
        label=_("空白的说明"),
        help_text=_("已向该单位核实空白就是0的，写明何时向何人核实，合计时按0计。不写的，合计的这些格也空着。"),
        required=False,
        limit=2000,
        rows=3,
    )

    def __init__(self, *args: Any, doubtful: bool, blank: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not doubtful:
            del self.fields["confirmed"]
        if not blank:
            del self.fields["explanation"]


class WithdrawForm(DeskForm):
    """Why a received report shall not count."""

    reason = Lines(
        label=_("撤回理由"),
        help_text=_("例如该单位来函更正。文件和理由都留存。"),
        missing=_("请写明撤回理由。"),
        limit=2000,
        rows=4,
    )
    sure = sure(_("撤回以后，该单位本年没有报告计入合计，直到收到新的文件。"))
