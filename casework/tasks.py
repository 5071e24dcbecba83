"""What beat calls. One line each: the rows say what there is to do."""

import time
from typing import Any, Final

from celery import Task, shared_task
from celery.signals import task_prerun, task_success
from django.utils import timezone

from casework import audit, invariants, sweeps
from casework.models import ApiAnswer, Draft, LastRun, Remembered, SignInCode
from casework.models.edition import look_again
from casework.wordsearch import cases

task_prerun.connect(look_again)

#: Seconds for which one process does not say again that a task ran: some run every few seconds.
SAID: Final = 10.0
_said: dict[str, float] = {}


@task_success.connect(weak=False)
def note_run(sender: "Task[Any, Any]", **_signal: Any) -> None:
    """Whoever keeps watch sees that the timetable is kept; a task that failed leaves the day of its last success."""
    if not sender.name.startswith(("casework.", "notifications.")):
        return
    now = time.monotonic()
    if now - _said.get(sender.name, -SAID) >= SAID:
        LastRun.note(sender.name, at=timezone.now())
        _said[sender.name] = now


@shared_task(ignore_result=True)
def remind() -> None:
    """Remind, escalate, find lapses: whatever is due and not done yet."""
    sweeps.remind(at=timezone.now())


@shared_task(ignore_result=True)
def report_undelivered() -> None:
    """Tell the office what did not reach an applicant."""
    sweeps.report_undelivered(at=timezone.now())


@shared_task(ignore_result=True)
def chase() -> None:
    """Recall the requests inside that nobody has answered."""
    sweeps.chase(at=timezone.now())


@shared_task(ignore_result=True)
def tell_of_published() -> None:
    """Which reply has become public, and who waits for the like?"""
    sweeps.tell_of_published(at=timezone.now())


@shared_task(ignore_result=True)
def verify_invariants() -> None:
    """Log everything that does not hold of the records and the files."""
    invariants.log_breaches(at=timezone.now())


@shared_task(ignore_result=True)
def ask_for_answers() -> None:
    """Recall the answers that the office owes in reconsideration and in court."""
    sweeps.ask_for_answers(at=timezone.now())


@shared_task(ignore_result=True)
def remind_reports() -> None:
    """In January and March: which annual report is not published yet?"""
    sweeps.remind_reports(at=timezone.now())


@shared_task(ignore_result=True)
def mark_texts() -> None:
    """Let new and corrected cases be found by their words, and by what is like them."""
    cases.index_all_waiting()


@shared_task(ignore_result=True)
def forget_drafts() -> None:
    """Keep nothing that a citizen typed longer than it is needed."""
    Draft.forget(at=timezone.now())
    SignInCode.forget(at=timezone.now())
    Remembered.forget(at=timezone.now())


@shared_task(ignore_result=True)
def carry_on_editions() -> None:
    """Bring the open cases in step with every edition that is not done yet."""
    sweeps.carry_on_editions(at=timezone.now())


@shared_task(ignore_result=True)
def handle_records() -> None:
    """Scan the files that wait for the scanner, and make the files that were asked for."""
    sweeps.handle_records(at=timezone.now())


@shared_task(ignore_result=True)
def ask_for_edition() -> None:
    """In November: where are the holidays of next year?"""
    sweeps.ask_for_edition(at=timezone.now())


@shared_task(ignore_result=True)
def forget_answers() -> None:
    """Keep no answer to a machine longer than it may ask for it again."""
    ApiAnswer.forget(at=timezone.now())


@shared_task(ignore_result=True)
def seal_audit() -> None:
    """Link what has come to the audit chain."""
    audit.seal_all(at=timezone.now())


@shared_task(ignore_result=True)
def anchor_audit() -> None:
    """Write the head of the audit chain where the database can't reach it."""
    audit.anchor(at=timezone.now())
