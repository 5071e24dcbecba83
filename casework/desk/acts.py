"""Each act on a case: its form, its verb and what the page says when it is done.

``propose`` and ``offer_link`` have pages of their own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from casework.access import Answer, Verb
from casework.actions import (
    approve,
    assist,
    clock,
    consult,
    consultation_letters,
    contact,
    decide,
    deliver,
    excess,
    extension,
    fee,
    intake,
    receipt,
    related,
    send,
)
from casework.desk.forms import acts as forms
from casework.desk.forms import approval, channels, sending, supplement
from casework.desk.forms import assist as assist_forms
from casework.desk.forms import consult as consulting
from casework.desk.forms import excess as too_many
from casework.desk.forms import extension as more_time
from casework.desk.forms import fee as charges
from casework.desk.forms import intake as intake_forms
from casework.law.approval import STEPS
from casework.law.states import State, Turn
from casework.models import Case, Event, Letter


@dataclass(frozen=True, slots=True)
class Act:
    """A page of the desk that does one thing to a case. ``grave``: it can't be undone."""

    form: type[forms.ActForm]
    do: Callable[..., Event | Letter]
    done: StrOrPromise
    grave: bool = False
    template: str = "desk/act.html"


def _on_one(verb: Callable[..., Event]) -> Callable[..., Event]:
    """A verb that acts on one consultation; the case is the one that the page has checked."""

    def do(case: Case, **facts: Any) -> Event:
        consultation = facts.pop("consultation")
        consultation.case = case
        return verb(consultation, **facts)

    return do


def _of_request(verb: Callable[..., Event]) -> Callable[..., Event]:
    """The verb acts on one of the requests of the case that the page has checked."""

    def do(case: Case, **facts: Any) -> Event:
        assistance = facts.pop("assistance")
        assistance.case = case
        return verb(assistance, **facts)

    return do


def _by_letter(verb: Verb) -> Callable[..., Letter]:
    """The act is carried out when its letter leaves."""
    return lambda case, **facts: send.carry_out(case, verb, **facts)


def _send(case: Case, **facts: Any) -> Event:
    letter = facts.pop("letter")
    letter.case = case
    return send.send(letter, **facts)


