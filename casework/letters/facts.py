"""What a case says under each word of the templates. A word that the file has nothing for is left out."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from casework.law import remedies, replies, supplement
from casework.law.consultation import Consulted, Position, Stage
from casework.law.fees import TARIFF_WORDS, Fee
from casework.law.letters import FIXED, LETTERS, Element, LetterKind, formal
from casework.law.outcomes import ApplicantKind
from casework.law.words import said
from casework.models import Case, Channel, Decision, DispatchMode, DocumentKind
from casework.models.delivery import MODE_WORDS

E = Element
Facts = Iterator[tuple[Element, str | list[str]]]

#: 以……方式提出.
_CHANNELS: Final[dict[str, str]] = {
    Channel.IN_PERSON: "当面提交",
    Channel.SIGNED_MAIL: "邮寄",
    Channel.ORDINARY_MAIL: "邮寄（平信）",
    Channel.ONLINE: "网络",
    Channel.EMAIL: "电子邮件",
    Channel.FAX: "传真",
    Channel.OTHER: "其他",
}


def facts_of(case: Case, kind: LetterKind, decision: Decision | None, *, on: date) -> dict[Element, str | list[str]]:
    """Everything that the file says for this document."""
    row = LETTERS[kind]
    found: dict[Element, str | list[str]] = dict(_of_the_application(case))
    found |= {element: sentence for (of, element), sentence in FIXED.items() if of is kind}
    if decision is None and row.law:
        found[E.ARTICLE] = formal(row.law)
    if decision is not None:
        found |= dict(_of_the_decision(case, decision, on=on))
    if kind in _OF_THE_ACT:
        found |= dict(_OF_THE_ACT[kind](case))
    known = set(row.vocabulary)
    return {element: value for element, value in found.items() if element in known and value}


def you(case: Case) -> str:
    return "您" if case.applicant_kind == ApplicantKind.NATURAL_PERSON else "你单位"


def standard_lines(fee: Fee) -> list[str]:
    """The tariff as the notice lays it out, one band a line (国办函〔2020〕109号 4, 5)."""
    return [TARIFF_WORDS[fee.tariff].zh, *(line.zh for line in fee.lines())]


def fee_elements(fee: Fee, *, payment_way: str) -> dict[Element, str | list[str]]:
    """What a fee notice says that is made before it leaves: of its period only the rule is known, not the day."""
    return {
        E.STANDARD: standard_lines(fee),
        E.AMOUNT: f"{fee.amount:.2f}",
        E.WAY_OF_PAYMENT: payment_way.strip(),
        E.PERIOD_ENDS_ON: "收到本通知书次日起第20个工作日",
    }


def _of_the_application(case: Case) -> Facts:
    yield E.CASE_NUMBER, case.number
    yield E.RECEIVED_ON, said(case.received_on).zh
    yield E.CHANNEL, _CHANNELS[case.channel]
    # Inside the marks of quotation the sentence goes on, so the request's own full stop is left out.
    quoted = f"{case.subject}：{case.content}" if case.subject else case.content
    yield E.REQUEST, quoted.strip().rstrip("。.")
    yield E.YOU, you(case)
    yield E.CONTACT, case.agency.contact


def _of_the_decision(case: Case, decision: Decision, *, on: date) -> Facts:
    row, agency = decision.row, case.agency
    yield E.RESULT, replies.result(row, decision.ground)
    yield E.ARTICLE, replies.articles(row, decision.ground)
    yield (
        E.REMEDIES,
        remedies.paragraph(
            row,
            decided_on=on,
            review_organ=agency.review_organ,
            court=agency.court,
            review_online_at=agency.review_online_at,
            inquiry_review_first=agency.inquiry_review_first,
        ),
    )
    for requirement, text in decision.stated():
        yield E(requirement.requirement.value), text
    yield E.THIRD_PARTY_REPLY, "".join(_opinions(case, on=on))
    if given := [each.received_on for each in case.supplements.all() if each.received_on]:
        yield E.SUPPLEMENTED_ON, said(given[-1]).zh
    if asked := max(case.reasons_requests.all(), key=lambda each: each.pk, default=None):
        yield E.ASKED_ON, said(asked.asked_on).zh
        yield E.REASONS_ANSWER, asked.answer.strip().rstrip("。")
    yield from _lapse(case)


_SAID: Final[dict[Position | None, str]] = {
    None: "第三方未提出意见。",
    Position.NONE: "第三方提出了意见，未表明是否同意公开。",
    Position.CONSENTS: "第三方同意公开。",
    Position.PARTLY: "第三方只同意公开部分内容。",
    Position.REFUSES: "第三方不同意公开。",
}


def _opinions(case: Case, *, on: date) -> Iterator[str]:
    """What the third parties said, without their names and words, which are not the applicant's to know."""
    for consultation in case.consultations.all():
        if consultation.kind is not Consulted.THIRD_PARTY:
            continue
        lapsed = consultation.standing(on=on).stage is Stage.LAPSED
        yield "第三方逾期未提出意见。" if lapsed else _SAID[consultation.position]


