"""公开答复: what a reply disclosed is shown to everybody, never who asked (条例 44(2); 个人信息保护法 25).

A clerk proposes title, summary and files; a secrecy reviewer looks at them (条例 17); the head decides and names the
day. From that day on it is public by its date alone: nothing has to run. It can be withdrawn at any moment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from casework.access import PublishAct, check_may_publish
from casework.law.calendar import day_of
from casework.law.outcomes import OUTCOMES, Group, Outcome
from casework.law.refusals import Refused
from casework.law.topics import Topic
from casework.law.unnamed import Known, traces_in
from casework.law.words import Text, said
from casework.models import (
    Applicant,
    Audience,
    Case,
    Event,
    Kind,
    Material,
    PublishedFile,
    PublishedReply,
    PublishedVersion,
    Release,
    Staff,
    disputes_about,
)
from casework.models.publishedreply import LONGEST_REASON, LONGEST_SUMMARY, LONGEST_TITLE
from casework.wordsearch.public import keep_public

from .files import digest_of
from .likereplies import tell_it_is_gone
from .record import clean, happened
from .redact import uncovered


@dataclass(frozen=True, slots=True)
class Publishable:
    """A record that went with the reply, and the file for the public as its areas stand; ``None``: not made yet."""

    record: Material
    sent: Release
    public: Release | None

    @property
    def ready(self) -> bool:
        return self.public is not None and self.public.passed


def why_not_publishable(case: Case) -> Text | None:
    """What keeps the reply of this case from being published at all; ``None``: nothing.

    Only what was disclosed: of a refusal there is nothing to read, and what is public already needs no second place.
    """
    decision = case.current_decision
    if case.is_open or decision is None or decision.dispatched_on is None:
        return _NOT_CLOSED
    if OUTCOMES[Outcome(decision.outcome)].group not in _DISCLOSING or decision.ground == "already_public":
        return _NOTHING_DISCLOSED
    about, _opened_by = disputes_about(case)
    if any(dispute.is_pending or dispute.reopened for dispute in about if not dispute.is_struck_out):
        return _DISPUTED
    return None


def publishable(case: Case) -> list[Publishable]:
    """Every record of which a file went with the reply of the case."""
    decision = case.current_decision
    if decision is None:
        return []
    sent = decision.attachments.exclude(release=None).select_related("release__material__document")
    found = []
    for document in sent:
        if document.release is not None:
            record = Material.objects.prefetch_related("areas", "releases").get(pk=document.release.material_id)
            found.append(Publishable(record, document.release, record.current(Audience.PUBLIC)))
    return found


def earliest(case: Case, *, on: date) -> date:
    """The first day from which the reply may be public, if it is decided on that day."""
    decision = case.current_decision
    sent = (decision.dispatched_on if decision else None) or on
    return max(on, sent + timedelta(days=case.agency.publish_after_days))


def propose_publication(
    case: Case,
    *,
    title: str,
    summary: str,
    topic: Topic,
    releases: Iterable[Release] = (),
    reason: str = "",
    by: Staff,
    at: datetime,
) -> Event:
    """A clerk proposes how a reply is to be read by everybody; for one that is decided already it is a correction."""
    check_may_publish(by, PublishAct.PROPOSE, case.agency)
    title = clean(title, "title", longest=LONGEST_TITLE, lines=False)
    summary = clean(summary, "summary", longest=LONGEST_SUMMARY)
    reason = clean(reason, "reason", longest=LONGEST_REASON, required=False, lines=False)
    releases = list(releases)
    with transaction.atomic():
        locked = _locked(case)
        _check_publishable(locked)
        reply = PublishedReply.objects.filter(case=locked, revoked_at=None).first()
        if reply is not None and not reply.is_open:
            raise Refused(_ON_THE_WAY)
        if reply is not None and reply.current is not None and not reason:
            raise Refused(_NO_REASON, field="reason")
        _check_words(locked, title, summary, reason, on=day_of(at))
        _check_files(locked, releases, on=day_of(at))
        reply = reply or PublishedReply.objects.create(case=locked, agency=locked.agency)
        version = PublishedVersion.objects.create(
            reply=reply,
            number=reply.versions.count() + 1,
            title=title,
            summary=summary,
            topic=Topic(topic).value,
            reason=reason if reply.current else "",
            proposed_by=by,
            proposed_at=at,
        )
        PublishedFile.objects.bulk_create(PublishedFile(version=version, release=release) for release in releases)
        payload = {"title": title, "reason": version.reason, "reply": reply.pk}
        return happened(locked, Kind.PUBLICATION_PROPOSED, by=by, at=at, payload=payload)


def clear_publication(version: PublishedVersion, *, by: Staff, at: datetime) -> Event:
    """Title, summary and files hold no state secret and may be made public (条例 17(2); 保密法 35)."""
    with transaction.atomic():
        fresh, case = _on_the_way(version)
        check_may_publish(by, PublishAct.CLEAR, case.agency, fresh)
        if fresh.cleared_at is not None:
            raise Refused(_OVERTAKEN)
        fresh.cleared_by, fresh.cleared_at = by, at
        fresh.save(update_fields=["cleared_by", "cleared_at"])
        return happened(case, Kind.PUBLICATION_CLEARED, by=by, at=at, payload={"reply": fresh.reply_id})


def decide_publication(version: PublishedVersion, *, public_from: date | None = None, by: Staff, at: datetime) -> Event:
    """The head publishes from a day on, not before the delay has passed; a correction holds at once.

    Everything is asked again: who applied may have changed their contact, and the disk its bytes.
    """
    on = day_of(at)
    with transaction.atomic():
        fresh, case = _on_the_way(version)
        check_may_publish(by, PublishAct.DECIDE, case.agency, fresh)
        if fresh.cleared_at is None:
            raise Refused(_NOT_CLEARED, law="条例 17")
        _check_publishable(case)
        _check_words(case, fresh.title, fresh.summary, fresh.reason, on=on)
        _check_files(case, [each.release for each in fresh.files.select_related("release")], on=on)
        reply = fresh.reply
        fresh.decided_by, fresh.decided_at = by, at
        fresh.save(update_fields=["decided_by", "decided_at"])
        if reply.public_from is None:
            reply.public_from = _checked_day(case, public_from, on=on)
            reply.save(update_fields=["public_from"])
        keep_public([reply])
        payload = {"from_on": max(reply.public_from, on).isoformat(), "reply": reply.pk}
        return happened(case, Kind.PUBLICATION_DECIDED, by=by, at=at, payload=payload)


def send_publication_back(version: PublishedVersion, *, remark: str, by: Staff, at: datetime) -> Event:
    """A proposal goes back to its clerk, or its clerk takes it back; what was public before stays as it was."""
    remark = clean(remark, "remark", longest=LONGEST_REASON, lines=False)
    with transaction.atomic():
        fresh, case = _on_the_way(version)
        check_may_publish(by, PublishAct.SEND_BACK, case.agency, fresh)
        fresh.returned_by, fresh.returned_at, fresh.remark = by, at, remark
        fresh.save(update_fields=["returned_by", "returned_at", "remark"])
        payload = {"remark": remark, "reply": fresh.reply_id}
        return happened(case, Kind.PUBLICATION_RETURNED, by=by, at=at, payload=payload)


def revoke_publication(reply: PublishedReply, *, reason: str, by: Staff, at: datetime) -> Event:
    """It is public no longer, from this moment: page, files, feed and search. The page says when, and nothing else.

    ``reason`` stays inside: it may say what should not have been read.
    """
    reason = clean(reason, "reason", longest=LONGEST_REASON, lines=False)
    with transaction.atomic():
        case = _locked(reply.case)
        check_may_publish(by, PublishAct.REVOKE, case.agency)
        fresh = PublishedReply.objects.select_for_update().get(pk=reply.pk)
        if fresh.revoked_at is not None:
            raise Refused(_REVOKED)
        if fresh.public_from is None:
            raise Refused(_NEVER_PUBLIC)
        fresh.revoked_by, fresh.revoked_at, fresh.revoke_reason = by, at, reason
        fresh.save(update_fields=["revoked_by", "revoked_at", "revoke_reason"])
        keep_public([fresh])
        tell_it_is_gone(fresh, at=at)
        payload = {"reason": reason, "reply": fresh.pk}
        return happened(case, Kind.PUBLICATION_REVOKED, by=by, at=at, payload=payload)


# What has to hold ----------------------------------------------------------------------------------------------------


def known_of(case: Case) -> Known:
    """Everything on the file by which those who applied could be told."""
    lead = Applicant.objects.prefetch_related("others", "agents").get(pk=case.applicant_id)
    others, agents = list(lead.others.all()), list(lead.agents.all())
    return Known(
        names=(lead.name, lead.contact_person, *(each.name for each in (*others, *agents))),
        contacts=(lead.phone, lead.email, lead.contact, *(o.contact for o in others), *(a.phone for a in agents)),
        numbers=tuple(each.identity_number for each in (lead, *others, *agents)),
        addresses=(lead.address,),
    )


def _check_words(case: Case, title: str, summary: str, reason: str, *, on: date) -> None:
    known = known_of(case)
    for field, text in (("title", title), ("summary", summary), ("reason", reason)):
        if found := traces_in(text, known, on=on):
            raise Refused(_NAMES.format(what=_in_a_row(found)), law="个人信息保护法 25", field=field)


def _check_files(case: Case, releases: Iterable[Release], *, on: date) -> None:
    """Each is the public's view of what the applicant got, has passed its gate, and names nobody who applied."""
    offered = {each.public.pk: each for each in publishable(case) if each.public is not None}
    known = known_of(case)
    for release in releases:
        each = offered.get(release.pk)
        if each is None or not each.ready:
            raise Refused(_NOT_PASSED.format(name=release), field="releases")
        if not {area["number"] for area in each.sent.map} <= {area["number"] for area in release.map}:
            raise Refused(_SHOWS_MORE.format(name=release), law="条例 37", field="releases")
        with release.file.open("rb") as stored:
            if digest_of(stored.read()) != release.sha256:
                raise Refused(_CHANGED.format(name=release), field="releases")
        if found := traces_in(release.name, known, on=on):
            raise Refused(_FILE_NAME.format(what=_in_a_row(found)), law="个人信息保护法 25", field="releases")
        for page, text in uncovered(each.record, each.record.seen_by(Audience.PUBLIC)):
            if found := traces_in(text, known, on=on):
                raise Refused(
                    _ON_A_PAGE.format(name=release, page=page, what=_in_a_row(found)),
                    law="个人信息保护法 25",
                    field="releases",
                )


