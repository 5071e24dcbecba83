"""Who may do what: roles × verbs × states as one table, and what each person may see.

*May this person?* and *is it possible now?* are two questions (style 5): the table answers the first and names the
states for the second; ``tests/test_shape.py`` holds it against the transitions of ``Case``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from casework.approvers import Turn, administrators, turn_of
from casework.law.approval import STEPS, Step
from casework.law.refusals import Refused
from casework.law.states import OPEN, State
from casework.law.words import Text
from casework.models import Agency, Arrival, Assistance, Case, Delegation, Delivery, Letter, Role, Staff
from casework.models.arrival import ArrivalQuerySet
from casework.models.assistance import AssistanceQuerySet
from casework.models.case import CaseQuerySet
from casework.models.querycode import matches

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


_CLERK = frozenset({Role.CLERK.value})
_HEAD = frozenset({Role.HEAD.value})
_DESK = _CLERK | _HEAD
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
        _row(Verb.REGISTER, Text("登记申请", "Register"), _DESK),
        _row(Verb.ASSIGN, Text("交办", "Assign"), _DESK, *OPEN),
        _row(Verb.REQUEST_SUPPLEMENT, Text("告知补正", "Ask for a supplement"), _CLERK, S.RECEIVED),
        # It is taken also while its lapse awaits the signature (条例 30).
        _row(
            Verb.RECEIVE_SUPPLEMENT,
            Text("登记补正", "Record the supplement"),
            _CLERK,
            S.SUPPLEMENT_REQUESTED,
            S.IN_REVIEW,
        ),
        _row(Verb.CONSULT, Text("征求意见", "Consult"), _CLERK, S.RECEIVED),
        # What comes from outside is recorded whenever it comes.
        _row(Verb.RECORD_SERVICE, Text("登记对方收到", "Record that they received it"), _CLERK, *OPEN),
        _row(Verb.OFFER_LINK, Text("生成答复链接", "Make an answer link"), _CLERK, *OPEN),
        _row(Verb.REVOKE_LINK, Text("撤销答复链接", "Revoke the answer link"), _CLERK, *OPEN),
        _row(Verb.RECORD_OPINION, Text("登记意见", "Record an opinion"), _CLERK, *OPEN),
        _row(
            Verb.JUDGE_OBJECTION,
            Text("判断第三方意见", "Judge an objection"),
            _CLERK,
            S.RECEIVED,
            S.SUPPLEMENT_REQUESTED,
            S.IN_REVIEW,
        ),
        _row(Verb.CANCEL_CONSULTATION, Text("撤销征求意见", "Cancel a consultation"), _CLERK, *OPEN),
        _row(Verb.ASK_EXTENSION, Text("报请延期", "Ask the head to extend"), _CLERK, *_RUNNING),
        _row(Verb.EXTEND, Text("延长期限", "Extend"), _HEAD, *_RUNNING),
        _row(Verb.DECLINE_EXTENSION, Text("不同意延期", "Decline the extension"), _HEAD, *_RUNNING),
        _row(Verb.NOTIFY_FEE, Text("通知缴费", "Ask for the fee"), _CLERK, S.RECEIVED),
        _row(
            Verb.RECORD_FEE_DELIVERY,
            Text("登记收费通知送达", "Record delivery of the fee notice"),
            _CLERK,
            S.FEE_NOTIFIED,
        ),
        _row(Verb.RECORD_PAYMENT, Text("登记缴费", "Record the payment"), _CLERK, S.FEE_NOTIFIED),
        _row(Verb.CANCEL_FEE, Text("撤销收费通知", "Cancel the fee notice"), _HEAD, S.FEE_NOTIFIED),
        _row(Verb.ASK_REASONS, Text("要求说明理由", "Ask for reasons"), _CLERK, S.RECEIVED),
        _row(Verb.RECORD_REASONS, Text("登记说明的理由", "Record the reasons"), _CLERK, *OPEN),
        _row(
            Verb.JUDGE_REASONS,
            Text("认定理由是否合理", "Judge the reasons"),
            _CLERK,
            S.RECEIVED,
            S.SUPPLEMENT_REQUESTED,
            S.FEE_NOTIFIED,
        ),
        _row(Verb.DELAY, Text("合理延迟答复", "Set a reasonable delay"), _HEAD, *_RUNNING),
        _row(
            Verb.PROPOSE,
            Text("拟写答复", "Propose a reply"),
            _CLERK,
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
        _row(Verb.SEND_BACK, Text("退回重办", "Send back"), _REVIEWER | _SECRECY | _HEAD, S.IN_REVIEW),
        _row(Verb.SIGN, Text("签发", "Sign"), _HEAD, S.IN_REVIEW),
        # Made before the reply leaves; what goes by post may leave after it.
        _row(
            Verb.INFORM_THIRD_PARTY,
            Text("告知第三方", "Tell the third party"),
            _CLERK,
            S.SIGNED,
            S.DISCLOSED,
            S.PARTIALLY_DISCLOSED,
        ),
        _row(Verb.DISPATCH, Text("送出答复", "Dispatch"), _CLERK, S.SIGNED),
        # The notice that a withdrawn case is closed leaves after it.
        _row(Verb.SEND, Text("登记送出文书", "Record that a letter left"), _DESK, *State),
        # Notices of an open case arrive and come back as replies do.
        _row(Verb.RECORD_DELIVERY, Text("登记送达", "Record delivery"), _CLERK, *State),
        _row(Verb.RECORD_RETURN, Text("登记退回", "Record returned mail"), _CLERK, *State),
        _row(Verb.REDISPATCH, Text("重新送达", "Serve again"), _CLERK, *State),
        _row(Verb.FILE_PROOF, Text("归档送达凭证", "File proof of service"), _CLERK, *State),
        _row(Verb.REQUEST_ASSISTANCE, Text("请求协办", "Ask for assistance"), _CLERK, *_BEFORE_SIGNATURE),
        # By whoever was asked as well: see ``check_may_answer``.
        _row(Verb.ANSWER_ASSISTANCE, Text("登记协办意见", "Record assistance"), _CLERK, *OPEN),
        _row(Verb.CHASE, Text("催办", "Chase"), _DESK, *OPEN),
        _row(Verb.CANCEL_ASSISTANCE, Text("取消协办", "Cancel a request"), _CLERK, *OPEN),
        _row(Verb.WITHDRAW, Text("登记撤回", "Record a withdrawal"), _CLERK, *OPEN),
        _row(Verb.CHANGE_CONTACT, Text("变更联系方式", "Change the contact details"), _DESK, *State),
        _row(Verb.TELL_OTHERWISE, Text("登记另行告知", "Record that they were told otherwise"), _DESK, *State),
        # The receipt is what it is, whatever has been done since.
        _row(Verb.RECORD_ATTEMPT, Text("登记联系未果", "Record a failed attempt"), _CLERK, *OPEN),
        _row(Verb.CONFIRM_RECEIPT, Text("登记双方确认", "Record the confirmation"), _CLERK, *OPEN),
        _row(Verb.SPLIT, Text("拆分申请", "Split the application"), _CLERK, S.RECEIVED),
        _row(Verb.LINK_DUPLICATE, Text("关联同一申请", "Link the same application"), _CLERK, *OPEN),
        _row(Verb.TRANSFER, Text("转送其他机关", "Forward to another agency"), _CLERK, S.UNAVAILABLE),
        _row(Verb.CORRECT, Text("更正登记", "Correct the record"), _DESK, *State),
        _row(
            Verb.READ_IDENTITY,
            Text("查看证件号码", "Read the identity number"),
            _DESK | {Role.AUDITOR.value},
            *State,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether an act is allowed, and if not, why: the desk greys the button and shows the reason."""

    verb: Verb
    allowed: bool
    reason: Text | None = None
    #: Who is away and for whom this person would act.
    for_whom: Staff | None = None

    @property
    def words(self) -> Text:
        return VERBS[self.verb].words


