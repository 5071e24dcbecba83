"""The prose of an annual report: its three sections, and taking a section from the template again."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.actions.prose import LONGEST
from casework.desk.forms.acts import DeskForm, read_lazily, sure
from casework.exports.parts import heading
from casework.fields import Lines
from casework.law.prose import PROSE

_ROWS = {"1": 22, "5": 10, "6": 6}


class ProseForm(DeskForm):
    """The three sections with their marks; ``version`` is the report's as the page was drawn."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, sections: Mapping[str, str], version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = version
        for number in PROSE:
            attributes = {"rows": _ROWS[number], "lang": "zh-hans", "spellcheck": "false"}
            self.fields[f"section_{number}"] = Lines(
                label=read_lazily(heading(number)),
                required=False,
                limit=LONGEST,
                widget=forms.Textarea(attrs=attributes),
            )
            self.fields[f"section_{number}"].asked = True  # type: ignore[attr-defined]  # not marked as optional
            self.initial[f"section_{number}"] = sections.get(number, "")

    def sections(self) -> dict[str, str]:
        """What was typed, by number of section."""
        return {number: self.cleaned_data[f"section_{number}"] for number in PROSE}


class TemplateAgainForm(DeskForm):
    """A section begins again with the paragraphs of the template."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    section = forms.ChoiceField(
        label=_("重新套用哪一部分"),
        choices=[(number, read_lazily(heading(number))) for number in PROSE],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择一个部分。")),
    )
    sure = sure(_("这一部分现在的文字全部换成模板。"))

    def __init__(self, *args: Any, version: int, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="again_%s", **kwargs)  # it stands beside the form that has a section_1
        self.initial["version"] = version