def _check_publishable(case: Case) -> None:
    if (reason := why_not_publishable(case)) is not None:
        raise Refused(reason, law="条例 44")


def _checked_day(case: Case, public_from: date | None, *, on: date) -> date:
    first = earliest(case, on=on)
    if public_from is None or public_from < first:
        raise Refused(_TOO_EARLY.format(first=said(first), days=case.agency.publish_after_days), field="public_from")
    if public_from > on + timedelta(days=_FARTHEST):
        raise Refused(_TOO_LATE, field="public_from")
    return public_from


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).select_related("agency", "applicant", "clerk").get(pk=case.pk)


def _on_the_way(version: PublishedVersion) -> tuple[PublishedVersion, Case]:
    """The version as it stands under the lock of its case; refused where somebody was faster."""
    case = _locked(Case(pk=PublishedReply.objects.values_list("case", flat=True).get(pk=version.reply_id)))
    fresh = PublishedVersion.objects.select_for_update(of=("self",)).select_related("reply").get(pk=version.pk)
    if not fresh.is_waiting or fresh.reply.revoked_at is not None:
        raise Refused(_OVERTAKEN)
    return fresh, case


def _in_a_row(found: list[Text]) -> Text:
    return Text("；".join(each.zh for each in found), "; ".join(each.en for each in found))