def may(by: Staff, verb: Verb, case: Case, *, on: date | None = None) -> Answer:
    """Whether this person may do this to this case as it stands.

    ``on``: the day, for those who stand in for somebody away; without it nobody does.
    """
    if verb not in _APPROVAL:
        return _by_table(by, verb, case, on)
    return _by_turn(by, verb, case, _turn(case, on))


def _turn(case: Case, on: date | None) -> Turn | None:
    return turn_of(case, on=on) if State(case.state) is S.IN_REVIEW else None


def _by_table(by: Staff, verb: Verb, case: Case, on: date | None = None) -> Answer:
    row = VERBS[verb]
    away = None if by.holds(case.agency_id, *row.roles) else _deputised(by, row, case, on)
    if away is None and not by.holds(case.agency_id, *row.roles):
        return Answer(
            verb,
            False,
            Text("需要的角色：{roles}。", "Needs the role of {roles}.").format(roles=role_words(row.roles)),
        )
    if State(case.state) not in row.states:
        return Answer(
            verb,
            False,
            Text("本件现在的状态是“{state}”。", "The case is “{state}” now.").format(state=case.standing.clerk),
        )
    return Answer(verb, True, for_whom=away)


def _deputised(by: Staff, row: VerbRow, case: Case, on: date | None) -> Staff | None:
    """For whom this person may act outside the approval: periods end also while a head is away."""
    if on is None or row.verb not in DEPUTISED:
        return None
    found = Delegation.objects.in_force(on).filter(agency=case.agency_id, role__in=row.roles, deputy=by)
    delegation = found.select_related("person").first()
    return delegation.person if delegation else None


