"""Forms for applications beyond what is reasonable: reasons asked for, given, judged; a delay (条例 35)."""

from functools import cached_property
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.desk.forms.acts import ActForm, Note, date_field, dated, whole_number
from casework.desk.forms.sending import LeavingForm
from casework.desk.habits import Habits
from casework.fields import Choice, Lines
from casework.models import frequency


class AskReasonsForm(LeavingForm):
    """Why the applications are clearly too many; their counts stand above the form."""

    why = Lines(
        label=_("超过合理范围的情况"),
        help_text=_("写明申请的数量、频次。将告知申请人。"),
        missing=_("请写明超过合理范围的情况。"),
        limit=5000,
        rows=5,
    )
    days = whole_number(
        _("说明理由的期限（工作日）"), least=1, most=120, hint=_("从告知次日起算。条例没有规定长短，应当合理。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("days", self.case.agency.reasons_days)

    @cached_property
    def habits(self) -> Habits:
        return Habits(frequency.frequency(self.case, on=self.today))

    def notes(self) -> list[Note]:
        return [Note(gettext("要求说明理由不是补正，答复期限不停止、不重新计算（条例 35）。"), "warning")]


class RecordReasonsForm(ActForm):
    """What the applicant gave as reasons."""

    answer = Lines(label=_("申请人的说明"), missing=_("请填写申请人的说明。"), limit=20_000)
    on = date_field(_("收到说明日期"))


class JudgeReasonsForm(ActForm):
    """Whether the reasons hold."""

    reasonable = Choice(
        label=_("理由是否合理"),
        missing=_("请选择理由是否合理。"),
        choices=[("yes", _("合理")), ("no", _("不合理"))],
        explained={
            "yes": _("照常办理。规定的期限内不能答复的，负责人可以确定延迟答复的合理期限，并告知申请人。"),
            "no": _("可以不予处理，并告知申请人；由负责人签发决定。"),
        },
    )
    grounds = Lines(
        label=_("认定的依据"),
        help_text=_("申请人逾期没有说明的，也写在这里。留存备查，不告知申请人。"),
        missing=_("请写明认定的依据。"),
        limit=5000,
        rows=5,
    )
    on = date_field(_("认定日期"))

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return facts | {"reasonable": facts["reasonable"] == "yes"}


class DelayForm(LeavingForm):
    """Until when, and why the statutory period can't be kept."""

    until = date_field(_("延迟至"), hint=_("条例没有规定最长期限，应当合理。"))
    reason = Lines(
        label=_("延迟的理由"),
        help_text=_("将告知申请人。"),
        missing=_("请写明延迟的理由。"),
        limit=2000,
        rows=4,
    )

    def notes(self) -> list[Note]:
        once = gettext("理由合理，但是不能按期答复的，才能确定，只确定一次，应当在期限届满以前告知（条例 35）。")
        notes = [Note(once)]
        due = self.case.due()
        if due.due_on:
            late = self.today > due.due_on
            now = gettext("现在的最迟答复日是%(date)s。") % {"date": dated(due)}
            notes.append(Note(now, "grave" if late else "note"))
        return notes
