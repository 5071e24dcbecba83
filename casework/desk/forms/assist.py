"""The forms of requests inside (协办)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.desk.forms.acts import ActForm, Note, date_field, files
from casework.fields import Choice, Line, Lines
from casework.models import Agency, Assistance, Staff
from casework.templatetags.words import day


class RequestAssistanceForm(ActForm):
    """What is asked, of whom, and until when."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("兄弟单位"),
        required=False,
        empty_label=_("不是，是本机关科室或者其他单位"),
        help_text=_("同在本系统的单位，由其承办人在系统里答复。"),
        error_messages={"invalid_choice": _("没有这个单位，请重新选择。")},
    )
    name = Line(
        label=_("科室或者单位名称"),
        help_text=_("本机关的科室，或者不在上面的单位。"),
        limit=120,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle"}),
    )
    addressee = forms.ModelChoiceField(
        Staff.objects.none(),
        label=_("收件人"),
        required=False,
        empty_label=_("不指定"),
        help_text=_("本机关的同事。指定了的，由系统通知和催办；没有指定的，请把协办函送给该科室。"),
        error_messages={"invalid_choice": _("没有这位同事，请重新选择。")},
    )
    question = Lines(
        label=_("需要协办的事项"),
        help_text=_("写明要查什么、要哪些材料。不要写申请人是谁。"),
        missing=_("请写明需要协办的事项。"),
        limit=20_000,
        rows=6,
    )
    due_on = date_field(_("内部答复期限"))
    uploads = files(_("所附材料"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        house = self.case.agency
        units = Agency.objects.open_to_applications().exclude(pk=house.pk)
        self.fields["agency"].queryset = units  # type: ignore[attr-defined]
        people = Staff.objects.filter(is_active=True, appointments__agency=house).distinct()
        self.fields["addressee"].queryset = people.order_by("name", "username")  # type: ignore[attr-defined]
        self.initial.setdefault("due_on", self.proposed_day().isoformat())

    def proposed_day(self) -> date:
        """The agency's own period, but before the last day for the reply."""
        calendar, last = self.case.agency.calendar, self.case.due_on
        wanted = calendar.add_workdays(self.today, self.case.agency.assistance_days)
        if last is None or wanted < last:
            return wanted
        return max(calendar.subtract_workdays(last, 1), self.today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("agency") and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("请选择兄弟单位，或者填写科室或者单位的名称。"))
        return cleaned

    def notes(self) -> list[Note]:
        inside = gettext(
            "协办是内部的事，答复期限不停止、不延长。要征求第三方或者其他机关的意见，请用“征求意见”。"
            "对方只看得到这里写的事项和所附的材料，看不到申请人和本件的其他内容。"
        )
        return [Note(inside, "warning")]


class AnswerForm(ActForm):
    """The answer to a request inside, by whoever was asked."""

    answer = Lines(label=_("协办意见"), missing=_("请填写协办意见。"), limit=20_000)
    uploads = files(_("所附材料"))


class _OfOne(ActForm):
    """An act on one of the open requests of the case."""

    assistance = Choice(label=_("哪一项协办"), missing=_("请选择是哪一项协办。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open: dict[str, Assistance] = {
            str(asked.pk): asked for asked in self.case.assistances.all() if asked.is_open
        }
        self.fields["assistance"].choices = [  # type: ignore[attr-defined]
            (key, gettext("%(name)s（%(date)s提出）") % {"name": asked.name, "date": day(asked.asked_on)})
            for key, asked in self.open.items()
        ]
        if len(self.open) == 1:
            self.initial.setdefault("assistance", next(iter(self.open)))

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return facts | {"assistance": self.open[facts["assistance"]]}


class AnswerAssistanceForm(_OfOne):
    """What came on paper or by telephone, recorded by the clerk of the case."""

    answer = Lines(label=_("协办意见"), missing=_("请填写协办意见。"), limit=20_000)
    on = date_field(_("答复日期"))
    uploads = files(_("所附材料"))


class ChaseForm(_OfOne):
    """A reminder by hand."""

    def notes(self) -> list[Note]:
        by_itself = gettext("内部期限的前一个工作日、当天和逾期以后每两个工作日，系统会自动催办。")
        return [Note(by_itself)]


class CancelAssistanceForm(_OfOne):
    """The answer is no longer needed."""

    reason = Lines(label=_("取消的理由"), missing=_("请写明取消的理由。"), limit=2000, rows=3)