#: What a deputy may do beside the approval itself; each of these tells the event for whom.
DEPUTISED: Final = frozenset({Verb.EXTEND})


#: The verbs of the approval and the step at which each is open; any step for the one that ends it.
_APPROVAL: Final[dict[Verb, Step | None]] = {
    Verb.REVIEW: Step.REVIEW,
    Verb.CLEAR_SECRECY: Step.SECRECY,
    Verb.FIND_CLASSIFIED: Step.SECRECY,
    Verb.SEND_BACK: None,
    Verb.SIGN: Step.SIGNATURE,
}


def _by_turn(by: Staff, verb: Verb, case: Case, turn: Turn | None) -> Answer:
    """A verb of the approval: by the table or as a deputy, at its own step, and by another than before."""
    if turn is None:  # not in review, or no more: then the verb finds that the case has changed
        return _by_table(by, verb, case)
    approver = turn.approver(by)
    if approver is not None and _APPROVAL[verb] in (turn.step, None):
        return Answer(verb, True, for_whom=approver.for_whom)
    answer = _by_table(by, verb, case)
    if not answer.allowed and not any(by.pk == delegation.deputy_id for delegation in turn.desk.delegations):
        return answer
    if verb is Verb.SEND_BACK and by.holds(case.agency_id, STEPS[turn.step].role):
        return Answer(verb, True)  # to stop a draft is open to whoever's step it is, drafter or not
    return Answer(verb, False, _why_not(by, verb, case, turn))


def _why_not(by: Staff, verb: Verb, case: Case, turn: Turn) -> Text:
    row = STEPS[turn.step]
    wanted = _APPROVAL[verb]
    if wanted not in (turn.step, None) or not by.holds(case.agency_id, row.role):
        return Text("拟写的答复现在等待的是{step}。", "The draft is waiting for: {step}.").format(step=row.words)
    if turn.decision.proposed_by_id == by.pk:
        return Text("拟稿人不能{step}自己拟的答复。", "{step}: whoever drafted the reply can't do it.").format(
            step=row.words
        )
    return Text(
        "您已经办过这份拟稿的另一个环节，应当由{others}{step}。",
        "You have taken another step of this draft; {others} should take this one: {step}.",
    ).format(others=_names(approver.person for approver in turn.approvers), step=row.words)


