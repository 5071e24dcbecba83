"""What beat and the nudge call. One line: the rows say what there is to do."""

from celery import shared_task
from django.utils import timezone

from notifications.delivery import deliver_due


@shared_task(ignore_result=True)
def deliver() -> None:
    """Send what is due."""
    deliver_due(at=timezone.now())
