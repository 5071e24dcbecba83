"""Forms of the fee: both tariffs worked out before one is chosen; the amount is never typed (国办函〔2020〕109号)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.desk.forms.acts import ActForm, DeskForm, Note, date_field, read_lazily, sure, whole_number
from casework.desk.forms.sending import LeavingForm
from casework.fields import Choice, Line, Lines
from casework.law import clock
from casework.law.fees import LAW, TARIFF_LAW, TARIFF_WORDS, Fee, Tariff, item_rate, worked_out
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case, frequency
from casework.templatetags.words import day


@dataclass(frozen=True, slots=True)
class Counted:
    """One application of the month: its place and what that place costs."""

    case: Case
    ordinal: int
    rate: int
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What one tariff gives for this application, or why it gives nothing."""

    tariff: Tariff
    fee: Fee | None = None
    refusal: Refused | None = None

    @property
    def words(self) -> Text:
        return TARIFF_WORDS[self.tariff]

    @property
    def law(self) -> str:
        return TARIFF_LAW[self.tariff]


class PreviewForm(DeskForm):
    """What has to be known before the tariffs can be worked out; sent in the address, so it stores nothing."""

    pages = whole_number(
        _("答复共多少页"),
        least=1,
        most=1_000_000,
        hint=_("按量计收的才填写。A4及以下规格的，一面算一页；不与其他申请累计。"),
    )
    confirmed = forms.TypedMultipleChoiceField(
        label=_("确认是同一申请人的申请"),
        help_text=_("姓名和一种联系方式相同，但是没有证件号码可以证明。核实是同一申请人的才勾选；没有把握的不计入。"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("只有列出的申请可以确认，请重新选择。")},
    )

    def __init__(self, data: Mapping[str, Any], *, alike: list[Case]) -> None:
        super().__init__(data)
        self.fields["pages"].required = False
        self.fields["confirmed"].choices = [  # type: ignore[attr-defined]
            (each.pk, gettext("%(number)s，%(date)s收到") % {"number": each.number, "date": day(each.received_on)})
            for each in alike
        ]
        if not alike:
            del self.fields["confirmed"]


class NotifyFeeForm(LeavingForm):
    """Which of the two tariffs; the amounts stand beside them."""

    tariff = Choice(
        label=_("怎样计收"),
        missing=_("请选择一种计收方式。"),
        choices=[(tariff.value, read_lazily(words)) for tariff, words in TARIFF_WORDS.items()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alike = frequency.alike_in_the_month(self.case)
        self.preview = PreviewForm(self.data if self.is_bound else self.asked, alike=alike)
        known = self.preview.is_valid()
        self.pages: int | None = self.preview.cleaned_data.get("pages") if known else None
        self.confirmed: list[int] = self.preview.cleaned_data.get("confirmed", []) if known else []

    @cached_property
    def counted(self) -> list[Counted]:
        """The applicant's applications of the month, each with its place and its rate."""
        month = frequency.of_the_month(self.case, self.confirmed)
        return [
            Counted(each, ordinal, item_rate(ordinal), each.pk in self.confirmed)
            for ordinal, each in enumerate(month, start=1)
        ]

    @property
    def offers(self) -> list[Offer]:
        """Both tariffs, worked out."""
        ordinal = next(each.ordinal for each in self.counted if each.case.pk == self.case.pk)
        return [self._offer(tariff, ordinal) for tariff in Tariff]

    def _offer(self, tariff: Tariff, ordinal: int) -> Offer:
        try:
            fee = worked_out(tariff, ordinal=ordinal, pages=self.pages if tariff is Tariff.PAGES else None)
        except Refused as refused:
            return Offer(tariff, refusal=refused)
        return Offer(tariff, fee)

    @property
    def month(self) -> date:
        return self.case.received_on

    def clean(self) -> dict[str, Any]:
        if "amount" in self.data:
            self.refuse(Refused(_NEVER_TYPED, law=LAW))
        if not self.preview.is_valid():
            for errors in self.preview.errors.values():
                self.add_error(None, errors)
        return super().clean() or {}

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        tariff = Tariff(facts["tariff"])
        pages = self.pages if tariff is Tariff.PAGES else None
        return facts | {"tariff": tariff, "pages": pages, "confirmed": tuple(self.confirmed)}

    def notes(self) -> list[Note]:
        notes = [
            Note(
                gettext(
                    "只有数量、频次明显超过合理范围的才可以收费，应当在答复期限内通知，写明依据、标准、金额和缴纳方式"
                    "（条例 42、国办函〔2020〕109号）。"
                )
            ),
            Note(gettext("金额由系统依照标准计算，不收取检索、复制、邮寄等其他费用。")),
        ]
        if not self.case.agency.payment_way.strip():
            missing = gettext("本机关还没有填写缴费方式，不能通知缴费。请机关管理员先在机关设置中填写。")
            notes.append(Note(missing, "grave"))
        return notes


class RecordFeeDeliveryForm(ActForm):
    """The day on which the notice reached the applicant."""

    on = date_field(_("申请人收到通知日期"), hint=_("自次日起20个工作日为缴费期限。"))


class RecordPaymentForm(ActForm):
    """The payment as the voucher shows it."""

    on = date_field(_("缴费日期"), hint=_("办理期限自缴费次日起重新计算。"))
    amount = forms.DecimalField(
        label=_("实缴金额（元）"),
        help_text=_("与收费通知一致的才能登记。"),
        max_digits=12,
        decimal_places=2,
        min_value=0,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "max_digits", "max_decimal_places", "max_whole_digits", "min_value"),
            _("请填写金额，例如 200 或者 200.50。"),
        ),
    )
    voucher_number = Line(
        label=_("缴费凭证号"),
        help_text=_("财政票据或者银行回单上的号码。系统不经手现金，也不办理退费。"),
        missing=_("请填写缴费凭证号。"),
        limit=80,
        widget=forms.TextInput(attrs={"class": "middle number", "autocomplete": "off"}),
    )

    def notes(self) -> list[Note]:
        fee = self.case.unpaid_fee
        if fee is None:
            return []
        return [Note(gettext("应缴%(amount)s元。") % {"amount": f"{fee.amount:.2f}"})]


class CancelFeeForm(ActForm):
    """Why the notice was a mistake."""

    reason = Lines(label=_("撤销的理由"), missing=_("请写明撤销的理由。"), limit=2000, rows=4)
    on = date_field(_("撤销日期"))
    sure = sure(_("收费通知是误发的。撤销以后期限按没有发出过通知计算，可能已经届满。"))

    def notes(self) -> list[Note]:
        case, agency = self.case, self.case.agency
        facts = [fact for fact in case.clock_facts() if not isinstance(fact, clock.FeeNotified)]
        due = clock.replay(case.receipt(), facts, calendar=agency.calendar, readings=case.readings)
        if due.due_on is None:
            return []
        late = gettext("撤销以后，最迟答复日是%(date)s。") % {"date": day(due.due_on)}
        return [Note(late, "grave" if due.due_on < self.today else "warning")]


_NEVER_TYPED = Text("收费金额由系统计算，不能填写。", "The amount of the fee is computed; it can't be typed.")
