"""Who may do what: roles × verbs × states as one table, and what each person may see.

*May this person?* and *is it possible now?* are two questions (style 5): the table answers the first and names the
states for the second; ``tests/test_shape.py`` holds it against the transitions of ``Case``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from casework.law.refusals import Refused
from casework.law.states import OPEN, State
from casework.law.words import Text
from casework.models import Agency, Case, Role, Staff
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
    RECORD_OPINION = "record_opinion"
    EXTEND = "extend"
    NOTIFY_FEE = "notify_fee"
    RECORD_PAYMENT = "record_payment"
    ASK_REASONS = "ask_reasons"
    RECORD_REASONS = "record_reasons"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    SIGN = "sign"
    DISPATCH = "dispatch"
    RECORD_DELIVERY = "record_delivery"
    WITHDRAW = "withdraw"
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
_CLOSED_BY_REPLY = frozenset(s for s in State if s not in OPEN and s is not S.TERMINATED)


def _row(verb: Verb, words: Text, roles: frozenset[str], *states: State) -> VerbRow:
    return VerbRow(verb, words, roles, frozenset(states))


VERBS: Final[dict[Verb, VerbRow]] = {
    row.verb: row
    for row in (
        _row(Verb.REGISTER, Text("登记申请", "Register"), _DESK),
        _row(Verb.ASSIGN, Text("交办", "Assign"), _DESK, *OPEN),
        _row(Verb.REQUEST_SUPPLEMENT, Text("告知补正", "Ask for a supplement"), _CLERK, S.RECEIVED),
        _row(Verb.RECEIVE_SUPPLEMENT, Text("登记补正", "Record the supplement"), _CLERK, S.SUPPLEMENT_REQUESTED),
        _row(Verb.CONSULT, Text("征求意见", "Consult"), _CLERK, S.RECEIVED),
        # What comes from outside is recorded whenever it comes.
        _row(Verb.RECORD_OPINION, Text("登记意见", "Record an opinion"), _CLERK, *OPEN),
        # After a late notice the clock runs while the supplement is awaited; where it stands still the replay refuses.
        _row(Verb.EXTEND, Text("延长期限", "Extend"), _HEAD, S.RECEIVED, S.SUPPLEMENT_REQUESTED, S.IN_REVIEW),
        _row(Verb.NOTIFY_FEE, Text("通知缴费", "Ask for the fee"), _CLERK, S.RECEIVED),
        _row(Verb.RECORD_PAYMENT, Text("登记缴费", "Record the payment"), _CLERK, S.FEE_NOTIFIED),
        _row(Verb.ASK_REASONS, Text("要求说明理由", "Ask for reasons"), _CLERK, S.RECEIVED),
        _row(Verb.RECORD_REASONS, Text("登记说明的理由", "Record the reasons"), _CLERK, *OPEN),
        _row(
            Verb.PROPOSE,
            Text("拟写答复", "Propose a reply"),
            _CLERK,
            S.RECEIVED,
            S.SUPPLEMENT_REQUESTED,
            S.FEE_NOTIFIED,
        ),
        _row(Verb.SEND_BACK, Text("退回重办", "Send back"), _HEAD, S.IN_REVIEW),
        _row(Verb.SIGN, Text("签发", "Sign"), _HEAD, S.IN_REVIEW),
        _row(Verb.DISPATCH, Text("送出答复", "Dispatch"), _CLERK, S.SIGNED),
        _row(Verb.RECORD_DELIVERY, Text("登记送达", "Record delivery"), _CLERK, *_CLOSED_BY_REPLY, S.TERMINATED),
        _row(Verb.WITHDRAW, Text("登记撤回", "Record a withdrawal"), _CLERK, *OPEN),
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

    @property
    def words(self) -> Text:
        return VERBS[self.verb].words


def may(by: Staff, verb: Verb, case: Case) -> Answer:
    """Whether this person may do this to this case as it stands."""
    row = VERBS[verb]
    if not by.holds(case.agency_id, *row.roles):
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
    # Read once: between two looks another head may have sent it back.
    draft = case.current_decision if verb is Verb.SIGN else None
    if draft is not None and draft.proposed_by_id == by.pk:
        return Answer(verb, False, Text("拟稿人不能签发自己拟的答复。", "Whoever drafted the reply can't sign it."))
    return Answer(verb, True)


def check_may(by: Staff, verb: Verb, case: Case) -> None:
    """Raise ``Refused`` with the reason where ``may`` says no."""
    answer = may(by, verb, case)
    if not answer.allowed:
        raise Refused(
            Text("不能{verb}：{reason}", "Not allowed – {verb}: {reason}").format(
                verb=answer.words, reason=answer.reason
            )
        )


def check_may_register(by: Staff, agency: Agency) -> None:
    """Registering has no case yet: the role in the agency decides."""
    if not by.holds(agency.pk, *VERBS[Verb.REGISTER].roles):
        raise Refused(
            Text("您在{agency}没有登记申请的权限。", "You may not register applications for {agency}.").format(
                agency=agency.name
            )
        )


def offered(by: Staff, case: Case) -> list[Answer]:
    """Every act on a case with its answer, in the order of the table; what the file already settles is not offered.

    The verbs themselves judge the file with their article; here it only saves the clerk an empty form.
    """
    answers = [may(by, verb, case) for verb in VERBS if verb is not Verb.REGISTER]
    return [_judged_by_file(answer, case) if answer.allowed else answer for answer in answers]


def _judged_by_file(answer: Answer, case: Case) -> Answer:
    sent = case.current_decision if answer.verb is Verb.RECORD_DELIVERY else None
    reasons = {
        Verb.REQUEST_SUPPLEMENT: (bool(case.supplements.all()), _ONCE),
        Verb.RECORD_OPINION: (not any(c.answered_on is None for c in case.consultations.all()), _NONE_CONSULTED),
        Verb.EXTEND: (bool(case.extensions.all()), _EXTENDED),
        Verb.NOTIFY_FEE: (bool(case.fee_notices.all()), _CHARGED),
        Verb.ASK_REASONS: (bool(case.reasons_requests.all()), _ASKED),
        Verb.RECORD_REASONS: (not any(r.answered_on is None for r in case.reasons_requests.all()), _NOT_ASKED),
        Verb.RECORD_DELIVERY: (sent is None or sent.dispatched_on is None, _NOT_SENT),
    }
    settled, reason = reasons.get(answer.verb, (False, None))
    return Answer(answer.verb, False, reason) if settled else answer


_ONCE: Final = Text("补正只能告知一次，本件已经告知过（条例 30）。", "Only one supplement may be asked for (art. 30).")
_NONE_CONSULTED: Final = Text("没有等待答复的征求意见。", "No opinion is awaited.")
_EXTENDED: Final = Text(
    "只能延长一次，本件已经延长过（条例 33）。", "Already extended, which is possible once (art. 33)."
)
_CHARGED: Final = Text("本件已经通知过缴费。", "The fee has been asked for already.")
_ASKED: Final = Text("本件已经要求说明理由。", "Reasons have been asked for already.")
_NOT_ASKED: Final = Text("没有等待申请人说明的理由。", "No reasons are awaited.")
_NOT_SENT: Final = Text("本件没有送出的答复。", "No reply has been dispatched.")


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
class EditionActRow:
    words: Text
    roles: frozenset[str]


_SYSTEM: Final = frozenset({Role.SYSTEM_ADMINISTRATOR.value})
ADMINISTRATORS: Final = _SYSTEM | {Role.AGENCY_ADMINISTRATOR.value}
EDITION_ACTS: Final[dict[EditionAct, EditionActRow]] = {
    EditionAct.SEE: EditionActRow(Text("查看放假安排", "See calendar editions"), ADMINISTRATORS),
    EditionAct.APPLY: EditionActRow(Text("启用放假安排", "Apply a calendar edition"), _SYSTEM),
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


def agencies_where(user: Staff | AnonymousUser, roles: frozenset[str]) -> list[int]:
    """Ids of the agencies in which the person has any of the roles; none for anybody who is not active staff."""
    if not isinstance(user, Staff) or not user.is_active:
        return []
    return [agency_id for agency_id, held in user.roles.items() if held & roles]


def visible_to(user: Staff | AnonymousUser) -> CaseQuerySet:
    """The cases whose content this person may read; whatever is not in it is answered with 404."""
    return CaseQuerySet(Case).filter(agency__in=agencies_where(user, READS_CASES))


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
