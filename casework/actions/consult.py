"""Consultation of third parties and other organs: that time is not counted (条例 15, 32, 33(3), 34)."""

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from casework.access import Verb, check_may
from casework.law.consultation import Consulted, Judgement
from casework.law.letters import LetterKind
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.letters import check_anonymous
from casework.models import Actor, Case, Conflict, Consultation, Delivery, DocumentKind, Event, Kind, Letter, Staff
from casework.notices import send_link

from .files import Upload, attach
from .record import check_day, clean, happened


def consult(
    case: Case,
    *,
    party: str,
    name: str,
    sent_on: date,
    by: Staff,
    at: datetime,
    delivered_on: date | None = None,
    email: str = "",
    address: str = "",
    summary: str = "",
    letter: Letter | None = None,
) -> Event:
    """A letter has gone to somebody outside; a division of the same agency is not outside (law.md 4.5).

    ``party``: a key of ``law.consultation.Consulted``. ``summary``: what the information is about, as they read it; in
    it the applicant can't be recognised.
    """
    check_may(by, Verb.CONSULT, case)
    check_day(sent_on, "sent_on", at=at, not_before=case.received_on)
    if delivered_on is not None:
        check_day(delivered_on, "delivered_on", at=at, not_before=sent_on)
    asked = Consultation(
        case=case,
        party=Consulted(party).value,
        name=clean(name, "name", longest=200, lines=False),
        email=_email(email),
        address=clean(address, "address", longest=300, required=False, lines=False),
        summary=clean(summary, "summary", longest=5000, required=False),
        letter=letter,
        sent_on=sent_on,
        delivered_on=delivered_on,
    )
    check_anonymous(case, asked.summary)
    with transaction.atomic():
        case.save()
        asked.save()
        return happened(
            case,
            Kind.CONSULTED,
            by=by,
            at=at,
            on=sent_on,
            payload={"name": asked.name, "party": asked.party},
            moves_clock=True,
        )


def record_service(consultation: Consultation, *, on: date, by: Staff, at: datetime) -> Event:
    """The day on which they received the letter, learnt later: their fifteen working days run from it (条例 32, 34)."""
    case = consultation.case
    check_may(by, Verb.RECORD_SERVICE, case)
    check_day(on, "on", at=at, not_before=consultation.sent_on)
    if consultation.answered_on is not None and on > consultation.answered_on:
        raise Refused(
            Text(
                "对方答复的时候应当已经收到文书，请核对日期。",
                "They had received it when they answered; check the day.",
            ),
            field="on",
        )
    with transaction.atomic():
        case.save()
        found = _claimed(consultation)
        found.delivered_on = on
        found.save(update_fields=["delivered_on"])
        if found.letter_id is not None:
            served = Delivery.objects.latest_of_each().filter(letter=found.letter_id, returned_on=None)
            served.update(delivered_on=on)
        return happened(
            case, Kind.SERVICE_RECORDED, by=by, at=at, on=on, payload={"name": found.name}, moves_clock=True
        )


def record_opinion(
    consultation: Consultation,
    *,
    answered_on: date,
    consents: bool | None,
    opinion: str,
    by: Staff | None,
    at: datetime,
    parts: str = "",
    delivered_on: date | None = None,
    uploads: tuple[Upload, ...] = (),
) -> Event:
    """The opinion arrives and the clock resumes on the next working day; ``by`` is ``None`` when it comes by the link.

    ``consents`` ``None``: neither consent nor refusal. ``parts``: what may be disclosed, where it is not all.
    ``delivered_on`` may be learnt only with the answer. An answer after the fifteen working days is recorded as it
    came; it lengthens nothing (``law.clock``).
    """
    case = consultation.case
    if by is not None:
        check_may(by, Verb.RECORD_OPINION, case)
    elif not case.is_open:
        raise Refused(
            Text("本机关已经作出处理，不再需要答复。", "The matter is settled; no answer is needed any more.")
        )
    if consultation.answered_on is not None:
        raise Refused(Text("这份意见已经登记过。", "This opinion has been recorded already."))
    if delivered_on is not None:
        check_day(delivered_on, "delivered_on", at=at, not_before=consultation.sent_on)
    delivered_on = delivered_on or consultation.delivered_on
    check_day(answered_on, "answered_on", at=at, not_before=delivered_on or consultation.sent_on)
    opinion = clean(opinion, "opinion", longest=20_000, required=False)
    parts = clean(parts, "parts", longest=5000, required=False)
    if parts and not consents:
        raise Refused(
            Text("只有同意公开部分内容的，才填写同意公开的部分。", "Parts are named only where part is consented to."),
            field="parts",
        )
    with transaction.atomic():
        case.save()
        # The case may have been read after another clerk recorded the opinion, the consultation before.
        found = _claimed(consultation)
        if found.answered_on is not None:
            raise Conflict
        found.delivered_on, found.answered_on, found.answered_at = delivered_on, answered_on, None if by else at
        found.consents, found.parts, found.opinion = consents, parts, opinion
        found.save()
        for upload in uploads:
            attach(case, upload, DocumentKind.CONSULTATION, by=by, at=at, consultation=found)
        return happened(
            case,
            Kind.OPINION_RECORDED,
            by=by,
            actor=Actor.STAFF if by else Actor.CONSULTED,
            at=at,
            on=answered_on,
            payload={"name": found.name},
            moves_clock=True,
        )


