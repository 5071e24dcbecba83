"""A report to be checked: a file or pasted text, and last year's of the same office for the link between years."""

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from casework.law.refusals import Refused
from casework.published import Reading, read
from casework.published.files import LARGEST

_LONGEST_TEXT: Final = 400_000


class ReportFile(forms.FileField):
    """One file, read as soon as it is small enough; the answer is its report."""

    def __init__(self, *, asked: bool = False, **kwargs: Any) -> None:
        self.asked = asked
        super().__init__(required=False, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Reading | None:
        if not data:
            return None
        if isinstance(data, UploadedFile) and data.size is not None and data.size > LARGEST:
            raise forms.ValidationError(
                gettext("文件超过%(most)s MB。年度报告没有这样大，请核对文件。"), params={"most": LARGEST // 1048576}
            )
        file = super().clean(data, initial)
        return _first(file.read(), str(file.name))


class CheckForm(forms.Form):
    """The report as a file or as text; ``reading`` and ``before`` are what was understood, once the form is valid."""

    use_required_attribute = False

    file = ReportFile(
        label=_("年度报告的文件"),
        help_text=_("DOCX、XLSX、网页（HTML）、JSON或者纯文本。PDF请打开后全选、复制，粘贴到下面。"),
        asked=True,
    )
    # As it was copied, page breaks and columns of spaces included: they tell where cells end.
    text = forms.CharField(
        label=_("或者粘贴报告的文字"),
        help_text=_("从网页或者PDF整篇复制即可，表格乱了也没有关系。"),
        required=False,
        strip=False,
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": _("文字过长，年度报告没有这样长，请核对。")},
    )
    last_year = ReportFile(
        label=_("上一年的年度报告"),
        help_text=_("用来核对上年结转与本年的衔接，以及规范性文件的存量。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].asked = True  # type: ignore[attr-defined]  # one of the two is wanted

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        self.reading: Reading | None = answers.get("file")
        self.before: Reading | None = answers.get("last_year")
        if self.reading is None and not self.errors:
            if not answers.get("text", "").strip():
                self.add_error("file", gettext("请选择文件，或者在下面粘贴报告的文字。"))
            else:
                try:
                    self.reading = _first(answers["text"].encode(), "")
                except forms.ValidationError as error:
                    self.add_error("text", error)
        return answers


def _first(content: bytes, name: str) -> Reading:
    try:
        return read(content, name)[0]
    except Refused as refused:
        raise forms.ValidationError(refused.sentence.read_in(get_language())) from refused
