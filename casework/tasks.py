"""What beat calls. One line each: the rows say what there is to do."""

from celery import shared_task
from django.utils import timezone

from casework import sweeps
from casework.law.calendar import day_of
from casework.models import Draft


@shared_task(ignore_result=True)
def remind() -> None:
    """Remind, escalate, find lapses: whatever is due and not done yet."""
    sweeps.remind(at=timezone.now())


@shared_task(ignore_result=True)
def verify_clocks() -> None:
    """Log every stored date that differs from the facts."""
    sweeps.log_differences(on=day_of(timezone.now()))


@shared_task(ignore_result=True)
def forget_drafts() -> None:
    """Keep nothing that a citizen typed longer than it is needed."""
    Draft.forget(at=timezone.now())
