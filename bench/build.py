"""Cases by the million, written by the database itself so that building them is not what takes the time.

Open cases (one in ten) fall due over the forty days from ``TODAY``, a fortieth of them today; closed ones are spread
over ten years, a hundred agencies, six kinds and 21 outcomes by fixed arithmetic: the same on both engines, every time.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

from casework.law.outcomes import OUTCOMES, ApplicantKind, Outcome
from casework.law.states import State
from casework.models import Agency, Appointment, Level, Role, Staff

TODAY: Final = date(2026, 11, 18)
YEAR: Final = 2025
AGENCIES: Final = 100


#: What every application asks for, as an expression of its number.
PLAIN: Final = "'申请公开第' || i || '号项目的资金安排与验收材料。'"


def build(size: int, *, agencies: int = AGENCIES, content: str = PLAIN) -> Agency:
    """The tree, its people and ``size`` cases; the district at the top is returned.

    ``content``: the SQL expression of what the case numbered ``i`` asks for.
    """
    district = Agency.objects.create(code="bench", name="基准区", level=Level.COUNTY)
    tree = [district] + [
        Agency.objects.create(code=f"bench-{n}", name=f"基准局{n}", parent=district) for n in range(1, agencies)
    ]
    for agency in tree:
        for role in (Role.CLERK, Role.HEAD):
            person = Staff.objects.create(username=f"{agency.code}-{role}", name=f"{agency.name}{role.label}")
            Appointment.objects.create(staff=person, agency=agency, role=role)
    above = Staff.objects.create(username="bench-region", name="区主管部门")
    for role in (Role.AUDITOR, Role.REGION_SUPERVISOR):
        Appointment.objects.create(staff=above, agency=district, role=role)
    _fill(size, district.pk, agencies, content)
    with connection.cursor() as cursor:
        # As autovacuum does by itself soon after: without it no index alone answers anything.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return district


def clear() -> None:
    """Take away what ``build`` made."""
    with connection.cursor() as cursor:
        for table in ("casework_event", "casework_textmark", "casework_casetext", "casework_case"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("DELETE FROM casework_applicant")
    Appointment.objects.all().delete()
    Staff.objects.all().delete()
    Agency.objects.exclude(parent=None).delete()
    Agency.objects.all().delete()


def _fill(size: int, first_agency: int, agencies: int, content: str) -> None:
    sql = _PostgreSQL() if connection.vendor == "postgresql" else _SQLite()
    with connection.cursor() as cursor:
        cursor.execute(
            f"{sql.series(size)} INSERT INTO casework_applicant (id, name, contact_person, identity_kind, "
            "identity_index, phone, email, address, contact, told_by, told_less) "
            "SELECT i, '申请人' || i, '', '', '', '', '', '', '', 'email', " + sql.false + " FROM series"
        )
        cursor.execute(
            f"{sql.series(size)}, facts AS ({_facts(sql.day, first_agency, agencies)}) "
            "INSERT INTO casework_case (id, agency_id, number, year, applicant_kind, applicant_id, channel, "
            "arrived_on, received_on, registered_at, subject, content, wanted_form, wanted_way, note, "
            "query_code_hash, ledger_mark, language, state, division, outcome, closed_on, due_on, due_is_provisional, "
            "watch_on, version, registration_key, forwarded_by, is_oral) "
            f"SELECT i, agency, 'B' || i, {sql.year}, kind, i, 'in_person', received, received, {sql.moment}, "
            f"'', {content}, '', '', '', '', '', 'zh-hans', "
            f"CASE WHEN is_open THEN '{State.RECEIVED}' ELSE state END, '', "
            "CASE WHEN is_open THEN '' ELSE outcome END, CASE WHEN is_open THEN NULL ELSE closed END, due, "
            f"{sql.false}, CASE WHEN is_open THEN due ELSE NULL END, 0, '', '', {sql.false} FROM facts"
        )
        for table in ("casework_applicant", "casework_case"):
            sql.continue_keys(cursor, table)


def _facts(day: Callable[[str], str], first_agency: int, agencies: int) -> str:
    """One in ten is open, due today or in the next 39 days; by primes each column walks its own way."""
    outcome = "(i * 104729 / 10) % 21"
    return (
        f"SELECT i, (i % 10 = 0) AS is_open, {first_agency} + (i * 7919 / 10) % {agencies} AS agency, "
        f"{chosen([k.value for k in ApplicantKind], '(i * 37 / 10) % 6')} AS kind, "
        f"{chosen([o.value for o in Outcome], outcome)} AS outcome, "
        f"{chosen([OUTCOMES[o].closes_as.value for o in Outcome], outcome)} AS state, "
        f"CASE WHEN i % 10 = 0 THEN {day('3578 + (i / 10) % 40')} ELSE {day('(i * 37) % 3500')} END AS received, "
        f"CASE WHEN i % 10 = 0 THEN {day('3608 + (i / 10) % 40')} ELSE {day('(i * 37) % 3500 + 28')} END AS due, "
        f"{day('(i * 37) % 3500 + i % 30 + 1')} AS closed FROM series"
    )


def chosen(values: Sequence[str], expression: str) -> str:
    """The value at the place that the expression gives."""
    whens = " ".join(f"WHEN {n} THEN '{value}'" for n, value in enumerate(values))
    return f"CASE {expression} {whens} END"


class _PostgreSQL:
    year = "EXTRACT(year FROM received)::int"
    moment = "received::timestamptz"
    false = "false"

    def series(self, size: int) -> str:
        return f"WITH series AS (SELECT generate_series(1, {size})::bigint AS i)"

    def day(self, offset: str) -> str:
        return f"(DATE '2017-01-01' + ({offset})::int)"

    def continue_keys(self, cursor: CursorWrapper, table: str) -> None:
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")


class _SQLite:
    year = "CAST(strftime('%Y', received) AS integer)"
    moment = "received || ' 02:00:00'"
    false = "0"

    def series(self, size: int) -> str:
        return f"WITH RECURSIVE series(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < {size})"

    def day(self, offset: str) -> str:
        return f"date('2017-01-01', '+' || ({offset}) || ' days')"

    def continue_keys(self, cursor: CursorWrapper, table: str) -> None:
        """AUTOINCREMENT goes on from the largest key by itself."""
