"""One form for each act on a case; ``facts`` are the arguments of its verb, under the verb's own names."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from casework.fields import Choice, Day, Files, Line, Lines
from casework.law import clock
from casework.law.refusals import Refused
from casework.models import Case, Channel, Consultation, DispatchMode, Role, Staff
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
    """The form of one act. ``on`` is the day on which it is filled in."""

    def __init__(self, *args: Any, case: Case, by: Staff, on: date, **kwargs: Any) -> None:
        self.case, self.by, self.today = case, by, on
        super().__init__(*args, **kwargs)
        if "on" in self.fields:
            self.initial.setdefault("on", on.isoformat())

    def notes(self) -> list[Note]:
        """What the law says about this act in this case."""
        return []

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


class AssignForm(ActForm):
    """Who handles the case."""

    clerk = forms.ModelChoiceField(
        Staff.objects.none(),
        label=_("承办人"),
        empty_label=_("请选择"),
        error_messages={"required": _("请选择承办人。"), "invalid_choice": _("没有这位承办人，请重新选择。")},
    )
    division = Line(
        label=_("承办科室"),
        help_text=_("只用于内部分工。本机关内设科室不是“其他机关”，转办不影响期限。"),
        limit=80,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clerks = Staff.objects.filter(
            is_active=True, appointments__agency=self.case.agency_id, appointments__role=Role.CLERK
        )
        self.fields["clerk"].queryset = clerks.order_by("name", "username")  # type: ignore[attr-defined]
        self.initial = {"clerk": self.case.clerk_id, "division": self.case.division, **self.initial}


class RequestSupplementForm(ActForm):
    """What is unclear, and until when it can be made clear (条例 30)."""

    unclear = Lines(
        label=_("需要补正的事项"),
        help_text=_("一次写全：哪里不明确、怎样写就明确了。这段文字将告知申请人。"),
        missing=_("请写明需要补正的事项。"),
        limit=5000,
    )
    days = whole_number(_("补正期限（工作日）"), least=1, most=120, hint=_("从告知次日起算，应当合理。"))
    on = date_field(_("告知日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("days", self.case.agency.supplement_days)

    def notes(self) -> list[Note]:
        last = clock.supplement_notice_due(self.case.received_on, calendar=self.case.agency.calendar)
        told = {"date": day(last)}
        if self.today > last:
            late = gettext(
                "收到申请后第7个工作日是%(date)s，已经过了。"
                "逾期告知补正的，期限不因此重新计算，原答复期限仍然有效（条例 30）。"
            )
            if self.case.agency.late_notice_restarts:
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


class ConsultForm(ActForm):
    """A letter to a third party or another organ (条例 32, 34)."""

    party = Choice(
        label=_("征求谁的意见"),
        missing=_("请选择征求谁的意见。"),
        choices=[(party.value, capfirst(read_lazily(party.words))) for party in clock.Party],
        explained={
            clock.Party.THIRD_PARTY.value: _(
                "公开会损害其合法权益的第三方。逾期不答复的，由本机关依法决定（条例 32）。"
            ),
            clock.Party.OTHER_AGENCY.value: _("共同制作该信息的机关。逾期不答复的，视为同意公开（条例 34）。"),
        },
    )
    name = Line(
        label=_("名称或者姓名"),
        help_text=_("内设科室不填在这里。不要向对方透露申请人是谁。"),
        missing=_("请填写第三方或者机关的名称。"),
        limit=200,
    )
    sent_on = date_field(_("发出日期"))
    delivered_on = date_field(
        _("送达日期"), hint=_("对方收到之日起15个工作日内答复。还不知道的可以以后补填。"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("sent_on", self.today.isoformat())

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return facts | {"party": clock.Party(facts["party"])}

    def notes(self) -> list[Note]:
        return [Note(gettext("征求意见所需时间不计入答复期限（条例 33）。系统会告知申请人正在征求意见，不告知对象。"))]


class RecordOpinionForm(ActForm):
    """The answer of somebody who was consulted."""

    consultation = Choice(label=_("谁的意见"), missing=_("请选择是谁的意见。"))
    consents = Choice(
        label=_("对方的意见"),
        missing=_("请选择对方的意见。"),
        choices=[("yes", _("同意公开")), ("no", _("不同意公开")), ("neither", _("没有明确表示"))],
    )
    opinion = Lines(label=_("意见和理由"), required=False, limit=20_000, rows=6)
    delivered_on = date_field(_("征求意见书送达日期"), hint=_("发出时没有填写的，在这里补填。"), required=False)
    answered_on = date_field(_("收到意见日期"), hint=_("自下一个工作日起恢复计算期限。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open = {str(c.pk): c for c in self.case.consultations.all() if c.answered_on is None}
        field = self.fields["consultation"]
        field.choices = [  # type: ignore[attr-defined]
            (key, gettext("%(name)s（%(date)s发出）") % {"name": c.name, "date": day(c.sent_on)})
            for key, c in self.open.items()
        ]
        self.initial.setdefault("answered_on", self.today.isoformat())
        if len(self.open) == 1:
            self.initial.setdefault("consultation", next(iter(self.open)))

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        chosen: Consultation = self.open[facts["consultation"]]
        if chosen.delivered_on is not None:
            del facts["delivered_on"]
        return facts | {
            "consultation": chosen,
            "consents": {"yes": True, "no": False, "neither": None}[facts["consents"]],
        }


class ExtendForm(ActForm):
    """The head's consent to more time (条例 33(2))."""

    working_days = whole_number(_("延长多少个工作日"), least=1, most=20)
    reason = Lines(
        label=_("延长的理由"),
        help_text=_("将告知申请人。"),
        missing=_("请写明延长的理由。"),
        limit=2000,
        rows=4,
    )
    on = date_field(_("告知申请人日期"), hint=_("应当在原期限届满以前告知。"))

    def notes(self) -> list[Note]:
        notes = [
            Note(gettext("需要经政府信息公开工作机构负责人同意并告知申请人，最多20个工作日，只能一次（条例 33）。"))
        ]
        due, longest = self.case.due(), self._with_longest()
        if due.due_on:
            notes.append(Note(gettext("现在的最迟答复日是%(date)s。") % {"date": dated(due)}))
        if isinstance(longest, Refused):
            notes.append(Note(read(longest.sentence), "grave"))
        elif longest.due_on:
            notes.append(Note(gettext("今天告知、延长20个工作日的，变为%(date)s。") % {"date": dated(longest)}))
        return notes

    def _with_longest(self) -> clock.Due | Refused:
        facts = [*self.case.clock_facts(), clock.Extended(self.today, 20)]
        agency = self.case.agency
        try:
            return clock.replay(self.case.receipt(), facts, calendar=agency.calendar, readings=agency.readings)
        except Refused as refused:
            return refused


