"""公开的答复: replies that an office shows to everybody, the versions of their words, and who was told of them.

Whether one is public follows from its dates and nothing else. It is never changed: it is revoked with a reason, or a
further version is approved that takes the place of the one before.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.law.topics import TOPICS, Topic
from casework.law.words import Text

from .agency import Agency
from .case import Case
from .material import Release
from .person import Staff

LONGEST_TITLE = 200
LONGEST_SUMMARY = 4000
LONGEST_REASON = 500


class PublishedReplyQuerySet(models.QuerySet["PublishedReply"]):
    """Publications by where they stand on a day."""

    def decided(self) -> "PublishedReplyQuerySet":
        """Approved and not revoked, whether their day has come or not."""
        approved = PublishedVersion.objects.filter(reply=models.OuterRef("pk"), decided_at__isnull=False)
        return self.filter(models.Exists(approved), public_from__isnull=False, revoked_at=None)

    def visible(self, on: date) -> "PublishedReplyQuerySet":
        """What everybody may read on that day."""
        return self.decided().filter(public_from__lte=on)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("published replies are revoked, never deleted")


class PublishedReply(models.Model):
    """One reply that is, was or may become public; the applicant is nowhere in it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="publications")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    #: From this day on everybody sees it; there is none before the head has decided.
    public_from = models.DateField(_("公开之日"), null=True)
    revoked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.CharField(_("撤下的理由"), max_length=LONGEST_REASON, blank=True)
    #: When those who wait for the like were told; empty until its day has come and the sweep has passed.
    told_at = models.DateTimeField(null=True)

    objects = PublishedReplyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["agency", "-public_from"], name="replies_of_an_agency"),
            models.Index(fields=["public_from"], condition=Q(told_at=None, revoked_at=None), name="like_ones_not_told"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(revoked_at=None), name="a_case_is_published_once"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoke_reason="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoke_reason=""),
                name="revoked_says_who_when_why",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(public_from__isnull=False), name="told_of_what_was_public"
            ),
        ]

    def __str__(self) -> str:
        return self.current.title if self.current else f"{self.pk}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("published replies are revoked, never deleted")

    def is_visible(self, on: date) -> bool:
        return self.public_from is not None and self.public_from <= on and self.revoked_at is None

    @property
    def current(self) -> "PublishedVersion | None":
        """The version that holds: the last that was decided."""
        return next((v for v in self._newest_first() if v.decided_at is not None), None)

    @property
    def waiting(self) -> "PublishedVersion | None":
        """The version that is on its way; none where the publication was revoked."""
        if self.revoked_at is not None:
            return None
        return next((v for v in self._newest_first() if v.is_waiting), None)

    @property
    def is_open(self) -> bool:
        """Whether a version may yet be proposed."""
        return self.revoked_at is None and self.waiting is None

    def _newest_first(self) -> Iterable["PublishedVersion"]:
        return sorted(self.versions.all(), key=lambda version: -version.number)

    def standing(self, on: date) -> Text:
        """Where it stands, in words."""
        if self.revoked_at is not None:
            return _REVOKED
        if self.is_visible(on):
            return _VISIBLE
        if self.public_from is not None:
            return _AHEAD
        waiting = self.waiting
        return _RETURNED if waiting is None else _CLEARED if waiting.cleared_at else _PROPOSED


_REVOKED = Text("已经撤下", "Withdrawn")
_VISIBLE = Text("已经公开", "Public")
_AHEAD = Text("已经决定，到日公开", "Decided, public on its day")
_RETURNED = Text("退回", "Sent back")
_PROPOSED = Text("等保密审查", "Awaits secrecy review")
_CLEARED = Text("等负责人决定", "Awaits the head")


class PublishedVersion(models.Model):
    """The words of a publication as they were proposed, cleared and decided: three people, one after the other."""

    reply = models.ForeignKey(PublishedReply, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("标题"), max_length=LONGEST_TITLE)
    summary = models.TextField(_("内容摘要"))
    topic = models.CharField(_("主题"), max_length=12, choices=[(t.value, words.zh) for t, words in TOPICS.items()])
    #: Why it takes the place of the version before; empty in the first.
    reason = models.CharField(_("更正的理由"), max_length=LONGEST_REASON, blank=True)
    proposed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    cleared_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    cleared_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    remark = models.CharField(_("退回的意见"), max_length=LONGEST_REASON, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "number"], name="versions_are_numbered"),
            models.UniqueConstraint(
                fields=["reply"], condition=Q(decided_at=None, returned_at=None), name="one_version_on_the_way"
            ),
            models.CheckConstraint(
                condition=Q(topic__in=[topic.value for topic in Topic]), name="topic_of_a_reply_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(cleared_by=None) | ~Q(cleared_by=F("proposed_by")))
                & (Q(decided_by=None) | ~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("cleared_by"))),
                name="three_people_publish",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(cleared_at__isnull=False, decided_by__isnull=False, returned_at=None),
                name="published_when_cleared",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at=None, cleared_by=None) | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="cleared_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None, returned_by=None)
                | Q(returned_at__isnull=False, returned_by__isnull=False) & ~Q(remark=""),
                name="returned_with_a_remark",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("versions of a published reply are kept")

    @property
    def is_waiting(self) -> bool:
        return self.decided_at is None and self.returned_at is None

    @property
    def topic_words(self) -> Text:
        return TOPICS[Topic(self.topic)]


class PublishedFile(models.Model):
    """A file of a version: the public's view of a record, which has passed the release gate."""

    version = models.ForeignKey(PublishedVersion, models.PROTECT, related_name="files")
    release = models.ForeignKey(Release, models.PROTECT, related_name="published")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "release"], name="a_file_once_a_version"),
        ]

    def __str__(self) -> str:
        return self.release.name


class LikeReply(models.Model):
    """The applicant of an open case was told of a published reply, and perhaps takes it as an answer to their own."""

    reply = models.ForeignKey(PublishedReply, models.PROTECT, related_name="likes")
    case = models.ForeignKey(Case, models.PROTECT, related_name="likes")
    told_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    statement = models.TextField(_("申请人的说明"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "case"], name="told_of_a_reply_once"),
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(taken_at__gte=F("told_at")), name="taken_after_it_was_told"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reply_id} {self.case_id}"
