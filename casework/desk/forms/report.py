"""What is asked before an annual report moves on; ``facts`` are the arguments of the verb."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.access import ReportAct
from casework.desk.forms.acts import DeskForm, sure
from casework.fields import Lines

_LIMIT: Final = 2000


class ReportActForm(DeskForm):
    """One act on a report; ``version`` is that of the page on which the person decided."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, *args: Any, act: ReportAct, version: int, explain: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = version
        for name, field in _FIELDS.get(act, {}).items():
            self.fields[name] = field()
        if explain:
            self.fields["remark"].asked = True  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        texts = {name: given[name] for name in ("remark", "reason") if name in given}
        return {"version": given["version"] or 0} | texts


def _note() -> Lines:
    return Lines(
        label=_("书面说明"),
        help_text=_("有不成立的关系或者缺少的内容的，逐项写明原因。说明留存在工作底稿中，签发人可以看到。"),
        required=False,
        limit=_LIMIT,
        rows=5,
    )


def _remark() -> Lines:
    return Lines(
        label=_("退回意见"),
        help_text=_("写明需要改什么。已经签发过的，这也是下一版的更正理由。"),
        missing=_("请写明退回意见。"),
        limit=_LIMIT,
        rows=4,
    )


def _reason() -> Lines:
    return Lines(
        label=_("更正理由"),
        help_text=_("随新版一并公布，例如：发现12月有一件申请漏登。"),
        missing=_("请写明更正理由。"),
        limit=_LIMIT,
        rows=4,
    )


_FIELDS: Final[dict[ReportAct, dict[str, Callable[[], forms.Field]]]] = {
    ReportAct.CHECK: {"remark": _note},
    ReportAct.SEND_BACK: {"remark": _remark},
    ReportAct.SIGN: {"sure": lambda: sure(_("我已经看过全部表格和正文。签发以后本版冻结，不能修改。"))},
    ReportAct.PUBLISH: {"sure": lambda: sure(_("可以向社会公布。公布以后只能另编新版更正，不能收回。"))},
    ReportAct.REOPEN: {"reason": _reason},
}
