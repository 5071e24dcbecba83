"""What was written to an applicant and did not reach them."""

from datetime import datetime

from django.db.models import QuerySet

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import (
    Case,
    ToldBy,
)
from notifications.models import Message
from notifications.outbox import send_again_to, settle, undeliverable
from notifications.phone import mobile
from notifications.posting import Channel

from .table import Audience
from .telling import PATHS


def check_texted(told_by: str, phone: str) -> None:
    """Refuse the choice of text messages without a number that takes them."""
    if told_by in (ToldBy.SMS, ToldBy.BOTH) and not mobile(phone):
        raise Refused(
            Text(
                "选择短信的，请填写手机号码。固定电话收不到短信。",
                "For text messages give a mobile number, not a landline.",
            ),
            field="phone",
        )


def undelivered_about(case: Case) -> QuerySet[Message]:
    """What was written to the applicant about this case and did not reach them, newest first."""
    return undeliverable().filter(subject_ref=f"case:{case.pk}", path=PATHS[Audience.APPLICANT]).exclude(address="")


def case_of_applicant(message: Message) -> Case | None:
    """The case whose applicant this message was for; none for one to staff, a machine or a third party."""
    kind, _colon, key = message.subject_ref.partition(":")
    if kind != "case" or not message.address or message.path != PATHS[Audience.APPLICANT]:
        return None
    return Case.objects.select_related("agency", "applicant", "clerk").filter(pk=int(key)).first()


def send_again_about(case: Case, *, at: datetime) -> None:
    """Send to the addresses that the applicant has now what did not reach them."""
    applicant = case.applicant
    now = {Channel.EMAIL.value: applicant.email, Channel.SMS.value: mobile(applicant.phone)}
    for channel, address in now.items():
        lost = list(undelivered_about(case).filter(channel=channel).values_list("pk", flat=True))
        if address and lost:
            send_again_to(address, lost, at=at)


def settle_about(case: Case, *, at: datetime) -> None:
    """Take what did not reach the applicant off the list: they were told otherwise."""
    settle(undelivered_about(case).values_list("pk", flat=True), at=at)
