"""Verbs on letters: the words of an agency, the letter of a signed decision, and letters that are void."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max, Q

from casework import letters
from casework.access import AgencyAct, check_may_for_agency
from casework.law.calendar import day_of
from casework.law.letters import LETTERS, Element, LetterKind, Reader
from casework.law.refusals import Refused
from casework.law.replies import situations
from casework.law.words import Text
from casework.models import Agency, Case, Decision, Kind, Letter, LetterTemplate, Role, Staff

from .record import clean, happened


def publish_template(
    agency: Agency,
    kind: LetterKind,
    *,
    source: str,
    valid_from: date,
    outcome: str = "",
    ground: str = "",
    seen: int | None = None,
    by: Staff,
    at: datetime,
) -> LetterTemplate:
    """A new version of an agency's words. Code in it, or an element lost under any condition, is refused.

    ``seen``: the last version as the page was drawn; where another has come since, that one has to be read first.
    """
    check_may_for_agency(by, AgencyAct.CHANGE_TEMPLATES, agency)
    if valid_from < day_of(at):
        raise Refused(
            Text("模板只能从今天或者以后启用。", "A template takes effect today or later."), field="valid_from"
        )
    within = [s for s in situations(kind) if s.is_of(outcome, ground)]
    if not within:
        raise Refused(Text("这一办理结果不用这种文书。", "This outcome is not told by this document."), field="outcome")
    source = clean(source, "source", longest=20_000)
    letters.check(source, kind, within)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)  # versions are counted one at a time
        mine = LetterTemplate.objects.filter(agency=agency, kind=kind.value, outcome=outcome, ground=ground)
        last = mine.aggregate(last=Max("version"))["last"] or 0
        if seen is not None and seen != last:
            raise Refused(_OVERTAKEN.format(version=last))
        return LetterTemplate.objects.create(
            agency=agency,
            kind=kind.value,
            outcome=outcome,
            ground=ground,
            version=last + 1,
            source=source,
            digest=letters.digest_of(source),
            valid_from=valid_from,
            made_at=at,
            made_by=by,
        )


def end_template(
    agency: Agency, kind: LetterKind, *, from_on: date, outcome: str = "", ground: str = "", by: Staff, at: datetime
) -> int:
    """From that day on the agency writes in the words of the house again; how many versions that ended."""
    check_may_for_agency(by, AgencyAct.CHANGE_TEMPLATES, agency)
    if from_on < day_of(at):
        raise Refused(Text("只能从今天或者以后起停用。", "A template ends today or later."), field="from_on")
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        mine = LetterTemplate.objects.filter(agency=agency, kind=kind.value, outcome=outcome, ground=ground)
        ending = list(mine.filter(Q(until=None) | Q(until__gte=from_on)))
        if not ending:
            raise Refused(Text("本机关没有使用自己的模板。", "The agency has no template of its own in force."))
        for template in ending:
            template.until, template.ended_at, template.ended_by = from_on - timedelta(days=1), at, by
            template.save()
    return len(ending)


_OVERTAKEN: Final = Text(
    "另一位管理员刚刚发布了第{version}版，您的没有保存。请看过那一版以后再改。",
    "Another administrator has just published version {version}, so yours was not stored. Read that one first.",
)


def issue_reply(case: Case, decision: Decision, *, by: Staff, at: datetime, for_whom: Staff | None = None) -> Letter:
    """The letter of a decision, in the transaction that signs it; the decision takes its number."""
    drafted = letters.draft_reply(case, decision, on=day_of(at))
    letter = letters.issue(
        drafted, case=case, decision=decision, typed=decision.document_number, by=by, at=at, for_whom=for_whom
    )
    decision.document_number = letter.number
    return letter


def void_letter(letter: Letter, *, reason: str, by: Staff, at: datetime) -> Letter:
    """The head declares a letter void that has not left; the number is not given out again (law.md 9.4).

    The letter of a decision is made anew at once, with the next number. The act of any other letter has never been.
    """
    check_may_for_agency(by, AgencyAct.VOID_LETTERS, letter.agency)
    decision = letter.decision
    reason = clean(reason, "reason", longest=2000)
    case = letter.case
    with transaction.atomic():
        case.save()  # nobody sends it meanwhile
        if letter.deliveries.exists():
            raise Refused(
                Text("文书已经送出，不能作废。", "The letter has been dispatched and can't be declared void.")
            )
        letters.void(letter, reason=reason, by=by, at=at)
        told = {"letter": letter.kind, "letter_number": letter.number, "reason": reason}
        happened(case, Kind.LETTER_VOIDED, by=by, at=at, payload=told)
        if decision is not None:
            decision.document_number = ""
            issue_reply(case, decision, by=by, at=at)
            decision.save(update_fields=["document_number"])
    return letter


def issue_notice(
    case: Case,
    kind: LetterKind,
    *,
    given: Mapping[Element, str | list[str]] | None = None,
    to: str = "",
    by: Staff,
    at: datetime,
) -> Letter:
    """Number and freeze a document that is not a reply: 补正, 延期, 征求意见, 收费, 回执, 回证, 终止.

    ``given``: what the file does not say. ``to``: the addressee, where it is not the applicant.
    """
    if not by.holds(case.agency_id, Role.CLERK, Role.HEAD):
        raise Refused(Text("需要的角色：承办人或者负责人。", "Needs the role of clerk or head."))
    if LETTERS[kind].remedies:
        raise Refused(Text("答复的文书由签发制作。", "The letter of a reply is made by its signature."))
    if LETTERS[kind].reader is not Reader.APPLICANT and not to:
        raise Refused(Text("请填写受文人。", "Name the addressee."), field="to")
    drafted = letters.draft(case, kind, on=day_of(at), given=given, to=to)
    return letters.issue(drafted, case=case, by=by, at=at)
