"""The form of a request to correct what an organ records about oneself (条例 41)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.actions.correction import LONGEST_TEXT
from casework.correctionform import RequestForm
from casework.fields import Files, Lines
from casework.models import Agency


class CorrectionForm(RequestForm):
    """Whom it is sent to, and all of the request."""

    use_required_attribute = False

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        to_field_name="code",
        label=_("向哪个机关提出？"),
        help_text=_("请选择记录有误的机关。它无权更正的，会转送有权更正的机关，或者告诉您该找谁。"),
        empty_label=_("请选择"),
        error_messages={"required": _("请选择一个机关。"), "invalid_choice": _("请选择一个机关。")},
    )
    form_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["agency"].queryset = Agency.objects.open_to_applications()  # type: ignore[attr-defined]


class AddForm(forms.Form):
    """What was asked for in addition."""

    use_required_attribute = False

    text = Lines(label=_("您的补充"), missing=_("请写明补充的内容。"), limit=LONGEST_TEXT, rows=6)
    evidence = Files(label=_("证据文件"), help_text=_("需要的话可以附上文件，每个不超过 20 MB。"), required=False)
