"""Whether a person may do a verb to a case as it stands, and why not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from casework.approvers import Turn, administrators, turn_of
from casework.law.approval import STEPS, Step
from casework.law.refusals import Refused
from casework.law.states import State
from casework.law.words import Text
from casework.models import Agency, Case, Delegation, Delivery, Letter, Staff
from casework.models.delivery import latest_of_each, letters_with_deliveries

from .roles import ROLE_WORDS, role_words
from .verbs import VERBS, S, Verb, VerbRow


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


def _by_table(
    by: Staff,
    verb: Verb,
    case: Case,
    on: date | None = None,
    deputising: Callable[[], list[Delegation]] | None = None,
) -> Answer:
    row = VERBS[verb]
    away = None
    if on is not None and verb in DEPUTISED and not by.holds(case.agency_id, *row.roles):
        away = _deputised(row, deputising() if deputising else _deputising(by, case, on))
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


def _deputising(by: Staff, case: Case, on: date) -> list[Delegation]:
    """Whom this person stands in for on that day in the agency of the case, in every role; one query."""
    found = Delegation.objects.in_force(on).filter(agency=case.agency_id, deputy=by)
    return list(found.select_related("person").order_by("pk"))


def _deputised(row: VerbRow, deputising: list[Delegation]) -> Staff | None:
    """For whom this person may act outside the approval: periods end also while a head is away."""
    return next((each.person for each in deputising if each.role in row.roles), None)


#: What a deputy may do beside the approval itself; each of these tells the event for whom.
DEPUTISED: Final = frozenset({Verb.EXTEND, Verb.DECLINE_EXTENSION, Verb.DELAY, Verb.CANCEL_FEE, Verb.TAKE_BACK})


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


def offered(by: Staff, case: Case, *, on: date, turn: Turn | None = None) -> list[Answer]:
    """Every act on a case with its answer, in the order of the table; what the file already settles is not offered.

    The verbs themselves judge the file with their article; here it only saves the clerk an empty form.
    ``turn``: whose it is in the approval, where that has been read.
    """
    turn = turn or _turn(case, on)
    deputising = cache(lambda: _deputising(by, case, on))  # asked once for all verbs, and only where one needs it
    answers = [
        _by_turn(by, verb, case, turn) if verb in _APPROVAL else _by_table(by, verb, case, on, deputising)
        for verb in VERBS
        if verb is not Verb.REGISTER
    ]
    made = [letter for letter in letters_with_deliveries(case) if letter.is_unsent]
    served = latest_of_each(case.deliveries.all())
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
        Verb.SPLIT: (case.is_redecision or bool(case.clock_facts()), _AGAIN if case.is_redecision else _UNDER_WAY),
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
_AGAIN: Final = Text("重新答复的案卷不能拆分。", "A file that answers anew can’t be split.")
_UNDER_WAY: Final = Text("已经告知补正、征求意见等，不能再拆分。", "The case is too far along to be split.")
_OURS: Final = Text(
    "只有答复“不属于本机关负责公开”的可以转送（条例 36）。", "Only what another body is responsible for (art. 36)."
)
