"""``verify_clocks`` over every case of the large table: cases a second, and memory that does not grow with them."""

import resource
import time
from collections.abc import Iterator

from django.db import connection, transaction

from casework import sweeps
from casework.models import Case
from casework.models.case import next_look
from casework.models.replays import Replays

from .build import TODAY
from .measure import Result, count

#: A bigger table than the office of a province will ever hold is proved over a cup of tea.
WANTED = 20_000


#: Four cases in ten have facts: supplements answered, extensions, consultations.
FACTS = (
    (
        "INSERT INTO casework_supplement (case_id, requested_on, period_ends_on, lacks, excerpts, unclear, "
        "received_on, channel, answer, superseded) "
        "SELECT id, {asked}, {later}, '[]', '[]', '请说明。', {answered}, 'online', '已说明。', {false} "
        "FROM casework_case WHERE id % 10 IN (1, 2)"
    ),
    (
        'INSERT INTO casework_extension (case_id, "on", working_days, reason) '
        "SELECT id, {asked}, 10, '需要检索。' FROM casework_case WHERE id % 10 = 3"
    ),
    (
        "INSERT INTO casework_consultation (case_id, party, name, email, address, summary, sent_on, answered_on, "
        "parts, opinion, token_hash, judgement, judgement_reasons, public_interest, decided_content, cancel_reason) "
        "SELECT id, 'third_party', '某公司', '', '', '', {asked}, {answered}, '', '', '', '', '', '', '', '' "
        "FROM casework_case WHERE id % 10 = 4"
    ),
)


def _give_facts() -> None:
    on = "received_on + {}" if connection.vendor == "postgresql" else "date(received_on, '+{} days')"
    days = {"asked": on.format(3), "answered": on.format(12), "later": on.format(30)}
    false = "false" if connection.vendor == "postgresql" else "0"
    with connection.cursor() as cursor:
        for statement in FACTS:
            cursor.execute(statement.format(**days, false=false))


def _bring_in_step() -> None:
    """The database wrote dates by simple arithmetic; make them those of the replay, as they are in an office."""
    replays, last = Replays(), 0
    while batch := replays.of(Case.objects.order_by("pk").filter(pk__gt=last)[:10_000]):
        rows = [
            (found.due_on, found.provisional, next_look(found.watched, on=TODAY), found.case.pk)
            for found in batch
            if any(found.differences(TODAY))
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE casework_case SET due_on = %s, due_is_provisional = %s, watch_on = %s WHERE id = %s", rows
            )
        last = batch[-1].case.pk


def run() -> Iterator[Result]:
    _give_facts()
    _bring_in_step()
    cases = Case.objects.count()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    differences = sum(1 for _ in sweeps.verify_clocks(on=TODAY))
    rate = cases / (time.perf_counter() - began)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    engine = connection.vendor
    holds = rate >= WANTED and not differences
    yield count(
        f"verify_clocks ({differences} differences)", engine, rate, WANTED, "cases/s", f"≥ {WANTED}", holds=holds
    )
    yield count("memory of verify_clocks", engine, grown, 100, "MB", "≤ 100", holds=grown <= 100)
