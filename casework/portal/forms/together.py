"""Pages beside the four questions: those who apply together, and whoever applies for somebody else."""

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.actions.application import Attorney, Fellow, checked_identity, fellows_of
from casework.fields import Choice, Files, Line, Lines, Name, Phone
from casework.law.refusals import Refused
from casework.models.applicant import IdentityKind
from casework.portal.forms.apply import Page, read


class FellowsPage(Page):
    """Joint applicants, one a line; the application is one, in the name of the person on the page before."""

    fellows = Lines(
        label=_("共同申请人"),
        help_text=_("每行一人：姓名，证件号码，联系方式，中间用逗号隔开。没有共同申请人的，不用填写。"),
        limit=20_000,
        required=False,
        rows=5,
    )

    def clean_fellows(self) -> str:
        typed: str = self.cleaned_data["fellows"]
        try:
            fellows_of(typed, on=self.on)
        except Refused as refused:
            raise ValidationError(read(refused.sentence)) from refused
        return typed


class AgentPage(Page):
    """Whoever fills in the form for the applicant (law.md 1.5). The column of table 三 is the applicant's."""

    agent_name = Name(
        label=_("代理人的姓名"),
        help_text=_("您代别人申请的，填写您自己；前面填写的是您所代理的申请人。没有代理人的，不用填写。"),
        limit=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle"}),
    )
    agent_identity_kind = Choice(
        label=_("代理人的身份证件"), choices=[("", _("没有提供")), *IdentityKind.choices], required=False, asked=True
    )
    agent_identity_number = Line(
        label=_("代理人的证件号码"),
        limit=60,
        required=False,
        asked=True,
        widget=forms.TextInput(attrs={"class": "number", "autocomplete": "off", "spellcheck": "false"}),
    )
    agent_phone = Phone(
        label=_("代理人的电话"),
        limit=40,
        required=False,
        asked=True,
        widget=forms.TextInput(attrs={"class": "middle", "inputmode": "tel"}),
    )
    agent_scope = Line(label=_("代理权限"), help_text=_("例如：代为申请、补正、接收答复。"), limit=300, required=False)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        number = answers.get("agent_identity_number", "")
        if number:
            try:
                answers["agent_identity_number"] = checked_identity(
                    answers.get("agent_identity_kind", ""), number, on=self.on
                )
            except Refused as refused:
                self.add_error("agent_identity_number", read(refused.sentence))
        if any(answers.values()) and not answers.get("agent_name") and "agent_name" not in self.errors:
            self.add_error("agent_name", gettext("请填写代理人的姓名。"))
        return answers


class AuthorityForm(forms.Form):
    """The power of attorney, sent with the application; without it the office may ask for it (条例 30)."""

    use_required_attribute = False

    authority = Files(
        label=_("授权委托书"),
        help_text=_("扫描件或者照片，每个不超过20 MB。现在没有的，可以以后补交。"),
        required=False,
    )


ASIDES: Final[dict[str, type[Page]]] = {"fellows": FellowsPage, "agent": AgentPage}


def lodged(answers: dict[str, Any], *, on: date) -> dict[str, Any]:
    """Cleaned answers as the arguments of ``Application``: the people around the applicant as rows of their own."""
    of_agent = {name.removeprefix("agent_"): answers.pop(name) for name in list(answers) if name.startswith("agent_")}
    fellows: tuple[Fellow, ...] = fellows_of(answers.pop("fellows", ""), on=on)
    return answers | {"fellows": fellows, "agent": Attorney(**of_agent) if of_agent else None}