def nobody_for(case: Case, turn: Turn) -> Text | None:
    """Who must appoint whom, where the agency has nobody for the step awaited; no step is skipped for that."""
    if turn.approvers:
        return None
    row = STEPS[turn.step]
    asked = administrators(case.agency)
    return Text(
        "本机关没有可以{step}这份答复的人（拟稿人不能办自己的稿件）。请{who}指定{role}。环节不能省略（{law}）。",
        "This agency has nobody who may take this step: {step} (drafters can't take their own). "
        "{who} must appoint a {role}. No step can be left out.",
    ).format(
        step=row.words,
        who=_names(asked) if asked else Text("系统管理员", "the system administrator"),
        role=ROLE_WORDS[row.role],
        law=row.law,
    )


def _names(people: Iterable[Staff]) -> Text:
    names = list(dict.fromkeys(person.get_full_name() for person in people))
    return Text("、".join(names), " or ".join(names))


def check_may(by: Staff, verb: Verb, case: Case, *, on: date | None = None) -> Answer:
    """Raise ``Refused`` with the reason where ``may`` says no; else its answer, which says for whom."""
    answer = may(by, verb, case, on=on)
    if not answer.allowed:
        raise Refused(
            Text("不能{verb}：{reason}", "Not allowed – {verb}: {reason}").format(
                verb=answer.words, reason=answer.reason
            )
        )
    return answer


def check_may_register(by: Staff, agency: Agency) -> None:
    """Registering has no case yet: the role in the agency decides."""
    if not by.holds(agency.pk, *VERBS[Verb.REGISTER].roles):
        raise Refused(
            Text("您在{agency}没有登记申请的权限。", "You may not register applications for {agency}.").format(
                agency=agency.name
            )
        )


def offered(by: Staff, case: Case, *, on: date) -> list[Answer]:
    """Every act on a case with its answer, in the order of the table; what the file already settles is not offered.

    The verbs themselves judge the file with their article; here it only saves the clerk an empty form.
    """
    turn = _turn(case, on)
    answers = [
        _by_turn(by, verb, case, turn) if verb in _APPROVAL else _by_table(by, verb, case, on)
        for verb in VERBS
        if verb is not Verb.REGISTER
    ]
    made = list(case.letters.not_sent().only("act", "decision_id"))
    served = list(case.deliveries.latest_of_each())
    return [_judged_by_file(answer, case, made, served) if answer.allowed else answer for answer in answers]


