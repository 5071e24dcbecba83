"""The one supplement: asked for, and recorded when it came by another way than the portal (条例 30)."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.desk.forms.acts import ActForm, Note, date_field, files, read_lazily, whole_number
from casework.desk.forms.sending import LeavingForm
from casework.fields import Choice, ExplainedChecks, Lines
from casework.law import clock
from casework.law.supplement import LACKS
from casework.models import Channel
from casework.templatetags.words import cited, day

cited_lazily = lazy(cited, str)


class RequestSupplementForm(LeavingForm):
    """What is unclear, and until when it can be made clear (条例 30)."""

    lacks = forms.MultipleChoiceField(
        label=_("缺少或者不明确的是什么"),
        choices=[(row.lack.value, read_lazily(row.words)) for row in LACKS.values()],
        widget=ExplainedChecks({row.lack.value: cited_lazily(row.law) for row in LACKS.values()}),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择缺少或者不明确的是什么。")),
    )
    excerpts = Lines(
        label=_("不明确的原文"),
        help_text=_("从上面的申请中照抄，一行一处。申请人补正时，这些字会标出来。"),
        limit=5000,
        rows=3,
        required=False,
    )
    unclear = Lines(
        label=_("请申请人怎样补正"),
        help_text=_("一次写全：哪里不明确、怎样写就明确了。这段文字将告知申请人。"),
        missing=_("请写明需要补正的事项。"),
        limit=5000,
    )
    days = whole_number(_("补正期限（工作日）"), least=1, most=120, hint=_("从告知次日起算，应当合理。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("days", self.case.agency.supplement_days)

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return facts | {"excerpts": [line.strip() for line in facts["excerpts"].splitlines() if line.strip()]}

    def notes(self) -> list[Note]:
        last = clock.supplement_notice_due(self.case.received_on, calendar=self.case.agency.calendar)
        told = {"date": day(last)}
        if self.today > last:
            late = gettext(
                "收到申请后第7个工作日是%(date)s，已经过了。"
                "逾期告知补正的，期限不因此重新计算，原答复期限仍然有效（条例 30）。"
            )
            if self.case.readings.late_notice_restarts:
                late = gettext(
                    "收到申请后第7个工作日是%(date)s，已经过了。逾期告知补正容易引起争议（条例 30）；"
                    "本机关的设置是仍然重新计算期限。"
                )
            return [Note(late % told, "grave")]
        return [
            Note(gettext("最迟在%(date)s（收到申请后第7个工作日）告知，而且只能告知一次（条例 30）。") % told),
        ]


class ReceiveSupplementForm(ActForm):
    """The supplement that came by another way than the portal."""

    answer = Lines(label=_("补正内容"), missing=_("请填写申请人补正的内容。"), limit=20_000)
    on = date_field(_("收到补正日期"), hint=_("与收到申请一样，按渠道确定。答复期限自这一天起重新计算。"))
    channel = Choice(label=_("补正渠道"), missing=_("请选择补正渠道。"), choices=Channel.choices)
    uploads = files(_("补正材料"))
