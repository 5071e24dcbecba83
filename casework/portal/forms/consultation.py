"""What somebody who is consulted answers, and on the second page the proof of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.fields import Choice, Files, Lines
from casework.law.consultation import Position

_CONSENTS = {Position.CONSENTS: True, Position.PARTLY: True, Position.REFUSES: False}


class AnswerForm(forms.Form):
    """Consent, in part, or not; with reasons where something is not to be disclosed (条例 32)."""

    use_required_attribute = False

    position = Choice(
        label=_("您的意见"),
        missing=_("请选择您的意见。"),
        choices=[
            (Position.CONSENTS.value, _("同意公开")),
            (Position.PARTLY.value, _("只同意公开部分内容")),
            (Position.REFUSES.value, _("不同意公开")),
        ],
    )
    parts = Lines(
        label=_("同意公开的部分"),
        help_text=_("只同意公开部分内容的填写。"),
        required=False,
        asked=True,
        limit=5000,
        rows=4,
    )
    opinion = Lines(
        label=_("理由"),
        help_text=_("不同意公开，或者只同意公开部分内容的，请说明合理理由，并指明哪些内容涉及商业秘密、个人隐私。"),
        required=False,
        asked=True,
        limit=20_000,
        rows=8,
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        position = answers.get("position")
        if position == Position.PARTLY and answers.get("parts") == "":
            self.add_error("parts", gettext("请写明同意公开哪些部分。"))
        if position in (Position.PARTLY, Position.REFUSES) and answers.get("opinion") == "":
            self.add_error("opinion", gettext("请说明理由。没有理由的，行政机关难以判断是否应当不予公开。"))
        return answers

    @property
    def position_words(self) -> Any:
        return Position(self.cleaned_data["position"]).words

    def facts(self) -> dict[str, Any]:
        """The arguments of the verb."""
        position = Position(self.cleaned_data["position"])
        return {
            "consents": _CONSENTS[position],
            "parts": self.cleaned_data["parts"] if position is Position.PARTLY else "",
            "opinion": self.cleaned_data["opinion"],
        }


class ProofForm(forms.Form):
    """Files that go with the answer."""

    use_required_attribute = False

    uploads = Files(
        label=_("证明材料"),
        help_text=_("需要的话可以附上文件，例如保密协议、授权书，每个不超过 20 MB。"),
        required=False,
    )
