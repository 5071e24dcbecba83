"""One form for each act on a request to correct one's own record; ``facts`` are the arguments of its verb."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.access import CorrectionAct
from casework.actions import correction as verbs
from casework.actions.correction import LONGEST_TEXT
from casework.correctionform import RequestForm
from casework.desk.forms.acts import DeskForm, files, sure
from casework.fields import Choice, Day, Line, Lines
from casework.law.correction import ON_PAPER
from casework.law.receipt import Channel, Receipt
from casework.models import Agency, RecordCorrection, Staff
from casework.templatetags.words import read


class CorrectionActForm(DeskForm):
    """``version``: as the page was drawn; whoever comes second is told."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, correction: RecordCorrection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.correction = correction
        self.initial.setdefault("version", correction.version)

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "sure")}


class TakeForm(CorrectionActForm):
    """Nothing is asked."""


class AskForm(CorrectionActForm):
    """What the person is asked for."""

    text = Lines(
        label=_("请申请人补充什么"),
        help_text=_("写明缺少哪些说明或者证据。申请人会原样看到。"),
        missing=_("请写明需要补充的内容。"),
        limit=LONGEST_TEXT,
        rows=5,
    )


class RecordAnswerForm(CorrectionActForm):
    """What came on paper, and when."""

    on = Day(label=_("收到日期"), missing=_("请填写收到日期。"))
    text = Lines(
        label=_("申请人补充的内容"),
        help_text=_("照原文录入；原件的扫描件附在下面。"),
        missing=_("请录入补充的内容。"),
        limit=LONGEST_TEXT,
        rows=5,
    )
    evidence = files(_("扫描件"))


class RecordWithdrawalForm(CorrectionActForm):
    """Said on paper, or at the counter and signed."""

    sure = sure(_("申请人已经书面撤回，来函或者签名的记录已经存卷。"))


class PutRightForm(CorrectionActForm):
    """How the record reads now."""

    reply = Lines(
        label=_("答复"),
        help_text=_("写明更正了哪一项、更正后的内容、何时生效。申请人会原样看到。"),
        missing=_("请写明答复。"),
        limit=LONGEST_TEXT,
        rows=6,
    )
    sure = sure(_("记录已经更正，并且核对过。"))


class RefuseForm(CorrectionActForm):
    """Why the record stays."""

    reply = Lines(
        label=_("不予更正的理由"),
        help_text=_("写明核实的情况、为什么记录没有不准确或者证据不足。救济途径由系统写明。"),
        missing=_("请写明不予更正的理由。"),
        limit=LONGEST_TEXT,
        rows=6,
    )


class DirectForm(CorrectionActForm):
    """Whom to ask."""

    organ = Line(label=_("有权更正的机关"), missing=_("请写明有权更正的机关。"), limit=200)
    reply = Lines(
        label=_("告知的内容"),
        help_text=_("写明为什么本机关无权更正、向哪个机关提出和它的联系方式。"),
        missing=_("请写明告知的内容。"),
        limit=LONGEST_TEXT,
        rows=5,
    )


class PassOnForm(CorrectionActForm):
    """To whom it is passed on: an agency that works here gets it at once."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("使用本系统的机关"),
        help_text=_("选择以后，该机关马上收到这件请求和证据。"),
        empty_label=_("不在名单里"),
        required=False,
        error_messages={"invalid_choice": _("请选择一个机关。")},
    )
    organ = Line(
        label=_("其他机关的名称"), help_text=_("不在名单里的，请写明名称，并另行送去材料。"), limit=200, required=False
    )
    reply = Lines(
        label=_("告知的内容"),
        help_text=_("写明为什么本机关无权更正、转送哪个机关。"),
        missing=_("请写明告知的内容。"),
        limit=LONGEST_TEXT,
        rows=5,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Agency.objects.open_to_applications().exclude(pk=self.correction.agency_id)
        self.fields["agency"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not answers.get("agency") and not answers.get("organ") and "agency" not in self.errors:
            self.add_error("organ", _("请选择或者写明有权更正的机关。"))
        return answers


class PaperForm(DeskForm, RequestForm):
    """A request that came on paper, written down word by word, with how and when it came."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        to_field_name="code",
        label=_("登记到哪个机关"),
        empty_label=_("请选择"),
        error_messages={"required": _("请选择一个机关。"), "invalid_choice": _("请选择一个机关。")},
    )
    channel = Choice(label=_("怎样收到的"), missing=_("请选择书面请求是怎样收到的。"))
    arrived_on = Day(
        label=_("到达日期"),
        help_text=_("当面提交的，是提交之日；邮寄的，是签收或者到达之日（参照条例第三十一条）。"),
        missing=_("请填写到达日期。"),
    )
    confirmed_on = Day(
        label=_("与申请人确认收到的日期"),
        help_text=_("只有不需签收的邮寄才填，应当在到达当日确认；确认之日为收到之日。"),
        required=False,
    )
    form_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, by: Staff, on: date, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **kwargs)
        mine = access.agencies_for(by, access.AgencyAct.REGISTER_CORRECTIONS)
        self.fields["agency"].queryset = Agency.objects.open_to_applications().filter(pk__in=mine)  # type: ignore[attr-defined]
        self.fields["channel"].choices = [(each.value, read(each.words)) for each in ON_PAPER]  # type: ignore[attr-defined]
        self.initial.setdefault("arrived_on", on.isoformat())
        for name, words in _AT_THE_DESK.items():
            self.fields[name].help_text = words

    def receipt(self) -> Receipt:
        answers = self.cleaned_data
        return Receipt(Channel(answers["channel"]), answers["arrived_on"], answers["confirmed_on"])


#: What the form tells whoever asks, said to the clerk who copies it.
_AT_THE_DESK: Final = {
    "record": _("照来件写明文件名称、文号或者网页地址。"),
    "grounds": _("照来件录入；每份材料证明什么。"),
    "evidence": _("来件和证据的扫描件，可以选多个，每个不超过 20 MB。"),
    "name": _("与证件、证照一致。只能要求更正与其自身相关的记录，请核对。"),
    "identity_number": _("用来确认记录是本人的。号码加密保存。"),
}


#: The form and the verb of each act; the identity number has a button of its own.
FORMS: Final[dict[CorrectionAct, tuple[type[CorrectionActForm], Callable[..., Any]]]] = {
    CorrectionAct.TAKE: (TakeForm, verbs.take),
    CorrectionAct.ASK: (AskForm, verbs.ask),
    CorrectionAct.RECORD_ANSWER: (RecordAnswerForm, verbs.answer),
    CorrectionAct.RECORD_WITHDRAWAL: (RecordWithdrawalForm, verbs.withdraw),
    CorrectionAct.CORRECT: (PutRightForm, verbs.put_right),
    CorrectionAct.REFUSE: (RefuseForm, verbs.refuse),
    CorrectionAct.TRANSFER: (PassOnForm, verbs.pass_on),
    CorrectionAct.DIRECT: (DirectForm, verbs.direct),
}
if FORMS.keys() | {CorrectionAct.READ_IDENTITY} != access.CORRECTION_ACTS.keys():
    raise TypeError("an act has no form")