def _judged_by_file(answer: Answer, case: Case, made: list[Letter], served: list[Delivery]) -> Answer:
    if answer.verb not in _SEVERAL and any(letter.act == answer.verb for letter in made):
        return Answer(answer.verb, False, _MADE)
    consulted = list(case.consultations.all())
    awaited = [c for c in consulted if c.answered_on is None]
    inside = any(asked.is_open for asked in case.assistances.all())
    request, fee = case.extension_request, case.unpaid_fee
    asked = next(iter(case.reasons_requests.all()), None)
    reasons: dict[Verb, tuple[bool, Text | None]] = {
        Verb.REQUEST_SUPPLEMENT: (bool(case.supplements.all()), _ONCE),
        Verb.RECEIVE_SUPPLEMENT: (case.awaited_supplement is None, _NONE_AWAITED),
        Verb.SEND: (not any(letter.decision_id is None for letter in made), _NONE_MADE),
        Verb.RECORD_SERVICE: (all(c.delivered_on for c in consulted), _ALL_RECEIVED),
        Verb.OFFER_LINK: (not awaited, _NONE_CONSULTED),
        Verb.REVOKE_LINK: (not any(c.has_link for c in awaited), _NO_LINK),
        Verb.RECORD_OPINION: (not awaited, _NONE_CONSULTED),
        Verb.JUDGE_OBJECTION: (not any(c.objects_to_disclosure for c in consulted), _NONE_OBJECTS),
        Verb.CANCEL_CONSULTATION: (not consulted, _NOBODY_CONSULTED),
        Verb.INFORM_THIRD_PARTY: (not any(c.to_be_informed for c in consulted), _NONE_OVERRIDDEN),
        Verb.ASK_EXTENSION: _first(
            (bool(case.extensions.all()), _EXTENDED),
            (any(letter.act == Verb.EXTEND for letter in made), _MADE),
            (request is not None, _EXTENSION_ASKED),
        ),
        Verb.EXTEND: (bool(case.extensions.all()), _EXTENDED),
        Verb.DECLINE_EXTENSION: _first(
            (any(letter.act == Verb.EXTEND for letter in made), _MADE), (request is None, _NO_EXTENSION_ASKED)
        ),
        Verb.NOTIFY_FEE: (any(notice.cancelled_on is None for notice in case.fee_notices.all()), _CHARGED),
        Verb.RECORD_FEE_DELIVERY: (fee is None or fee.delivered_on is not None, _FEE_DELIVERED),
        Verb.ASK_REASONS: (asked is not None, _ASKED),
        Verb.RECORD_REASONS: (asked is None or asked.answered_on is not None, _NOT_ASKED),
        Verb.JUDGE_REASONS: (asked is None or asked.reasonable is not None, _NOTHING_TO_JUDGE),
        Verb.DELAY: _first((bool(case.delays.all()), _DELAYED), (not (asked and asked.reasonable), _NOT_REASONABLE)),
        Verb.RECORD_DELIVERY: (not any(not sent.came_back for sent in served), _NOT_SENT),
        Verb.RECORD_RETURN: (not any(sent.can_come_back for sent in served), _NOT_POSTED),
        Verb.REDISPATCH: (not any(sent.came_back for sent in served), _NOT_RETURNED),
        Verb.FILE_PROOF: (not served, _NOT_SENT),
        Verb.ANSWER_ASSISTANCE: (not inside, _NONE_ASKED),
        Verb.CHASE: (not inside, _NONE_ASKED),
        Verb.CANCEL_ASSISTANCE: (not inside, _NONE_ASKED),
        Verb.TELL_OTHERWISE: (answer.verb is Verb.TELL_OTHERWISE and not case.has_undelivered, _ALL_DELIVERED),
        Verb.RECORD_ATTEMPT: (not case.receipt().awaits_confirmation, _NOT_TO_CONFIRM),
        Verb.CONFIRM_RECEIPT: (not case.receipt().awaits_confirmation, _NOT_TO_CONFIRM),
        Verb.SPLIT: (bool(case.clock_facts()), _UNDER_WAY),
        Verb.TRANSFER: (answer.verb is Verb.TRANSFER and not _not_ours(case), _OURS),
    }
    settled, reason = reasons.get(answer.verb, (False, None))
    return Answer(answer.verb, False, reason) if settled else answer


def _first(*judged: tuple[bool, Text]) -> tuple[bool, Text | None]:
    """The first of these that settles the matter."""
    return next((each for each in judged if each[0]), (False, None))


def _not_ours(case: Case) -> bool:
    decision = case.current_decision
    return decision is not None and decision.ground == "other_body"


