"""One form for each act on a case; ``facts`` are the arguments of its verb, under the verb's own names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from casework.fields import Day, Files, Line, Lines
from casework.law import clock
from casework.law.refusals import Refused
from casework.models import Case, Role, Staff
from casework.templatetags.words import cited, day, read

read_lazily = lazy(read, str)


@dataclass(frozen=True, slots=True)
class Note:
    """What the clerk should know before filling in the form; ``look`` is note, warning or grave."""

    text: str
    look: str = "note"


class DeskForm(forms.Form):
    """A form without the browser's own checks: the page says what is wrong, in its language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside the field it is about, else above the form."""
        sentence = read(refused.sentence)
        if refused.law:
            sentence = gettext("%(sentence)s（%(law)s）") % {"sentence": sentence, "law": cited(refused.law)}
        field = "uploads" if refused.field == "files" else refused.field
        self.add_error(field if field in self.fields else None, sentence)


class ActForm(DeskForm):
    """The form of one act. ``on`` is the day on which it is filled in; ``asked``, what its address asks to be shown."""

    def __init__(
        self, *args: Any, case: Case, by: Staff, on: date, asked: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.case, self.by, self.today = case, by, on
        self.asked = asked or {}
        super().__init__(*args, **kwargs)
        if "on" in self.fields:
            self.initial.setdefault("on", on.isoformat())

    def notes(self) -> list[Note]:
        """What the law says about this act in this case."""
        return []

    def done(self) -> StrOrPromise:
        """What the page says when it is done, where that depends on the answers."""
        return ""

    def facts(self) -> dict[str, Any]:
        """The arguments of the verb."""
        return {name: value for name, value in self.cleaned_data.items() if name != "sure"}


def dated(due: clock.Due) -> str:
    """The last day for the reply, with the word that it is provisional."""
    return gettext("%(date)s（暂定）") % {"date": day(due.due_on)} if due.provisional else day(due.due_on)


def date_field(label: StrOrPromise, *, hint: StrOrPromise = "", required: bool = True) -> Day:
    missing = _("请填写日期。") if required else ""
    return Day(label=label, help_text=hint, required=required, missing=missing)


def whole_number(label: StrOrPromise, *, least: int, most: int, hint: StrOrPromise = "") -> forms.IntegerField:
    sentence = format_lazy(_("请填写{least}至{most}之间的整数。"), least=least, most=most)
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence),
    )


def sure(label: StrOrPromise) -> forms.BooleanField:
    """What can't be undone is said twice."""
    return forms.BooleanField(label=label, error_messages={"required": _("确认无误的，请勾选。")})


def files(label: StrOrPromise) -> Files:
    return Files(label=label, required=False, help_text=_("可以选多个，每个不超过20 MB。"))


def clerk_field() -> forms.ModelChoiceField[Staff]:
    """Who is to handle it; whom one may choose is told by ``clerks_of``."""
    return forms.ModelChoiceField(
        Staff.objects.none(),
        label=_("承办人"),
        empty_label=_("请选择"),
        error_messages={"required": _("请选择承办人。"), "invalid_choice": _("没有这位承办人，请重新选择。")},
    )


def clerks_of(agencies: Collection[int]) -> QuerySet[Staff]:
    held = Staff.objects.filter(is_active=True, appointments__agency__in=agencies, appointments__role=Role.CLERK)
    return held.distinct().order_by("name", "username")


def division_field(help_text: StrOrPromise) -> Line:
    return Line(
        label=_("承办科室"),
        help_text=help_text,
        limit=80,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle"}),
    )


class AssignForm(ActForm):
    """Who handles the case."""

    clerk = clerk_field()
    division = division_field(_("只用于内部分工。本机关内设科室不是“其他机关”，转办不影响期限。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clerk"].queryset = clerks_of([self.case.agency_id])  # type: ignore[attr-defined]
        self.initial = {"clerk": self.case.clerk_id, "division": self.case.division, **self.initial}


class WithdrawForm(ActForm):
    """The applicant gives the application up."""

    statement = Lines(
        label=_("申请人的表示"),
        help_text=_("写明申请人何时、以何种方式要求撤回，书面的应当归档。"),
        missing=_("请写明申请人怎样要求撤回。"),
        limit=2000,
        rows=4,
    )
    on = date_field(_("撤回日期"))
    sure = sure(_("申请人本人要求撤回，身份已经核实。撤回以后本件办结，不能恢复。"))

    def notes(self) -> list[Note]:
        return [Note(gettext("撤回的申请不删除，在年度报告中计入“（六）其他处理—3.其他”。"))]