def offer_link(consultation: Consultation, *, mail: bool, by: Staff, at: datetime) -> tuple[str, Event]:
    """Make the link by which they can answer once; the secret in it is returned here and stored nowhere.

    An older link opens nothing any more. ``mail``: send it to their address as well.
    """
    case = consultation.case
    check_may(by, Verb.OFFER_LINK, case)
    if consultation.answered_on is not None:
        raise Refused(Text("对方已经答复。", "They have answered already."))
    if mail and not consultation.email:
        raise Refused(Text("没有登记对方的电子邮箱。", "Their e-mail address is not on file."), field="mail")
    if mail and not settings.SITE_URL:
        raise Refused(
            Text(
                "没有设置本网站的网址（SITE_URL），邮件里写不出链接。请联系系统管理员，或者改用其他方式送达。",
                "The address of this site (SITE_URL) is not set, so no link can be mailed. Ask the system "
                "administrator, or use another way.",
            ),
            field="mode",
        )
    with transaction.atomic():
        case.save()
        found = _claimed(consultation)
        token = found.new_token()
        found.save(update_fields=["token_hash"])
        if mail:
            send_link(found, token, at=at)
        return token, happened(case, Kind.LINK_OFFERED, by=by, at=at, payload={"name": found.name})


def revoke_link(consultation: Consultation, *, by: Staff, at: datetime) -> Event:
    """The link opens nothing any more; an answer on paper remains possible."""
    case = consultation.case
    check_may(by, Verb.REVOKE_LINK, case)
    if not consultation.has_link:
        raise Refused(Text("没有可以撤销的链接。", "There is no link to revoke."))
    with transaction.atomic():
        case.save()
        found = _claimed(consultation)
        found.token_hash = ""
        found.save(update_fields=["token_hash"])
        return happened(case, Kind.LINK_REVOKED, by=by, at=at, payload={"name": found.name})


def cancel_consultation(consultation: Consultation, *, reason: str, by: Staff, at: datetime) -> Event:
    """Somebody was asked by mistake: the row stays with its reason, and the clock is as if it had never been.

    What could happen only while that time was left out, such as an extension in it, forbids this by its own article.
    """
    case = consultation.case
    check_may(by, Verb.CANCEL_CONSULTATION, case)
    reason = clean(reason, "reason", longest=2000)
    with transaction.atomic():
        case.save()
        found = _claimed(consultation)
        found.cancelled_at, found.cancelled_by, found.cancel_reason, found.token_hash = at, by, reason, ""
        found.save()
        return happened(
            case,
            Kind.CONSULTATION_CANCELLED,
            by=by,
            at=at,
            payload={"name": found.name, "reason": reason},
            moves_clock=True,
        )


def judge_objection(
    consultation: Consultation,
    *,
    judgement: Judgement,
    reasons: str,
    by: Staff,
    at: datetime,
    public_interest: str = "",
    decided_content: str = "",
) -> Event:
    """What the office makes of a third party's objection, for the head to sign (条例 15, 32).

    With reasonable grounds what it covers is withheld, unless withholding may gravely affect the public interest: then
    ``public_interest`` and the content to be disclosed are stated, which the third party is told in writing.
    """
    case = consultation.case
    check_may(by, Verb.JUDGE_OBJECTION, case)
    if not consultation.objects_to_disclosure:
        raise Refused(
            Text("没有需要判断的第三方不同意见。", "There is no objection of a third party to judge."), law="条例 32"
        )
    overrides = judgement is Judgement.OVERRIDDEN
    reasons = clean(reasons, "reasons", longest=5000)
    public_interest = clean(public_interest, "public_interest", longest=5000, required=overrides)
    decided_content = clean(decided_content, "decided_content", longest=5000, required=overrides)
    if overrides:
        check_anonymous(case, f"{reasons}\n{public_interest}\n{decided_content}", field="reasons")
    with transaction.atomic():
        case.save()
        found = _claimed(consultation)
        found.judgement, found.judgement_reasons, found.judged_by = judgement.value, reasons, by
        found.public_interest = public_interest if overrides else ""
        found.decided_content = decided_content if overrides else ""
        found.save()
        payload = {"name": found.name, "judgement": judgement.value}
        return happened(case, Kind.OBJECTION_JUDGED, by=by, at=at, payload=payload)