#: The letters of these acts may lie ready side by side.
_SEVERAL: Final = frozenset({Verb.CONSULT, Verb.INFORM_THIRD_PARTY})
_ONCE: Final = Text("补正只能告知一次，本件已经告知过（条例 30）。", "Only one supplement may be asked for (art. 30).")
_NONE_AWAITED: Final = Text("没有等待申请人的补正。", "No supplement is awaited.")
_MADE: Final = Text(
    "文书已经制作，还没有送出：送出以后生效，不送的可以作废。",
    "The letter has been made and has not left: it takes effect when it does; or it can be declared void.",
)
_NONE_MADE: Final = Text("没有已经制作、还没有送出的文书。", "No letter waits to be sent.")
_NONE_CONSULTED: Final = Text("没有等待答复的征求意见。", "No opinion is awaited.")
_NOBODY_CONSULTED: Final = Text("本件没有征求过意见。", "Nobody has been consulted.")
_ALL_RECEIVED: Final = Text("没有需要登记送达日期的征求意见。", "No day of delivery is missing.")
_NO_LINK: Final = Text("没有可以撤销的链接。", "There is no link to revoke.")
_NONE_OBJECTS: Final = Text("没有第三方不同意公开。", "No third party objects.")
_NONE_OVERRIDDEN: Final = Text(
    "没有因公共利益决定公开而需要告知的第三方。", "Nothing is disclosed against a third party's will."
)
_EXTENDED: Final = Text(
    "只能延长一次，本件已经延长过（条例 33）。", "Already extended, which is possible once (art. 33)."
)
_EXTENSION_ASKED: Final = Text("已经报请延期，尚未办结。", "An extension has been asked for already.")
_NO_EXTENSION_ASKED: Final = Text("没有报请延期。", "No extension has been asked for.")
_CHARGED: Final = Text("本件已经通知过缴费。", "The fee has been asked for already.")
_ASKED: Final = Text("本件已经要求说明理由。", "Reasons have been asked for already.")
_NOT_ASKED: Final = Text("没有等待申请人说明的理由。", "No reasons are awaited.")
_ALL_DELIVERED: Final = Text("没有未送到申请人的通知。", "No notice to the applicant is undelivered.")
_FEE_DELIVERED: Final = Text("收费通知的送达日期已经登记。", "The delivery of the notice is on file.")
_NOTHING_TO_JUDGE: Final = Text("没有等待认定的理由。", "No reasons wait to be judged.")
_DELAYED: Final = Text("延迟答复的期限已经确定（条例 35）。", "The delay has been set (art. 35).")
_NOT_REASONABLE: Final = Text(
    "要求说明理由并认定理由合理以后，才能确定（条例 35）。",
    "Possible after reasons were asked for and judged reasonable (art. 35).",
)
_NOT_SENT: Final = Text("本件没有送出的文书。", "No letter has left.")
_NOT_POSTED: Final = Text("没有寄出而未退回的文书。", "No letter that was posted can come back.")
_NOT_RETURNED: Final = Text("没有退回的文书。", "No letter has come back.")
_NONE_ASKED: Final = Text("没有等待答复的协办。", "No request inside is awaiting an answer.")
_NOT_TO_CONFIRM: Final = Text(
    "收到日期不需要确认，或者已经确认（条例 31）。", "The receipt needs no confirmation, or has it (art. 31)."
)
_UNDER_WAY: Final = Text("已经告知补正、征求意见等，不能再拆分。", "The case is too far along to be split.")
_OURS: Final = Text(
    "只有答复“不属于本机关负责公开”的可以转送（条例 36）。", "Only what another body is responsible for (art. 36)."
)


def may_arrange(by: Staff, person: Staff, agency: Agency) -> bool:
    """Whether somebody may say who stands in for that person: for oneself, or as administrator of the agency."""
    return by.pk == person.pk or by.holds(agency.pk, Role.AGENCY_ADMINISTRATOR)


ROLE_WORDS: Final[dict[str, Text]] = {
    Role.CLERK.value: Text("承办人", "clerk"),
    Role.REVIEWER.value: Text("审核人", "reviewer"),
    Role.SECRECY_REVIEWER.value: Text("保密审查人", "secrecy reviewer"),
    Role.HEAD.value: Text("公开工作机构负责人", "head"),
    Role.REPORT_EDITOR.value: Text("年报编辑", "report editor"),
    Role.AUDITOR.value: Text("审计人员", "auditor"),
    Role.AGENCY_ADMINISTRATOR.value: Text("机关管理员", "agency administrator"),
    Role.REGION_SUPERVISOR.value: Text("区域主管部门", "region supervisor"),
    Role.SYSTEM_ADMINISTRATOR.value: Text("系统管理员", "system administrator"),
}


def role_words(roles: frozenset[str]) -> Text:
    """Roles in a sentence, in the order of the table."""
    texts = [text for role, text in ROLE_WORDS.items() if role in roles]
    return Text("、".join(t.zh for t in texts), " or ".join(t.en for t in texts))


# Calendar editions hold for every agency of the deployment, so they are nobody's case and have a table of their own.


class EditionAct(StrEnum):
    """What can be done about calendar editions."""

    SEE = "see_editions"
    APPLY = "apply_edition"


@dataclass(frozen=True, slots=True)
class ActRow:
    """Something that is done to no case: its words, and the roles that may."""

    words: Text
    roles: frozenset[str]


