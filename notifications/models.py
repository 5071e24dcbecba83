"""The row of the outbox: one effect, one receiver, one channel."""

import hashlib
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """A message owed to somebody, written in the transaction of its cause.

    Only ``outbox`` creates rows and only ``delivery`` moves them on. A row is *open* (still to be sent) exactly as
    long as it has a ``next_attempt_at``; everything that looks for work looks at that one column.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("电子邮件")
        SMS = "sms", _("短信")
        WEBHOOK = "webhook", _("系统回调")
        INBOX = "inbox", _("站内消息")

    class Status(models.TextChoices):
        PENDING = "pending", _("待发送")
        CLAIMED = "claimed", _("正在发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("未能送达")
        #: A digest carries it: what becomes of that one becomes of this.
        CARRIED = "carried", _("并入汇总")

    #: Names the effect, e.g. ``case:123:reminded:2026-11-18:staff:7:inbox``. The same effect cannot be written twice.
    effect_key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=10, choices=Channel)
    #: A person with an account …
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    #: … or the address of one without: an e-mail address, a mobile number, the name of a webhook's endpoint.
    #: Personal data: never in a log, never in ``last_error``.
    address = models.CharField(max_length=254, blank=True)
    #: Its texts are ``templates/mail/<notice>/subject.txt``, ``body.txt`` and, if wanted, ``body.html``.
    notice = models.CharField(max_length=60)
    context = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    #: What it is about, e.g. ``case:123``; means something only to the poster.
    subject_ref = models.CharField(max_length=100, blank=True)
    #: In whose name it is sent, e.g. ``agency:7``; means something only to the poster.
    owner_ref = models.CharField(max_length=100, blank=True)
    #: Page it leads to, a path on this site.
    path = models.CharField(max_length=300, blank=True)
    #: Of the request or task that caused it (``trail``): the same stands in its header and in the lines of the log.
    request_id = models.CharField(max_length=32, blank=True, default="", db_default="")
    created_at = models.DateTimeField()
    #: Not sent before this moment (quiet hours, bundling).
    due_at = models.DateTimeField()
    #: Whether it may leave in a digest with others that wait for the same person (``bundling``).
    bundles = models.BooleanField(default=False)

    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    #: Pending: not tried before. Claimed: end of the lease, after which another may take it up. Closed: none.
    next_attempt_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    #: Class of the last error and, for a mail server's refusal, its code.
    last_error = models.CharField(max_length=100, blank=True)
    read_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    #: When the poster took note that it had failed.
    reported_at = models.DateTimeField(null=True)
    #: When somebody had seen to it in another way.
    settled_at = models.DateTimeField(null=True)
    carried_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="carried", db_index=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="message_channel_known", condition=Q(channel__in=["email", "sms", "webhook", "inbox"])
            ),
            models.CheckConstraint(
                name="message_has_one_receiver",
                condition=(Q(recipient__isnull=True) & ~Q(address="")) | (Q(recipient__isnull=False) & Q(address="")),
            ),
            models.CheckConstraint(
                name="message_inbox_has_owner", condition=~Q(channel="inbox") | Q(recipient__isnull=False)
            ),
            models.CheckConstraint(
                name="message_open_while_owed",
                condition=Q(status__in=["pending", "claimed"], next_attempt_at__isnull=False)
                | Q(status__in=["sent", "failed", "carried"], next_attempt_at__isnull=True),
            ),
            models.CheckConstraint(
                name="message_claim_whole",
                condition=(Q(status="claimed", claimed_at__isnull=False) & ~Q(claimed_by=""))
                | (~Q(status="claimed") & Q(claimed_at__isnull=True, claimed_by="")),
            ),
            models.CheckConstraint(
                name="message_sent_has_moment",
                condition=Q(status="sent", sent_at__isnull=False) | (~Q(status="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(name="message_failed_says_why", condition=~Q(status="failed") | ~Q(last_error="")),
            models.CheckConstraint(
                name="message_failed_has_moment",
                condition=Q(status="failed", failed_at__isnull=False)
                | (~Q(status="failed") & Q(failed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_seen_to_once_failed",
                condition=Q(reported_at__isnull=True, settled_at__isnull=True) | Q(status="failed"),
            ),
            models.CheckConstraint(
                name="message_carried_by_digest",
                condition=Q(status="carried", carried_by__isnull=False)
                | (~Q(status="carried") & Q(carried_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_bundles_for_person",
                condition=Q(bundles=False) | Q(recipient__isnull=False, channel__in=["email", "sms"]),
            ),
            models.CheckConstraint(
                name="message_webhook_has_address", condition=~Q(channel="webhook") | Q(recipient__isnull=True)
            ),
            models.CheckConstraint(
                name="message_read_in_inbox", condition=Q(read_at__isnull=True) | Q(channel="inbox", status="sent")
            ),
        ]
        indexes: ClassVar = [
            # what is owed, however many were sent: the cost of looking follows the work there is
            models.Index(
                name="message_open",
                fields=["channel", "next_attempt_at", "id"],
                condition=Q(next_attempt_at__isnull=False),
            ),
            models.Index(name="message_of_recipient", fields=["recipient", "channel", "-id"]),
            models.Index(
                name="message_unread", fields=["recipient"], condition=Q(channel="inbox", read_at__isnull=True)
            ),
            models.Index(
                name="message_undeliverable", fields=["id"], condition=Q(status="failed", settled_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} #{self.pk}"

    @property
    def name(self) -> str:
        """The same for each attempt, and another for another address: by it a receiver drops a double."""
        effect = self.effect_key if self.channel == self.Channel.EMAIL else f"{self.effect_key}\n{self.address}"
        return hashlib.sha256(effect.encode()).hexdigest()[:40]