def inform_third_party(case: Case, *, consultation: int, on: date, by: Staff, at: datetime) -> Event:
    """The written notice of what is disclosed against a third party's will, and why, has left (条例 32).

    ``consultation``: its key. Made after the signature and before the reply goes to the applicant.
    """
    check_may(by, Verb.INFORM_THIRD_PARTY, case)
    with transaction.atomic():
        case.save()
        found = case.consultations.filter(pk=consultation, judgement=Judgement.OVERRIDDEN.value).first()
        if found is None:
            raise Refused(
                Text("对这一第三方没有因公共利益决定公开。", "Nothing is disclosed against this third party's will."),
                law="条例 32",
            )
        if found.informed_on is not None:
            raise Refused(Text("已经告知这一第三方。", "This third party has been told already."), law="条例 32")
        check_day(on, "on", at=at, not_before=found.answered_on)
        found.informed_on = on
        found.save(update_fields=["informed_on"])
        return happened(case, Kind.THIRD_PARTY_INFORMED, by=by, at=at, on=on, payload={"name": found.name})


# What a decision has to wait for --------------------------------------------------------------------------------------

#: The outcomes that give something out.
_DISCLOSING = frozenset({Outcome.GRANTED, Outcome.PARTIAL})


def check_objections(case: Case, outcome: Outcome) -> None:
    """Refuse to disclose against a third party whose objection is not judged yet, or was found right (条例 15, 32)."""
    if outcome not in _DISCLOSING:
        return
    for asked in case.consultations.all():
        if not asked.objects_to_disclosure:
            continue
        if not asked.judgement:
            raise Refused(
                Text(
                    "第三方“{name}”不同意公开，还没有判断其理由是否成立。请先判断第三方意见：理由成立的不予公开；"
                    "因公共利益决定公开的，写明理由并书面告知第三方。",
                    "The third party “{name}” objects, and nobody has judged its reasons. Judge the objection first: "
                    "with good reasons the information is withheld, or disclosed for the public interest, with notice.",
                ).format(name=asked.name),
                law="条例 15、32",
                field="outcome",
            )
        if asked.judgement == Judgement.WITHHELD and outcome is Outcome.GRANTED:
            raise Refused(
                Text(
                    "已经判断第三方“{name}”的理由成立，所涉内容不公开，不能全部予以公开。",
                    "The reasons of the third party “{name}” were found to hold; not everything can be granted.",
                ).format(name=asked.name),
                law="条例 15、32",
                field="outcome",
            )


def check_informed(case: Case, outcome: Outcome) -> None:
    """Refuse to send the reply before the notice to each third party that was overridden has been made (条例 32)."""
    if outcome not in _DISCLOSING:
        return
    made = case.letters.filter(kind=LetterKind.OVERRIDE.value, voided_at=None)
    for asked in case.consultations.filter(judgement=Judgement.OVERRIDDEN.value, informed_on=None):
        if not made.filter(facts__consultation=asked.pk).exists():
            raise Refused(
                Text(
                    "因公共利益决定公开，应当将决定公开的内容和理由书面告知第三方“{name}”。请先制作第三方告知书。",
                    "This is disclosed for the public interest; the third party “{name}” must be told in writing what "
                    "is disclosed and why. Make the notice to it first.",
                ).format(name=asked.name),
                law="条例 32",
            )


def _claimed(consultation: Consultation) -> Consultation:
    """The row as it is now that the case is claimed; ``Conflict`` where somebody has cancelled it meanwhile."""
    found = Consultation.objects.filter(pk=consultation.pk).first()
    if found is None:
        raise Conflict
    found.case = consultation.case
    return found


def _email(email: str) -> str:
    email = clean(email, "email", longest=254, required=False, lines=False)
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise Refused(
                Text("电子邮箱的写法不对，应当像 name@example.com。", "An e-mail address looks like name@example.com."),
                field="email",
            ) from None
    return email