_SYSTEM: Final = frozenset({Role.SYSTEM_ADMINISTRATOR.value})
ADMINISTRATORS: Final = _SYSTEM | {Role.AGENCY_ADMINISTRATOR.value}
EDITION_ACTS: Final[dict[EditionAct, ActRow]] = {
    EditionAct.SEE: ActRow(Text("查看放假安排", "See calendar editions"), ADMINISTRATORS),
    EditionAct.APPLY: ActRow(Text("启用放假安排", "Apply a calendar edition"), _SYSTEM),
}


def may_about_editions(user: Staff | AnonymousUser, act: EditionAct) -> bool:
    """Whether the person holds a role for it in any agency."""
    return bool(agencies_where(user, EDITION_ACTS[act].roles))


def check_may_apply_editions(by: Staff) -> None:
    """Raise ``Refused`` for everybody but a system administrator."""
    if not may_about_editions(by, EditionAct.APPLY):
        row = EDITION_ACTS[EditionAct.APPLY]
        raise Refused(
            Text("不能{act}：需要的角色：{roles}。", "Not allowed – {act}: needs the role of {roles}.").format(
                act=row.words, roles=role_words(row.roles)
            )
        )


# What is done for an agency and not for one of its cases.


class AgencyAct(StrEnum):
    """What can be done about an agency's own paper, its settings and its mail."""

    CHANGE_SETTINGS = "change_settings"
    CHANGE_TEMPLATES = "change_templates"
    SEE_LETTERS = "see_letters"
    VOID_LETTERS = "void_letters"
    SEE_MAIL = "see_mail"
    LOG_MAIL = "log_mail"
    TAKE_MAIL = "take_mail"
    CLOSE_MAIL = "close_mail"
    SEE_UNDELIVERED = "see_undelivered"
    SET_WEBHOOKS = "set_webhooks"


def may_for_agency(by: Staff, act: AgencyAct, agency: Agency) -> bool:
    """Whether the person holds a role for it in this agency."""
    return by.holds(agency.pk, *AGENCY_ACTS[act].roles)


def check_may_for_agency(by: Staff, act: AgencyAct, agency: Agency) -> None:
    """Raise ``Refused`` with the roles that may."""
    if not may_for_agency(by, act, agency):
        row = AGENCY_ACTS[act]
        raise Refused(
            Text("不能{act}：需要的角色：{roles}。", "Not allowed – {act}: needs the role of {roles}.").format(
                act=row.words, roles=role_words(row.roles)
            )
        )


def agencies_for(user: Staff | AnonymousUser, act: AgencyAct) -> QuerySet[Agency]:
    """The agencies for which the person may do it, in the order of the tree; any other does not exist for them."""
    return Agency.objects.filter(pk__in=agencies_where(user, AGENCY_ACTS[act].roles)).order_by("path")


def arrivals_visible_to(user: Staff | AnonymousUser) -> ArrivalQuerySet:
    """The mail of this person's agencies, which names people; another's is answered with 404."""
    return Arrival.objects.filter(agency__in=agencies_where(user, AGENCY_ACTS[AgencyAct.SEE_MAIL].roles))


# What a person may see -----------------------------------------------------------------------------------------------

READS_CASES: Final = frozenset(
    {
        Role.CLERK.value,
        Role.REVIEWER.value,
        Role.SECRECY_REVIEWER.value,
        Role.HEAD.value,
        Role.AUDITOR.value,
    }
)
READS_FIGURES: Final = READS_CASES | {
    Role.REPORT_EDITOR.value,
    Role.REGION_SUPERVISOR.value,
    Role.AGENCY_ADMINISTRATOR.value,
}