_DISCLOSING: Final = frozenset({Group.GRANTED, Group.PARTIAL})
#: Later than in two years is a slip of the pen.
_FARTHEST: Final = 730
_NOT_CLOSED: Final = Text("只有答复已经送出的办件才能公开答复。", "Only a reply that has left can be published.")
_NOTHING_DISCLOSED: Final = Text(
    "只公开提供了信息的答复（予以公开、部分公开）；没有提供信息的、原来就已经公开的，不在这里公开。",
    "Only replies that gave information are published; refusals, and what was public before, are not.",
)
_DISPUTED: Final = Text(
    "本件有没有审结的行政复议、诉讼，或者须重新作出答复，暂不公开。",
    "Reconsideration or a suit about this case is pending, or it is to be decided again; it is not published now.",
)
_ON_THE_WAY: Final = Text("已经有一份提议在办理中，请先办完。", "Another proposal is on its way; finish that first.")
_NO_REASON: Final = Text("更正已经公开的答复，请写明理由。", "Say why the published reply is corrected.")
_NOT_CLEARED: Final = Text("先由保密审查人审查，才能决定公开。", "A secrecy reviewer has to look at it first.")
_OVERTAKEN: Final = Text(
    "这份提议刚刚被别人办理过，您的操作没有生效。请刷新页面，查看最新情况后再决定。",
    "Somebody else has just acted on this proposal, so yours was not carried out. Reload the page and look again.",
)
_REVOKED: Final = Text("已经撤下，不必再撤。", "It has been withdrawn already.")
_NEVER_PUBLIC: Final = Text(
    "还没有决定公开，不需要撤下；不公开的，退回提议。", "It was never decided; send the proposal back instead."
)
_NAMES: Final = Text(
    "文字里有不能公开的内容：{what}。公开的答复不得让人认出申请人或者其他个人，请改写。",
    "The text holds what must not be published: {what}. Nobody who applied may be told from it; write it otherwise.",
)
_NOT_PASSED: Final = Text(
    "“{name}”不是这份答复给公众的文件，或者没有通过放行检查，或者生成以后涂去的地方又有改动。请在案卷材料里重新生成。",
    "“{name}” is no file for the public of this reply, has not passed the gate, or its areas have changed since. Make "
    "it again among the records.",
)
_SHOWS_MORE: Final = Text(
    "“{name}”露出了没有提供给申请人的内容，不能公开。", "“{name}” shows what the applicant did not get."
)
_CHANGED: Final = Text(
    "“{name}”存储的内容与检查通过时不同，不能公开。", "“{name}” is not what passed the check and can’t be published."
)
_FILE_NAME: Final = Text(
    "文件名里有不能公开的内容：{what}。请另存为别的文件名后重新放入。",
    "The file’s name holds what must not be published: {what}.",
)
_ON_A_PAGE: Final = Text(
    "“{name}”第{page}页有不能公开的内容：{what}。请在案卷材料里标明“只对公众隐去”，重新生成给公众的文件。",
    "Page {page} of “{name}” holds what must not be published: {what}. Black it out for the public and make the file "
    "again.",
)
_TOO_EARLY: Final = Text(
    "公开之日最早是{first}：本机关设定，答复送出以后满{days}天才公开，也不能早于今天。",
    "The first day possible is {first}: here a reply is published {days} days after it left, and not before today.",
)
_TOO_LATE: Final = Text("公开之日太远，请核对年份。", "The day is too far away; check the year.")
