"""Verbs on letters: the words of an agency, the letter of a signed decision, and letters that are void."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from casework import letters
from casework.law.calendar import day_of
from casework.law.letters import LETTERS, Element, LetterKind, Reader
from casework.law.refusals import Refused
from casework.law.replies import situations
from casework.law.words import Text
from casework.models import Agency, Case, Decision, Letter, LetterTemplate, Role, Staff

from .record import clean


def publish_template(
    agency: Agency,
    kind: LetterKind,
    *,
    source: str,
    valid_from: date,
    outcome: str = "",
    ground: str = "",
    by: Staff,
    at: datetime,
) -> LetterTemplate:
    """A new version of an agency's words. Code in it, or an element lost under any condition, is refused."""
    if not by.holds(agency.pk, Role.AGENCY_ADMINISTRATOR):
        raise Refused(Text("只有机关管理员可以修改文书模板。", "Only an agency administrator may change templates."))
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


def issue_reply(case: Case, decision: Decision, *, by: Staff, at: datetime) -> Letter:
    """The letter of a decision, in the transaction that signs it; the decision takes its number."""
    drafted = letters.draft_reply(case, decision, on=day_of(at))
    letter = letters.issue(drafted, case=case, decision=decision, typed=decision.document_number, by=by, at=at)
    decision.document_number = letter.number
    return letter


def void_letter(letter: Letter, *, reason: str, by: Staff, at: datetime) -> Letter:
    """The head declares a letter void that has not left; the number is not given out again (law.md 9.4).

    The letter of a decision is made anew at once, with the next number.
    """
    if not by.holds(letter.agency_id, Role.HEAD):
        raise Refused(Text("只有公开工作机构负责人可以作废文书。", "Only the head may declare a letter void."))
    decision = letter.decision
    if decision is not None and decision.dispatched_on is not None:
        raise Refused(Text("文书已经送出，不能作废。", "The letter has been dispatched and can't be declared void."))
    reason = clean(reason, "reason", longest=2000)
    with transaction.atomic():
        letters.void(letter, reason=reason, by=by, at=at)
        if decision is not None:
            decision.document_number = ""
            issue_reply(letter.case, decision, by=by, at=at)
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