_ADMINISTRATOR: Final = frozenset({Role.AGENCY_ADMINISTRATOR.value})
AGENCY_ACTS: Final[dict[AgencyAct, ActRow]] = {
    AgencyAct.CHANGE_SETTINGS: ActRow(Text("修改机关设置", "Change the agency’s settings"), _ADMINISTRATOR),
    AgencyAct.CHANGE_TEMPLATES: ActRow(Text("修改文书模板", "Change letter templates"), _ADMINISTRATOR),
    AgencyAct.SEE_LETTERS: ActRow(Text("查看文书登记簿", "See the register of letters"), READS_CASES),
    AgencyAct.VOID_LETTERS: ActRow(Text("作废文书", "Declare a letter void"), _HEAD),
    AgencyAct.SEE_MAIL: ActRow(Text("查看收件登记", "See the mail log"), _DESK | {Role.AUDITOR.value}),
    AgencyAct.LOG_MAIL: ActRow(Text("登记收件", "Log incoming mail"), _DESK),
    AgencyAct.TAKE_MAIL: ActRow(Text("接收收件", "Take over mail"), _DESK),
    AgencyAct.CLOSE_MAIL: ActRow(Text("不作为申请登记", "Close mail as no application"), _DESK),
    AgencyAct.SEE_UNDELIVERED: ActRow(
        Text("查看、重新发送没有送到的消息", "See undelivered messages and send them again"), _HEAD | _ADMINISTRATOR
    ),
    AgencyAct.SET_WEBHOOKS: ActRow(Text("设置系统回调", "Set webhooks"), _ADMINISTRATOR),
}


def agencies_where(user: Staff | AnonymousUser, roles: frozenset[str]) -> list[int]:
    """Ids of the agencies in which the person has any of the roles; none for anybody who is not active staff."""
    if not isinstance(user, Staff) or not user.is_active:
        return []
    return [agency_id for agency_id, held in user.roles.items() if held & roles]


def visible_to(user: Staff | AnonymousUser) -> CaseQuerySet:
    """The cases whose content this person may read; whatever is not in it is answered with 404."""
    return CaseQuerySet(Case).filter(agency__in=agencies_where(user, READS_CASES))


def asked_of(user: Staff | AnonymousUser) -> AssistanceQuerySet:
    """The requests inside that were put to this person, or to a sister unit in which they handle cases."""
    if not isinstance(user, Staff) or not user.is_active:
        return AssistanceQuerySet(Assistance).none()
    house = list(user.roles)  # who has left an office no longer reads what came to them there
    in_person = Q(addressee=user) & (Q(agency__in=house) | Q(agency=None, case__agency__in=house))
    return AssistanceQuerySet(Assistance).filter(Q(agency__in=agencies_where(user, _DESK)) | in_person)


def assistance_visible_to(user: Staff | AnonymousUser) -> AssistanceQuerySet:
    """Requests that this person may read: those put to them, and those in cases that they may read anyway."""
    return asked_of(user) | AssistanceQuerySet(Assistance).filter(case__agency__in=agencies_where(user, READS_CASES))


def may_answer(by: Staff, assistance: Assistance) -> bool:
    """Whoever was asked may answer while the case is open, and its clerk may record what they said."""
    was_asked = State(assistance.case.state) in OPEN and asked_of(by).filter(pk=assistance.pk).exists()
    return was_asked or may(by, Verb.ANSWER_ASSISTANCE, assistance.case).allowed


def check_may_answer(by: Staff, assistance: Assistance) -> None:
    """Raise ``Refused`` where ``may_answer`` says no."""
    if not may_answer(by, assistance):
        check_may(by, Verb.ANSWER_ASSISTANCE, assistance.case)


def figures_visible_to(user: Staff | AnonymousUser) -> QuerySet[Agency]:
    """The agencies whose figures this person may read: their own; for a region supervisor all below as well."""
    own = agencies_where(user, READS_FIGURES)
    seen = Agency.objects.filter(pk__in=own)
    supervised = agencies_where(user, frozenset({Role.REGION_SUPERVISOR.value}))
    for top in Agency.objects.filter(pk__in=supervised):
        seen = seen | Agency.objects.within(top)
    return seen


def follow(number: str, code: str) -> Case | None:
    """The case that number and query code open together.

    An unknown number costs one comparison like a known one, so that neither answer nor time tells them apart.
    """
    cases = list(Case.objects.filter(number=number.strip()).exclude(query_code_hash="")[:5])
    found = None
    for case in cases:
        if matches(code, case.query_code_hash):
            found = case
    if not cases:
        matches(code, "")
    return found
