"""Forms of the extension: asked of the head, answered, told (条例 33(2))."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.actions.extension import due_if_extended
from casework.desk.forms.acts import ActForm, Note, dated, whole_number
from casework.desk.forms.sending import LeavingForm
from casework.fields import Lines
from casework.law import clock
from casework.law.refusals import Refused
from casework.templatetags.words import day, read


class _MoreTime(ActForm):
    """By how much, and why; filled in with what has been asked for."""

    working_days = whole_number(_("延长多少个工作日"), least=1, most=20)
    reason = Lines(
        label=_("延长的理由"),
        help_text=_("将告知申请人。"),
        missing=_("请写明延长的理由。"),
        limit=2000,
        rows=4,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if request := self.case.extension_request:
            self.initial = {"working_days": request.working_days, "reason": request.reason, **self.initial}

    def notes(self) -> list[Note]:
        notes = [
            Note(gettext("需要经政府信息公开工作机构负责人同意并告知申请人，最多20个工作日，只能一次（条例 33）。"))
        ]
        request, due, longest = self.case.extension_request, self.case.due(), self._with_longest()
        if request is not None:
            asked = gettext("%(name)s于%(date)s报请延长%(days)s个工作日。")
            notes.append(
                Note(asked % {"name": request.asked_by, "date": day(request.asked_on), "days": request.working_days})
            )
        if due.due_on:
            notes.append(Note(gettext("现在的最迟答复日是%(date)s。") % {"date": dated(due)}))
        if isinstance(longest, Refused):
            notes.append(Note(read(longest.sentence), "grave"))
        elif longest.due_on:
            notes.append(Note(gettext("今天告知、延长20个工作日的，变为%(date)s。") % {"date": dated(longest)}))
        return notes

    def _with_longest(self) -> clock.Due | Refused:
        try:
            return due_if_extended(self.case, 20, on=self.today)
        except Refused as refused:
            return refused


class AskExtensionForm(_MoreTime):
    """What the clerk asks of the head."""


class ExtendForm(_MoreTime, LeavingForm):
    """The head's consent, and how the applicant is told of it."""

    def notes(self) -> list[Note]:
        told = gettext("原期限届满以前没有告知申请人的，延期不成立：邮寄的，以交邮之日为准（条例 33）。")
        return [*super().notes(), Note(told, "warning")]


class DeclineExtensionForm(ActForm):
    """Why there is no extension."""

    remark = Lines(label=_("不同意的理由"), missing=_("请写明不同意的理由。"), limit=2000, rows=4)
