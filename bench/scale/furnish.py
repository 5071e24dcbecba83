"""A region's tables by the database itself: cases, five events each, decisions, deliveries, and the index of words.

Every case begins once, ends at most once, by a decision that was dispatched on its day; matrix and index of words
hold. Of what ``verify_invariants`` asks two things do not: due dates come of simple arithmetic (``verify`` brings them
in step in its own part of the bench), and events are sealed by the minute, not by the million. The rows of one case lie
as far apart as in an office, since all were written in the order of their days.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Final

import psycopg
from django.db import connection

from bench import build
from bench.office import content_of
from casework.law.states import CLOSED
from casework.models import Agency, Appointment, Case, Role, Staff

#: Events of a case: five of each, so that a million cases have five million.
_CLOSED: Final = (
    ("registered", "received_on", "clerk"),
    ("proposed", "closed_on", "clerk"),
    ("secrecy_cleared", "closed_on", "secrecy"),
    ("signed", "closed_on", "head"),
    ("dispatched", "closed_on", "clerk"),
)
_OPEN: Final = (
    ("registered", "received_on", "clerk"),
    ("assigned", "received_on", "clerk"),
    *((("identity_read"), "received_on", who) for who in ("clerk", "secrecy", "head")),
)
EVENTS_A_CASE: Final = len(_CLOSED)
_ROLES: Final = {"clerk": Role.CLERK, "head": Role.HEAD, "secrecy": Role.SECRECY_REVIEWER}
#: Cases whose words one process works out before it writes them.
_AT_ONCE: Final = 5_000
READER: Final = "bench-region"


def furnish(size: int) -> Agency:
    """The tree with its people and everything that hangs on ``size`` cases; the district at the top is returned.

    Somebody may read all of it: the auditor of every office.
    """
    with connection.cursor() as cursor:
        # Neither foreign keys row by row nor the disk at every commit: what is measured comes later, with both.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET work_mem = '256MB'")
        # All will be in the index; to say so of a million rows afterwards would write each of them twice.
        cursor.execute("ALTER TABLE casework_case ALTER text_marked SET DEFAULT true")
    with _told(f"{size} cases"), without_indexes("casework_case", "casework_applicant"):
        district = build.build(size, content=content_of("i"))
    _people()
    with _told(f"{size * EVENTS_A_CASE} events, decisions, deliveries"):
        _histories()
    with _told("the index of words"), without_indexes("casework_casetext", "casework_textmark"):
        _words(size)
    with _told("VACUUM ANALYZE"), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE casework_case ALTER text_marked SET DEFAULT false")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
        cursor.execute("SET session_replication_role = origin")
        for setting in ("synchronous_commit", "maintenance_work_mem", "work_mem"):
            cursor.execute(f"RESET {setting}")
    return district


@contextmanager
def _told(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"     built: {what} in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


@contextmanager
def without_indexes(*tables: str) -> Iterator[None]:
    """Take the indexes of these tables down that are no constraint, and make them anew at the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "WHERE indrelid = ANY(%s::regclass[]) "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
            [list(tables)],
        )
        found: list[tuple[str, str]] = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in found:
            cursor.execute(definition)


def _people() -> None:
    """Reviewers beside the clerk and the head whom ``build`` made, and somebody who may read every case."""
    agencies = list(Agency.objects.order_by("pk"))
    Agency.objects.update(second_factor_roles=[])  # whoever is measured has none
    for name, role in (("secrecy", Role.SECRECY_REVIEWER), ("reviewer", Role.REVIEWER)):
        people = [Staff(username=f"{a.code}-{name}", name=f"{a.name}{role.label}", password="!") for a in agencies]
        Staff.objects.bulk_create(people)
        Appointment.objects.bulk_create(
            Appointment(staff=person, agency=agency, role=role) for person, agency in zip(people, agencies, strict=True)
        )
    reader = Staff.objects.get(username=READER)
    held = set(Appointment.objects.filter(staff=reader, role=Role.AUDITOR).values_list("agency", flat=True))
    Appointment.objects.bulk_create(
        Appointment(staff=reader, agency=agency, role=Role.AUDITOR) for agency in agencies if agency.pk not in held
    )


