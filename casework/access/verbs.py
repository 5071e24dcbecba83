"""The table of roles × verbs × states; ``tests/test_shape.py`` holds it against the transitions of ``Case``."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from casework.law.states import OPEN, State
from casework.law.words import Text
from casework.models import Role

from .roles import CLERK, DESK, HEAD

S = State


class Verb(StrEnum):
    """What a person can do to a case, in the order in which the desk offers it."""

    REGISTER = "register"
    ASSIGN = "assign"
    REQUEST_SUPPLEMENT = "request_supplement"
    RECEIVE_SUPPLEMENT = "receive_supplement"
    CONSULT = "consult"
    RECORD_SERVICE = "record_service"
    OFFER_LINK = "offer_link"
    REVOKE_LINK = "revoke_link"
    RECORD_OPINION = "record_opinion"
    JUDGE_OBJECTION = "judge_objection"
    CANCEL_CONSULTATION = "cancel_consultation"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    DECLINE_EXTENSION = "decline_extension"
    NOTIFY_FEE = "notify_fee"
    RECORD_FEE_DELIVERY = "record_fee_delivery"
    RECORD_PAYMENT = "record_payment"
    CANCEL_FEE = "cancel_fee"
    ASK_REASONS = "ask_reasons"
    RECORD_REASONS = "record_reasons"
    JUDGE_REASONS = "judge_reasons"
    DELAY = "delay"
    PROPOSE = "propose"
    REVIEW = "review"
    CLEAR_SECRECY = "clear_secrecy"
    FIND_CLASSIFIED = "find_classified"
    SEND_BACK = "send_back"
    SIGN = "sign"
    TAKE_BACK = "take_back"
    INFORM_THIRD_PARTY = "inform_third_party"
    DISPATCH = "dispatch"
    SEND = "send"
    RECORD_DELIVERY = "record_delivery"
    RECORD_RETURN = "record_return"
    REDISPATCH = "redispatch"
    FILE_PROOF = "file_proof"
    REQUEST_ASSISTANCE = "request_assistance"
    ANSWER_ASSISTANCE = "answer_assistance"
    CHASE = "chase"
    CANCEL_ASSISTANCE = "cancel_assistance"
    WITHDRAW = "withdraw"
    CHANGE_CONTACT = "change_contact"
    TELL_OTHERWISE = "tell_otherwise"
    RECORD_ATTEMPT = "record_attempt"
    CONFIRM_RECEIPT = "confirm_receipt"
    SPLIT = "split"
    LINK_DUPLICATE = "link_duplicate"
    TRANSFER = "transfer"
    CORRECT = "correct"
    READ_IDENTITY = "read_identity"


@dataclass(frozen=True, slots=True)
class VerbRow:
    """One verb: its words, the roles that may, and the states in which it makes sense."""

    verb: Verb
    words: Text
    roles: frozenset[str]
    states: frozenset[State]


#: After a late notice the clock runs while the supplement is awaited; where it stands still the replay refuses.
_RUNNING = (S.RECEIVED, S.SUPPLEMENT_REQUESTED, S.IN_REVIEW)
_BEFORE_SIGNATURE = OPEN - {S.SIGNED}
_REVIEWER = frozenset({Role.REVIEWER.value})
_SECRECY = frozenset({Role.SECRECY_REVIEWER.value})


def _row(verb: Verb, words: Text, roles: frozenset[str], *states: State) -> VerbRow:
    return VerbRow(verb, words, roles, frozenset(states))


VERBS: Final[dict[Verb, VerbRow]] = {
    row.verb: row
    for row in (
        _row(Verb.REGISTER, Text("登记申请", "Register"), DESK),
        _row(Verb.ASSIGN, Text("交办", "Assign"), DESK, *OPEN),
        _row(Verb.REQUEST_SUPPLEMENT, Text("告知补正", "Ask for a supplement"), CLERK, S.RECEIVED),
        # It is taken also while its lapse awaits the signature (条例 30).
        _row(
            Verb.RECEIVE_SUPPLEMENT,
            Text("登记补正", "Record the supplement"),
            CLERK,
            S.SUPPLEMENT_REQUESTED,
            S.IN_REVIEW,
        ),
        _row(Verb.CONSULT, Text("征求意见", "Consult"), CLERK, S.RECEIVED),
        # What comes from outside is recorded whenever it comes.
        _row(Verb.RECORD_SERVICE, Text("登记对方收到", "Record that they received it"), CLERK, *OPEN),
        _row(Verb.OFFER_LINK, Text("生成答复链接", "Make an answer link"), CLERK, *OPEN),
        _row(Verb.REVOKE_LINK, Text("撤销答复链接", "Revoke the answer link"), CLERK, *OPEN),
        _row(Verb.RECORD_OPINION, Text("登记意见", "Record an opinion"), CLERK, *OPEN),
        _row(
            Verb.JUDGE_OBJECTION,
            Text("判断第三方意见", "Judge an objection"),
            CLERK,
            S.RECEIVED,
            S.SUPPLEMENT_REQUESTED,
            S.IN_REVIEW,
            S.SIGNED,
        ),
        _row(Verb.CANCEL_CONSULTATION, Text("撤销征求意见", "Cancel a consultation"), CLERK, *OPEN),
        _row(Verb.ASK_EXTENSION, Text("报请延期", "Ask the head to extend"), CLERK, *_RUNNING),
        _row(Verb.EXTEND, Text("延长期限", "Extend"), HEAD, *_RUNNING),
        _row(Verb.DECLINE_EXTENSION, Text("不同意延期", "Decline the extension"), HEAD, *_RUNNING),
        _row(Verb.NOTIFY_FEE, Text("通知缴费", "Ask for the fee"), CLERK, S.RECEIVED),
        _row(
            Verb.RECORD_FEE_DELIVERY,
            Text("登记收费通知送达", "Record delivery of the fee notice"),
            CLERK,
            S.FEE_NOTIFIED,
        ),
        _row(Verb.RECORD_PAYMENT, Text("登记缴费", "Record the payment"), CLERK, S.FEE_NOTIFIED),
        _row(Verb.CANCEL_FEE, Text("撤销收费通知", "Cancel the fee notice"), HEAD, S.FEE_NOTIFIED),
        _row(Verb.ASK_REASONS, Text("要求说明理由", "Ask for reasons"), CLERK, S.RECEIVED),
        _row(Verb.RECORD_REASONS, Text("登记说明的理由", "Record the reasons"), CLERK, *OPEN),
        _row(
            Verb.JUDGE_REASONS,
            Text("认定理由是否合理", "Judge the reasons"),
            CLERK,
            S.RECEIVED,
            S.SUPPLEMENT_REQUESTED,
            S.FEE_NOTIFIED,
        ),
        _row(Verb.DELAY, Text("合理延迟答复", "Set a reasonable delay"), HEAD, *_RUNNING),
        _row(
            Verb.PROPOSE,
            Text("拟写答复", "Propose a reply"),
            CLERK,
            S.RECEIVED,
            S.SUPPLEMENT_REQUESTED,
            S.FEE_NOTIFIED,
        ),
        # The four below: only at their own step of the approval, see ``_APPROVAL``.
        _row(Verb.REVIEW, Text("审核通过", "Pass on after review"), _REVIEWER, S.IN_REVIEW),
        _row(Verb.CLEAR_SECRECY, Text("保密审查：可以公开", "Secrecy review: no secret"), _SECRECY, S.IN_REVIEW),
        _row(
            Verb.FIND_CLASSIFIED,
            Text("保密审查：涉密，退回", "Secrecy review: secret, send back"),
            _SECRECY,
            S.IN_REVIEW,
        ),
        _row(Verb.SEND_BACK, Text("退回重办", "Send back"), _REVIEWER | _SECRECY | HEAD, S.IN_REVIEW),
        _row(Verb.SIGN, Text("签发", "Sign"), HEAD, S.IN_REVIEW),
        # Before the dispatch only: what has left is left (law.md 4.10).
        _row(Verb.TAKE_BACK, Text("撤回签发", "Take the signature back"), HEAD, S.SIGNED),
        # Made before the reply leaves; what goes by post may leave after it.
        _row(
            Verb.INFORM_THIRD_PARTY,
            Text("告知第三方", "Tell the third party"),
            CLERK,
            S.SIGNED,
            S.DISCLOSED,
            S.PARTIALLY_DISCLOSED,
        ),
        _row(Verb.DISPATCH, Text("送出答复", "Dispatch"), CLERK, S.SIGNED),
        # The notice that a withdrawn case is closed leaves after it.
        _row(Verb.SEND, Text("登记送出文书", "Record that a letter left"), DESK, *State),
        # Notices of an open case arrive and come back as replies do.
        _row(Verb.RECORD_DELIVERY, Text("登记送达", "Record delivery"), CLERK, *State),
        _row(Verb.RECORD_RETURN, Text("登记退回", "Record returned mail"), CLERK, *State),
        _row(Verb.REDISPATCH, Text("重新送达", "Serve again"), CLERK, *State),
        _row(Verb.FILE_PROOF, Text("归档送达凭证", "File proof of service"), CLERK, *State),
        _row(Verb.REQUEST_ASSISTANCE, Text("请求协办", "Ask for assistance"), CLERK, *_BEFORE_SIGNATURE),
        # By whoever was asked as well: see ``check_may_answer``.
        _row(Verb.ANSWER_ASSISTANCE, Text("登记协办意见", "Record assistance"), CLERK, *OPEN),
        _row(Verb.CHASE, Text("催办", "Chase"), DESK, *OPEN),
        _row(Verb.CANCEL_ASSISTANCE, Text("取消协办", "Cancel a request"), CLERK, *OPEN),
        _row(Verb.WITHDRAW, Text("登记撤回", "Record a withdrawal"), CLERK, *OPEN),
        _row(Verb.CHANGE_CONTACT, Text("变更联系方式", "Change the contact details"), DESK, *State),
        _row(Verb.TELL_OTHERWISE, Text("登记另行告知", "Record that they were told otherwise"), DESK, *State),
        # The receipt is what it is, whatever has been done since.
        _row(Verb.RECORD_ATTEMPT, Text("登记联系未果", "Record a failed attempt"), CLERK, *OPEN),
        _row(Verb.CONFIRM_RECEIPT, Text("登记双方确认", "Record the confirmation"), CLERK, *OPEN),
        _row(Verb.SPLIT, Text("拆分申请", "Split the application"), CLERK, S.RECEIVED),
        _row(Verb.LINK_DUPLICATE, Text("关联同一申请", "Link the same application"), CLERK, *OPEN),
        _row(Verb.TRANSFER, Text("转送其他机关", "Forward to another agency"), CLERK, S.UNAVAILABLE),
        _row(Verb.CORRECT, Text("更正登记", "Correct the record"), DESK, *State),
        _row(
            Verb.READ_IDENTITY,
            Text("查看证件号码", "Read the identity number"),
            DESK | {Role.AUDITOR.value},
            *State,
        ),
    )
}