def _lapse(case: Case) -> Facts:
    """The notice that was not answered, and its last day."""
    if (asked := case.open_supplement) is not None and asked.period_ends_on:
        sent, until = said(asked.requested_on).zh, said(asked.period_ends_on).zh
        notice = f"本机关于{sent}发出补正告知书{_numbered(case, LetterKind.SUPPLEMENT)}"
        yield E.NOTICE, f"{notice}，告知{you(case)}最迟于{until}补正，并说明了逾期不补正的后果。"
        yield E.LAPSED_ON, until
    elif (fee := case.unpaid_fee) is not None and fee.period_ends_on:
        sent, until = said(fee.notified_on).zh, said(fee.period_ends_on).zh
        served = f"，该通知书于{said(fee.delivered_on).zh}送达" if fee.delivered_on else ""
        notice = f"本机关于{sent}发出收费通知书{_numbered(case, LetterKind.FEE)}"
        yield (
            E.NOTICE,
            f"{notice}，通知{you(case)}最迟于{until}缴纳信息处理费{fee.amount:.2f}元{served}，并说明了逾期未缴纳的后果。",
        )
        yield E.LAPSED_ON, until


def _numbered(case: Case, kind: LetterKind) -> str:
    letter = case.letters.filter(kind=kind.value, voided_at=None).exclude(number="").last()
    return f"（{letter.number}）" if letter else ""


def _receipt(case: Case) -> Facts:
    names = [d.name for d in case.documents.filter(kind=DocumentKind.APPLICATION)]
    yield E.CONTENT_LIST, names or ["政府信息公开申请一份，无其他材料"]
    if case.due_on:
        later = "（暂定，以国务院办公厅公布的放假安排为准）" if case.due_is_provisional else ""
        yield E.DUE_ON, said(case.due_on).zh + later
    else:
        yield E.DUE_ON, "答复期限现在停止计算，恢复计算后可以向本机关查询"


def _supplement(case: Case) -> Facts:
    if asked := case.supplements.last():
        yield E.UNCLEAR, supplement.printed(asked.lacks, asked.excerpts, asked.unclear)
        if asked.period_ends_on:
            yield E.PERIOD_ENDS_ON, said(asked.period_ends_on).zh


def _reasons(case: Case) -> Facts:
    if asked := case.reasons_requests.last():
        yield E.WHY_EXCESSIVE, asked.why
        if asked.period_ends_on:
            yield E.PERIOD_ENDS_ON, said(asked.period_ends_on).zh


def _extension(case: Case) -> Facts:
    if extension := case.extensions.last():
        yield E.EXTENSION_REASON, extension.reason
        yield E.EXTENSION_DAYS, str(extension.working_days)
        if due_on := case.due().due_on:
            yield E.NEW_DUE_ON, said(due_on).zh


def _delay(case: Case) -> Facts:
    if delay := case.delays.last():
        yield E.REASONS, delay.reason
        yield E.PERIOD_ENDS_ON, said(delay.until).zh


def _fee(case: Case) -> Facts:
    if fee := case.unpaid_fee:
        yield from fee_elements(fee.fee, payment_way=fee.payment_way).items()
        if fee.period_ends_on:
            yield E.PERIOD_ENDS_ON, said(fee.period_ends_on).zh


def _terminated(case: Case) -> Facts:
    withdrawn = case.events.filter(kind="withdrawn").last()
    if withdrawn is not None:
        yield E.WITHDRAWN_ON, said(withdrawn.on).zh
        yield E.WITHDRAWAL, str(withdrawn.payload.get("statement", ""))


def _service(case: Case) -> Facts:
    letter = case.letters.to_applicant().last()
    if letter is not None:
        yield E.SERVED_DOCUMENT, f"{letter.row.title.zh}（{letter.number}）" if letter.number else letter.row.title.zh
    sent = letter.last_delivery if letter is not None else None
    # Printed before it leaves, it is for the door.
    yield E.MODE, MODE_WORDS[DispatchMode(sent.mode) if sent is not None else DispatchMode.IN_PERSON].zh
    if sent is not None:
        yield E.POSTAL_NUMBER, sent.postal_number
    # Filled in by hand when the document is served.
    yield E.SIGNATURE, "　"
    yield E.SERVED_ON, said(sent.delivered_on).zh if sent is not None and sent.delivered_on else "　　年　　月　　日"


_OF_THE_ACT: Final[dict[LetterKind, Callable[[Case], Facts]]] = {
    LetterKind.RECEIPT: _receipt,
    LetterKind.SUPPLEMENT: _supplement,
    LetterKind.REASONS: _reasons,
    LetterKind.EXTENSION: _extension,
    LetterKind.DELAY: _delay,
    LetterKind.FEE: _fee,
    LetterKind.TERMINATED: _terminated,
    LetterKind.SERVICE: _service,
}