def _histories() -> None:
    who = ", ".join(f"MAX(staff_id) FILTER (WHERE role = '{role.value}') AS {name}" for name, role in _ROLES.items())
    people = f"people AS (SELECT agency_id, {who} FROM casework_appointment a JOIN casework_staff s ON s.id = "
    people += f"a.staff_id WHERE s.username <> '{READER}' GROUP BY agency_id)"
    events = " UNION ALL ".join(
        f"SELECT c.id AS case_id, '{kind}' AS kind, {day} AS \"on\", {place} AS place, p.{name} AS by_id, "
        f"{_payload(kind)} AS payload, due_on FROM casework_case c JOIN people p USING (agency_id) "
        f"WHERE c.closed_on IS {'NOT ' if rows is _CLOSED else ''}NULL"
        for rows in (_CLOSED, _OPEN)
        for place, (kind, day, name) in enumerate(rows)
    )
    with connection.cursor() as cursor, without_indexes("casework_event", "casework_decision", "casework_delivery"):
        cursor.execute(
            f"UPDATE casework_case c SET clerk_id = p.clerk FROM (WITH {people} SELECT * FROM people) p "
            "WHERE p.agency_id = c.agency_id AND c.closed_on IS NULL"
        )
        cursor.execute(
            f'WITH {people} INSERT INTO casework_event (case_id, kind, "on", at, actor, by_id, payload, due_before, '
            "due_after) SELECT case_id, kind, \"on\", \"on\"::timestamptz + INTERVAL '2 hours', 'staff', by_id, "
            f'payload, due_on, due_on FROM ({events}) all_of_them ORDER BY "on", case_id, place'
        )
        cursor.execute(
            f"WITH {people} INSERT INTO casework_decision (case_id, outcome, ground, statements, document_number, "
            "remark, proposed_by_id, proposed_at, signed_by_id, signed_at, dispatched_on) "
            "SELECT c.id, c.outcome, '', '{}', '', '', p.clerk, c.closed_on::timestamptz, p.head, "
            "c.closed_on::timestamptz, c.closed_on FROM casework_case c JOIN people p USING (agency_id) "
            "WHERE c.closed_on IS NOT NULL ORDER BY c.closed_on, c.id"
        )
        cursor.execute(
            "INSERT INTO casework_delivery (case_id, decision_id, mode, postal_number, sent_on, sent_by_id, "
            "delivered_on, witness, return_reason) SELECT case_id, id, 'in_person', '', dispatched_on, "
            "proposed_by_id, dispatched_on, '', '' FROM casework_decision ORDER BY id"
        )
    states = ", ".join(f"'{state.value}'" for state in CLOSED)
    assert not Case.objects.exclude(closed_on=None).extra(where=[f"state NOT IN ({states})"]).exists()


def _payload(kind: str) -> str:
    if kind == "registered":
        return "jsonb_build_object('channel', channel, 'arrived_on', arrived_on, 'received_on', received_on)"
    if kind == "dispatched":
        return "jsonb_build_object('outcome', outcome, 'mode', 'in_person')"
    if kind in ("proposed", "signed"):
        return "jsonb_build_object('outcome', outcome)"
    return "jsonb_build_object('whose', 'applicant')" if kind == "identity_read" else "'{}'::jsonb"


# ── The index of words ───────────────────────────────────────────────────────────────────────────────────────────────


def _words(size: int) -> None:
    """What ``index_waiting`` would write, by every core of the machine."""
    from .filing import connection_string

    told = connection_string()
    with ProcessPoolExecutor() as pool:
        parts = [(told, first, min(first + _AT_ONCE, size + 1)) for first in range(1, size + 1, _AT_ONCE)]
        for _ in pool.map(_index, parts):
            pass


def _index(part: tuple[str, int, int]) -> None:
    """In a process of its own."""
    from casework.wordsearch.cases import keys_of
    from casework.wordsearch.marks import marks_of

    told, first, last = part
    with psycopg.connect(told, options="-c session_replication_role=replica -c synchronous_commit=off") as own:
        cases = own.execute(
            "SELECT c.id, agency_id, number, subject, content, a.name FROM casework_case c "
            "JOIN casework_applicant a ON a.id = applicant_id WHERE c.id >= %s AND c.id < %s ORDER BY c.id",
            [first, last],
        ).fetchall()
        texts, marks = [], []
        for pk, agency, number, subject, content, name in cases:
            case: Any = SimpleNamespace(agency_id=agency, number=number, subject=subject, content=content)
            case.applicant = SimpleNamespace(name=name)
            texts.append((pk, " ".join(keys_of(case))))
            marks += [(agency, mark, pk) for mark in marks_of(subject, content)]
        _copy(own, "casework_casetext (case_id, pairs)", texts)
        _copy(own, "casework_textmark (agency_id, mark, case_id)", marks)


def _copy(own: "psycopg.Connection[Any]", into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with own.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
