"""Each act on a case: its form, its verb and what the page says when it is done. ``propose`` has pages of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from casework.access import Verb
from casework.actions import clock, consult, decide, deliver, intake
from casework.desk.forms import acts as forms
from casework.law.states import State, Turn
from casework.models import Case, Event


@dataclass(frozen=True, slots=True)
class Act:
    """A page of the desk that does one thing to a case. ``grave``: it can't be undone."""

    form: type[forms.ActForm]
    do: Callable[..., Event]
    done: StrOrPromise
    grave: bool = False
    template: str = "desk/act.html"


def _record_opinion(case: Case, **facts: Any) -> Event:
    """The verb acts on the consultation; the case is the one that the page has checked."""
    consultation = facts.pop("consultation")
    consultation.case = case
    return consult.record_opinion(consultation, **facts)


ACTS: Final[dict[Verb, Act]] = {
    Verb.ASSIGN: Act(forms.AssignForm, intake.assign, _("已经交办。")),
    Verb.REQUEST_SUPPLEMENT: Act(
        forms.RequestSupplementForm, clock.request_supplement, _("已经告知补正。收到补正以前，期限停止计算。")
    ),
    Verb.RECEIVE_SUPPLEMENT: Act(forms.ReceiveSupplementForm, clock.receive_supplement, _("已经登记补正。")),
    Verb.CONSULT: Act(forms.ConsultForm, consult.consult, _("已经登记征求意见。")),
    Verb.RECORD_OPINION: Act(forms.RecordOpinionForm, _record_opinion, _("已经登记意见。")),
    Verb.EXTEND: Act(forms.ExtendForm, clock.extend, _("期限已经延长。")),
    Verb.NOTIFY_FEE: Act(forms.NotifyFeeForm, clock.notify_fee, _("已经通知缴费。")),
    Verb.RECORD_PAYMENT: Act(forms.RecordPaymentForm, clock.record_payment, _("已经登记缴费，期限重新计算。")),
    Verb.ASK_REASONS: Act(forms.AskReasonsForm, clock.ask_reasons, _("已经要求说明理由。")),
    Verb.RECORD_REASONS: Act(forms.RecordReasonsForm, clock.record_reasons, _("已经登记申请人说明的理由。")),
    Verb.SEND_BACK: Act(
        forms.SendBackForm, decide.send_back, _("已经退回，系统会告知承办人。"), template="desk/send_back.html"
    ),
    Verb.SIGN: Act(forms.SignForm, decide.sign, _("已经签发，可以送出了。"), template="desk/sign.html"),
    Verb.DISPATCH: Act(forms.DispatchForm, deliver.dispatch, _("答复已经送出，本件办结。"), template="desk/send.html"),
    Verb.RECORD_DELIVERY: Act(forms.RecordDeliveryForm, deliver.record_delivery, _("已经登记送达。")),
    Verb.WITHDRAW: Act(forms.WithdrawForm, decide.withdraw, _("已经登记撤回，本件办结。"), grave=True),
}

_NEXT: Final[dict[State, Verb]] = {
    State.RECEIVED: Verb.PROPOSE,
    State.SUPPLEMENT_REQUESTED: Verb.RECEIVE_SUPPLEMENT,
    State.FEE_NOTIFIED: Verb.RECORD_PAYMENT,
    State.IN_REVIEW: Verb.SIGN,
    State.SIGNED: Verb.DISPATCH,
}


def next_verb(case: Case, *, on: date) -> Verb | None:
    """What usually comes next: its button stands first. When the applicant's period has run out, that is the reply."""
    if case.standing.turn is Turn.APPLICANT and case.period_ends_on is not None and case.period_ends_on < on:
        return Verb.PROPOSE
    return _NEXT.get(State(case.state))