ACTS: Final[dict[Verb, Act]] = {
    Verb.ASSIGN: Act(forms.AssignForm, intake.assign, _("已经交办。")),
    Verb.REQUEST_SUPPLEMENT: Act(
        supplement.RequestSupplementForm,
        _by_letter(Verb.REQUEST_SUPPLEMENT),
        _("已经告知补正。收到补正以前，期限停止计算。"),
        template="desk/request_supplement.html",
    ),
    Verb.CONSULT: Act(
        consulting.ConsultForm,
        consultation_letters.ask,
        _("征求意见的文书已经发出，期限自次日起扣除。"),
        template="desk/consult.html",
    ),
    Verb.RECORD_SERVICE: Act(
        consulting.RecordServiceForm, _on_one(consult.record_service), _("已经登记对方收到的日期。")
    ),
    Verb.REVOKE_LINK: Act(consulting.RevokeLinkForm, _on_one(consult.revoke_link), _("链接已经失效。")),
    Verb.RECORD_OPINION: Act(consulting.RecordOpinionForm, _on_one(consult.record_opinion), _("已经登记意见。")),
    Verb.JUDGE_OBJECTION: Act(
        consulting.JudgeObjectionForm, _on_one(consult.judge_objection), _("已经登记对第三方意见的判断。")
    ),
    Verb.CANCEL_CONSULTATION: Act(
        consulting.CancelConsultationForm,
        _on_one(consult.cancel_consultation),
        _("征求意见已经撤销，期限重新计算。"),
        grave=True,
    ),
    Verb.INFORM_THIRD_PARTY: Act(
        consulting.InformThirdPartyForm, consultation_letters.inform, _("第三方告知书已经制作、送达。")
    ),
    Verb.RECEIVE_SUPPLEMENT: Act(supplement.ReceiveSupplementForm, clock.receive_supplement, _("已经登记补正。")),
    Verb.ASK_EXTENSION: Act(more_time.AskExtensionForm, extension.ask_extension, _("已经报请延期，系统会告知负责人。")),
    Verb.EXTEND: Act(more_time.ExtendForm, _by_letter(Verb.EXTEND), _("期限已经延长。")),
    Verb.DECLINE_EXTENSION: Act(
        more_time.DeclineExtensionForm, extension.decline_extension, _("已经退回延期的报请，系统会告知承办人。")
    ),
    Verb.NOTIFY_FEE: Act(
        charges.NotifyFeeForm, _by_letter(Verb.NOTIFY_FEE), _("已经通知缴费。"), template="desk/fee.html"
    ),
    Verb.RECORD_FEE_DELIVERY: Act(
        charges.RecordFeeDeliveryForm, fee.record_fee_delivery, _("已经登记收费通知的送达日期。")
    ),
    Verb.RECORD_PAYMENT: Act(charges.RecordPaymentForm, fee.record_payment, _("已经登记缴费，期限重新计算。")),
    Verb.CANCEL_FEE: Act(charges.CancelFeeForm, fee.cancel_fee, _("收费通知已经撤销。"), grave=True),
    Verb.ASK_REASONS: Act(
        too_many.AskReasonsForm,
        _by_letter(Verb.ASK_REASONS),
        _("已经要求说明理由。"),
        template="desk/ask_reasons.html",
    ),
    Verb.RECORD_REASONS: Act(too_many.RecordReasonsForm, excess.record_reasons, _("已经登记申请人说明的理由。")),
    Verb.JUDGE_REASONS: Act(too_many.JudgeReasonsForm, excess.judge_reasons, _("已经认定理由是否合理。")),
    Verb.DELAY: Act(too_many.DelayForm, _by_letter(Verb.DELAY), _("延迟答复的期限已经确定。")),
    Verb.REVIEW: Act(
        approval.ReviewForm, approve.review, _("已经审核通过，送保密审查。"), template="desk/approve.html"
    ),
    Verb.CLEAR_SECRECY: Act(
        approval.ClearSecrecyForm, approve.clear_secrecy, _("保密审查通过，送签发。"), template="desk/approve.html"
    ),
    Verb.FIND_CLASSIFIED: Act(
        approval.FindClassifiedForm,
        approve.find_classified,
        _("已经退回，拟稿的文字和附件已从系统中删除。"),
        grave=True,
        template="desk/approve.html",
    ),
    Verb.SEND_BACK: Act(
        approval.SendBackForm, approve.send_back, _("已经退回，系统会告知承办人。"), template="desk/approve.html"
    ),
    Verb.SIGN: Act(approval.SignForm, approve.sign, _("已经签发，可以送出了。"), template="desk/approve.html"),
    Verb.TAKE_BACK: Act(
        approval.TakeBackForm,
        approve.take_back,
        _("已经撤回签发，文书作废，系统会告知承办人。"),
        grave=True,
        template="desk/approve.html",
    ),
    Verb.DISPATCH: Act(
        sending.DispatchForm, deliver.dispatch, _("答复已经送出，本件办结。"), template="desk/send.html"
    ),
    Verb.SEND: Act(sending.SendForm, _send, _("已经登记送出，文书自送出之日起生效。")),
    Verb.RECORD_DELIVERY: Act(sending.RecordDeliveryForm, deliver.record_delivery, _("已经登记送达。")),
    Verb.CHANGE_CONTACT: Act(
        channels.ChangeContactForm,
        contact.change_contact,
        _("已经变更联系方式。没有送到的通知会向新的联系方式重新发送。"),
    ),
    Verb.TELL_OTHERWISE: Act(channels.TellOtherwiseForm, contact.tell_otherwise, _("已经登记另行告知。")),
    Verb.RECORD_RETURN: Act(sending.RecordReturnForm, deliver.record_return, _("已经登记退回，请重新送达。")),
    Verb.REDISPATCH: Act(sending.RedispatchForm, deliver.redispatch, _("已经重新送出。")),
    Verb.FILE_PROOF: Act(
        sending.FileProofForm, deliver.file_proof, _("送达凭证已经归档。"), template="desk/file_proof.html"
    ),
    Verb.REQUEST_ASSISTANCE: Act(
        assist_forms.RequestAssistanceForm, assist.request_assistance, _("已经请求协办。答复期限照常计算。")
    ),
    Verb.ANSWER_ASSISTANCE: Act(
        assist_forms.AnswerAssistanceForm, _of_request(assist.answer_assistance), _("已经登记协办意见。")
    ),
    Verb.CHASE: Act(assist_forms.ChaseForm, _of_request(assist.chase), _("已经催办。")),
    Verb.CANCEL_ASSISTANCE: Act(
        assist_forms.CancelAssistanceForm, _of_request(assist.cancel_assistance), _("已经取消协办。")
    ),
    Verb.WITHDRAW: Act(forms.WithdrawForm, decide.withdraw, _("已经登记撤回，本件办结。"), grave=True),
    Verb.RECORD_ATTEMPT: Act(intake_forms.RecordAttemptForm, receipt.record_attempt, _("已经登记联系未果。")),
    Verb.CONFIRM_RECEIPT: Act(
        intake_forms.ConfirmReceiptForm, receipt.confirm_receipt, _("已经登记双方确认，期限从确认之日起计算。")
    ),
    Verb.SPLIT: Act(intake_forms.SplitForm, related.split, _("已经拆分，各件的登记编号见“关联的申请”。")),
    Verb.LINK_DUPLICATE: Act(intake_forms.LinkDuplicateForm, related.link_duplicate, _("已经关联。")),
    Verb.TRANSFER: Act(intake_forms.TransferForm, related.transfer, _("已经转送。")),
    Verb.CORRECT: Act(intake_forms.CorrectForm, receipt.correct, _("已经更正。")),
}

_NEXT: Final[dict[State, Verb]] = {
    State.RECEIVED: Verb.PROPOSE,
    State.SUPPLEMENT_REQUESTED: Verb.RECEIVE_SUPPLEMENT,
    State.FEE_NOTIFIED: Verb.RECORD_PAYMENT,
    State.SIGNED: Verb.DISPATCH,
}


def next_verb(case: Case, answers: Iterable[Answer], *, on: date) -> Verb | None:
    """What usually comes next: its button stands first. When the applicant's period has run out, that is the reply;
    and what came back, or lies ready, goes out before anything else. ``answers``: what is offered to the person.
    """
    open_now = {answer.verb for answer in answers if answer.allowed}
    for verb in (Verb.REDISPATCH, Verb.SEND):
        if verb in open_now:
            return verb
    if case.standing.turn is Turn.APPLICANT and case.period_ends_on is not None and case.period_ends_on < on:
        return Verb.PROPOSE
    draft = case.current_decision
    if draft is not None and (step := draft.awaits) is not None:
        return Verb(STEPS[step].verb)
    return _NEXT.get(State(case.state))
