"""The guards: what the law wants on file before a decision of some code is proposed or signed (design section 4)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from casework.law import excess
from casework.law.approval import STEPS, Step
from casework.law.consultation import Consulted
from casework.law.outcomes import OUTCOMES, REQUIREMENTS, Outcome, Requirement
from casework.law.refusals import Refused
from casework.law.states import State
from casework.law.words import Text
from casework.models import Applicant, Case, Decision, PublishedReply

from .consult import check_objections


def check_awaited(case: Case, outcome: Outcome) -> None:
    """While the applicant's answer or payment is awaited, only its lapse can be proposed (条例 30, 109号)."""
    needed = {
        State.SUPPLEMENT_REQUESTED: Requirement.SUPPLEMENT_LAPSED,
        State.FEE_NOTIFIED: Requirement.FEE_LAPSED,
    }.get(State(case.state))
    if needed is not None and needed not in OUTCOMES[outcome].needs:
        raise Refused(
            Text(
                "正在等待申请人补正或者缴费，期限届满前不能作其他决定。",
                "The applicant's supplement or payment is awaited; no other decision can be made before that.",
            ),
            field="outcome",
        )


def check_facts(case: Case, outcome: Outcome, ground: str, *, on: date) -> None:
    """Refuse a decision whose legal prerequisite is not on file, with the article (design section 4, guards)."""
    for requirement in OUTCOMES[outcome].requirements(ground):
        row = REQUIREMENTS[requirement]
        if not row.statement and not on_file(case, requirement, on=on):
            raise Refused(
                _MISSING.format(what=row.words, hint=row.hint),
                law=row.law,
                field="outcome",
            )
    check_objections(case, outcome)


def check_link(decision: Decision) -> None:
    """Refuse to sign that something was answered before without the answer (条例 36(6))."""
    needed = Requirement.EARLIER_REPLY in decision.row.requirements(decision.ground)
    if needed and not decision.has_earlier_reply:
        row = REQUIREMENTS[Requirement.EARLIER_REPLY]
        raise Refused(_MISSING.format(what=row.words, hint=row.hint), law=row.law)


def check_route(decision: Decision, *, on: date) -> None:
    """Refuse to send somebody to a published reply that is not, or no longer, public (条例 36(1))."""
    said_where = str(decision.statement(Requirement.ROUTE))
    named = {int(number) for number in _PUBLISHED.findall(said_where)}
    if named - set(PublishedReply.objects.visible(on).filter(pk__in=named).values_list("pk", flat=True)):
        raise Refused(_GONE, law="条例 36(1)")


#: The address of a published reply in a sentence.
_PUBLISHED: Final = re.compile(r"/replies/(\d{1,18})/")
_GONE: Final = Text(
    "答复里告知的网址已经打不开：那份公开的答复没有公开，或者已经撤下。请退回重拟。",
    "The address named in the reply no longer opens: that published reply is not public, or was withdrawn.",
)


def on_file(case: Case, requirement: Requirement, *, on: date) -> bool:
    """Whether a prerequisite that is a fact stands on the file of the case on that day."""
    match requirement:
        case Requirement.CONSULTATION:
            asked = case.consultations.filter(party=Consulted.THIRD_PARTY.value)
            return any(each.standing(on=on).over for each in asked)
        case Requirement.SUPPLEMENT_RECEIVED:
            return case.supplements.filter(received_on__isnull=False).exists()
        case Requirement.SUPPLEMENT_LAPSED:
            return case.supplements.filter(received_on=None, period_ends_on__lt=on).exists()
        case Requirement.REASONS_ASKED:
            wanted = case.reasons_requests.first()
            return excess.unreasonable(wanted.standing() if wanted else None)
        case Requirement.FEE_LAPSED:
            # The 20 working days count from the day after receipt, so the day of receipt must be known (law.md 5.7).
            fee = case.unpaid_fee
            return fee is not None and fee.delivered_on is not None and (fee.period_ends_on or on) < on
        case _:
            raise AssertionError(f"{requirement} is a statement, not a fact")


def earlier_reply(case: Case, number: str) -> Decision:
    """The reply of that number, which left before this application came, to the same applicant (条例 36(6)).

    The same: by identity number, or by name where one of the two gave none.
    """
    sent = Decision.objects.filter(case__agency=case.agency_id, dispatched_on__isnull=False)
    found = sent.filter(document_number=number).exclude(case=case).select_related("case__applicant")
    to_the_same = [each for each in found if _same(case.applicant, each.case.applicant)]
    before = [each for each in to_the_same if each.dispatched_on and each.dispatched_on <= case.received_on]
    if before:
        return before[0]
    sentence = _LATER if to_the_same else _OTHERS if found else _UNKNOWN
    raise Refused(
        Text(
            "{what}。只填写文号；本系统启用以前的答复，另填写它的日期。",
            "{what}. Give the number alone; for a reply from before this system give its date as well.",
        ).format(what=sentence.format(number=number)),
        law=REQUIREMENTS[Requirement.EARLIER_REPLY].law,
        field=Requirement.EARLIER_REPLY.value,
    )


_UNKNOWN: Final = Text("本机关没有已经送出的、文号为“{number}”的答复", "No reply “{number}” has left this agency")
_OTHERS: Final = Text("文号“{number}”的答复不是给同一申请人的", "Reply “{number}” was to another applicant")
_LATER: Final = Text("文号“{number}”的答复在收到本件以后才送出", "Reply “{number}” left after this application came")


def _same(one: Applicant, other: Applicant) -> bool:
    if one.identity_index and other.identity_index:
        return one.identity_index == other.identity_index
    return one.name == other.name


def check_attachments(outcome: Outcome, *, attached: bool) -> None:
    """Nothing classified is kept here, so its refusal has nothing to attach (law.md 10.7)."""
    if attached and outcome is Outcome.REFUSED_1:
        raise Refused(
            Text(
                "以属于国家秘密为由不予公开的，不得上传附件：本系统不得存储、处理国家秘密。",
                "A refusal because of a state secret takes no attachments: this system must not hold state secrets.",
            ),
            law="条例 14、保密法 35",
            field="files",
        )


@dataclass(frozen=True, slots=True)
class Guard:
    """One thing that has to be there before a signature, and whether it is."""

    words: Text
    law: str
    met: bool
    hint: Text


def guards_of(case: Case, decision: Decision, *, on: date) -> Iterator[Guard]:
    """Every guard of a draft as it stands on that day, for whoever is to sign it."""
    for requirement in OUTCOMES[Outcome(decision.outcome)].requirements(decision.ground):
        row = REQUIREMENTS[requirement]
        met = bool(decision.statement(requirement)) if row.statement else on_file(case, requirement, on=on)
        if requirement is Requirement.EARLIER_REPLY:
            met = met and decision.has_earlier_reply
        yield Guard(row.words, row.law, met, row.hint)
    secrecy = STEPS[Step.SECRECY]
    yield Guard(_CLEARED, secrecy.law, Step.SECRECY in decision.passed, _NOT_CLEARED)


_CLEARED: Final = Text("文字和附件已经保密审查", "Text and attachments have passed secrecy review")
_NOT_CLEARED: Final = Text("先由保密审查人审查。", "A secrecy reviewer has to look at them first.")
_MISSING: Final = Text("缺少法定前提“{what}”。{hint}", "A legal prerequisite is missing: {what}. {hint}")