class NotifyFeeForm(ActForm):
    """A notice to pay the information processing fee (国办函〔2020〕109号)."""

    amount = forms.DecimalField(
        label=_("金额（元）"),
        max_digits=12,
        decimal_places=2,
        min_value=0,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "max_digits", "max_decimal_places", "max_whole_digits", "min_value"),
            _("请填写金额，例如 200 或者 200.50。"),
        ),
    )
    on = date_field(_("通知日期"))
    delivered_on = date_field(_("送达日期"), hint=_("申请人收到通知次日起20个工作日内缴纳。"), required=False)

    def notes(self) -> list[Note]:
        return [
            Note(
                gettext(
                    "只有数量、频次明显超过合理范围的才可以收费，应当在答复期限内通知，写明依据、标准、金额和缴纳方式"
                    "（条例 42、国办函〔2020〕109号）。"
                )
            )
        ]


class RecordPaymentForm(ActForm):
    """The day of payment."""

    on = date_field(_("缴费日期"), hint=_("办理期限自缴费次日起重新计算。"))


class AskReasonsForm(ActForm):
    """Why the applications are clearly too many (条例 35)."""

    why = Lines(
        label=_("超过合理范围的情况"),
        help_text=_("写明申请的数量、频次。将告知申请人。"),
        missing=_("请写明超过合理范围的情况。"),
        limit=5000,
        rows=5,
    )
    on = date_field(_("告知日期"))

    def notes(self) -> list[Note]:
        return [Note(gettext("要求说明理由不是补正，答复期限不停止、不重新计算（条例 35）。"), "warning")]


class RecordReasonsForm(ActForm):
    """What the applicant gave as reasons."""

    answer = Lines(label=_("申请人的说明"), missing=_("请填写申请人的说明。"), limit=20_000)
    on = date_field(_("收到说明日期"))


class SendBackForm(ActForm):
    """Why the draft goes back."""

    remark = Lines(label=_("退回意见"), missing=_("请写明要修改什么。"), limit=2000, rows=4)


class SignForm(ActForm):
    """The signature. The draft stands above the form as the applicant will read it."""

    sure = sure(_("我已经核对上面的答复，同意签发。签发以后不能再退回。"))


class DispatchForm(ActForm):
    """How and when the reply left, which closes the case (国办公开办函〔2016〕235号)."""

    mode = Choice(
        label=_("怎样送出"),
        missing=_("请选择怎样送出。"),
        choices=DispatchMode.choices,
        explained={
            DispatchMode.ONLINE.value: _("申请人凭登记编号和查询码在本网站查看、下载。"),
            DispatchMode.EMAIL.value: _("发到申请人的电子邮箱。"),
            DispatchMode.POST.value: _("只能由邮政企业寄送，不得使用快递，以交邮之日为答复之日（235号 二、四）。"),
            DispatchMode.IN_PERSON.value: _("以申请人签收之日为答复之日（235号 四）。"),
        },
    )
    on = date_field(_("送出日期"), hint=_("交邮、签收或者发出的当天。本件在这一天办结。"))
    postal_number = Line(
        label=_("邮件号码"),
        help_text=_("邮寄的必须填写。"),
        limit=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "middle number", "autocomplete": "off"}),
    )
    document_number = Line(
        label=_("答复文号"), limit=80, required=False, widget=forms.TextInput(attrs={"class": "middle"})
    )
    uploads = files(_("补充的附件"))
    sure = sure(_("答复已经送出，或者现在就从网上发出。送出以后本件办结，不能撤销。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decision = self.case.current_decision
        self.initial.setdefault("document_number", decision.document_number if decision else "")
        wanted = {"online": DispatchMode.ONLINE, "email": DispatchMode.EMAIL, "post": DispatchMode.POST}
        self.initial.setdefault("mode", wanted.get(self.case.wanted_way, ""))

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return facts | {"mode": DispatchMode(facts["mode"])}

    def notes(self) -> list[Note]:
        due = self.case.due()
        if due.due_on and self.today > due.due_on:
            late = gettext("最迟答复日%(date)s已经过了。今天送出的是逾期答复，送出日期应当如实填写。")
            return [Note(late % {"date": dated(due)}, "grave")]
        return []


class RecordDeliveryForm(ActForm):
    """The day on which the applicant received the reply."""

    on = date_field(_("送达日期"), hint=_("申请人收到答复的日期，复议、诉讼的期限自知道之日起算。"))


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
