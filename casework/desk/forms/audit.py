"""What an auditor looks for."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.access import AgencyAct
from casework.audit.searching import Asked
from casework.desk.forms.acts import DeskForm, read_lazily
from casework.fields import Day, Line
from casework.models import ACCESS_WORDS, AccessKind, ApiToken, Staff


class AuditForm(DeskForm):
    """Accesses or events, of whom, about which case, of what kind, on which days; all may be left open."""

    log = forms.ChoiceField(
        label=_("记录"),
        choices=[("access", _("访问记录")), ("events", _("办理记录"))],
        required=False,
    )
    person = Line(
        label=_("人员"), help_text=_("用户名或者姓名。"), limit=150, required=False,
        widget=forms.TextInput(attrs={"class": "middle", "autocomplete": "off"}),
    )  # fmt: skip
    number = Line(
        label=_("登记编号"),
        limit=80,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle", "autocomplete": "off"}),
    )
    token = Line(
        label=_("接口令牌"), help_text=_("令牌的标记或者用途。"), limit=80, required=False,
        widget=forms.TextInput(attrs={"class": "middle", "autocomplete": "off"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("种类"), required=False)
    since = Day(label=_("日期，从"), required=False)
    until = Day(label=_("日期，到"), required=False)

    def __init__(self, *args: Any, user: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        kinds = [(kind.value, read_lazily(words)) for kind, words in ACCESS_WORDS.items()]
        self.fields["kind"].choices = [("", _("全部")), *kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if isinstance(since, date) and isinstance(until, date) and until < since:
            self.add_error("until", gettext("结束日期早于开始日期。"))
        found: dict[str, Any] = {"person": None, "case": None, "token": ""}
        if name := given.get("person"):
            people = list(Staff.objects.filter(username=name)[:1]) or list(Staff.objects.filter(name=name)[:2])
            if len(people) == 1:
                found["person"] = people[0]
            elif people:
                self.add_error("person", gettext("叫这个名字的不止一人，请填写用户名。"))
            else:
                self.add_error("person", gettext("没有这位工作人员，请核对用户名或者姓名。"))
        if number := given.get("number"):
            cases = list(access.visible_to(self.user).filter(number=number)[:1])
            if cases:
                found["case"] = cases[0]
            else:
                self.add_error("number", gettext("没有登记编号为“%(number)s”的办件。") % {"number": number})
        found["token"] = self._mark(given.get("token") or "")
        if given.get("log") == "events" and not name and not number and not self.errors:
            self.add_error("log", gettext("查办理记录，请填写人员或者登记编号。"))
        return given | {"found": found}

    def _mark(self, typed: str) -> str:
        """The mark of the token of an agency whose record this is; errors go beside the field."""
        tokens = ApiToken.objects.filter(agency__in=access.agencies_for(self.user, AgencyAct.SEE_AUDIT))
        marks = {token.mark for token in tokens.filter(Q(mark=typed) | Q(name=typed))[:2]} if typed else set()
        if len(marks) > 1:
            self.add_error("token", gettext("这个用途的令牌不止一个，请填写标记。"))
        elif typed and not marks:
            self.add_error("token", gettext("没有这个接口令牌，请核对标记或者用途。"))
        return marks.pop() if len(marks) == 1 else ""

    def asked(self) -> Asked:
        """What a valid form asks."""
        given = self.cleaned_data
        return Asked(
            person=given["found"]["person"],
            case=given["found"]["case"],
            token=given["found"]["token"],
            kind=AccessKind(given["kind"]) if given.get("kind") else None,
            since=given.get("since"),
            until=given.get("until"),
        )
