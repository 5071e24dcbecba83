"""Who may publish a reply: proposed, cleared and decided by three people; revoked by whoever sees the harm first."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, PublishedReply, PublishedVersion, Role, Staff
from casework.models.publishedreply import PublishedReplyQuerySet

from .roles import CLERK, HEAD, READS_CASES, agencies_where, role_words


class PublishAct(StrEnum):
    """What is done about a published reply; each but the first is a verb of ``actions.publish``."""

    SEE = "see"
    PROPOSE = "propose_publication"
    CLEAR = "clear_publication"
    DECIDE = "decide_publication"
    SEND_BACK = "send_publication_back"
    REVOKE = "revoke_publication"


@dataclass(frozen=True, slots=True)
class PublishActRow:
    """Its words, and the roles that may."""

    words: Text
    roles: frozenset[str]


_SECRECY: Final = frozenset({Role.SECRECY_REVIEWER.value})
PUBLISH_ACTS: Final[dict[PublishAct, PublishActRow]] = {
    PublishAct.SEE: PublishActRow(Text("查看公开的答复", "See published replies"), READS_CASES),
    PublishAct.PROPOSE: PublishActRow(Text("提出公开答复、更正", "Propose to publish, or to correct"), CLERK),
    PublishAct.CLEAR: PublishActRow(Text("公开前的保密审查", "Look for secrets before publication"), _SECRECY),
    PublishAct.DECIDE: PublishActRow(Text("决定公开答复", "Decide to publish a reply"), HEAD),
    PublishAct.SEND_BACK: PublishActRow(
        Text("退回公开答复的提议", "Send a proposal to publish back"), CLERK | _SECRECY | HEAD
    ),
    # Deciding waits for the head; harm does not.
    PublishAct.REVOKE: PublishActRow(Text("撤下公开的答复", "Withdraw a published reply"), HEAD | _SECRECY),
}


def published_visible_to(user: Staff | AnonymousUser) -> PublishedReplyQuerySet:
    """The publications of the agencies whose cases this person reads; another's is answered with 404."""
    agencies = agencies_where(user, PUBLISH_ACTS[PublishAct.SEE].roles)
    return PublishedReplyQuerySet(PublishedReply).filter(agency__in=agencies)


def publishing_agencies(user: Staff | AnonymousUser) -> QuerySet[Agency]:
    """The agencies whose publications this person sees."""
    return Agency.objects.filter(pk__in=agencies_where(user, PUBLISH_ACTS[PublishAct.SEE].roles)).order_by("path")


def may_publish(by: Staff, act: PublishAct, agency: Agency, version: PublishedVersion | None = None) -> bool:
    """Whether the person holds a role for it, and has not taken another step of the same version."""
    return why_not_publish(by, act, agency, version) is None


def why_not_publish(by: Staff, act: PublishAct, agency: Agency, version: PublishedVersion | None) -> Text | None:
    """What keeps the person from it; ``None``: nothing. The steps are those of a reply that leaves (条例 17)."""
    row = PUBLISH_ACTS[act]
    if not by.is_active or not by.holds(agency.pk, *row.roles):
        return Text("需要的角色：{roles}。", "needs the role of {roles}.").format(roles=role_words(row.roles))
    if version is not None and act in (PublishAct.CLEAR, PublishAct.DECIDE):
        before = {version.proposed_by_id} | ({version.cleared_by_id} if act is PublishAct.DECIDE else set())
        if by.pk in before:
            return _ANOTHER
    return None


def check_may_publish(by: Staff, act: PublishAct, agency: Agency, version: PublishedVersion | None = None) -> None:
    """Raise ``Refused`` with what is lacking."""
    reason = why_not_publish(by, act, agency, version)
    if reason is not None:
        raise Refused(
            Text("不能{act}：{reason}", "Not allowed – {act}: {reason}").format(
                act=PUBLISH_ACTS[act].words, reason=reason
            )
        )


_ANOTHER: Final = Text(
    "提出、保密审查和决定公开应当由三个人分别办理，您已经办过其中一步。",
    "proposing, clearing and deciding are three people’s steps, and you have taken one of them.",
)
