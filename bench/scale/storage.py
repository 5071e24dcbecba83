"""What a case takes on the disk: its rows with their indexes, and the files of its letters."""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench.measure import Result
from casework import audit
from casework.models import Agency
from casework.wordsearch.cases import index_all_waiting

from .operations import Team

#: Whole lives by the verbs, enough that half-filled pages of small tables do not count for much.
LIVES: Final = 200
#: Only where the events of all cases are sealed in seconds: a life takes the same beside a million others.
SEALED: Final = 20_000


def measured(size: int) -> Iterator[Result]:
    """Of the tables that were built, and of cases that go from the portal to their dispatch and are sealed."""
    built = _of_database() / size
    yield _told("database, of the cases built", built, "bytes a case", "bytes built", size, "without letters and seals")
    for name in ("casework_case", "casework_event", "casework_textmark", "casework_casetext"):
        yield _told(f"table {name}", _of_table(name) / size, "bytes a case", f"bytes {name}", size, "with its indexes")
    if size > SEALED:
        return
    audit.seal_all(at=timezone.now())
    rows, files = _of_database(vacuumed=True), _of_files()
    team = Team(Agency.objects.exclude(parent=None).order_by("pk")[0])
    for case in team.received(LIVES):
        team.decide(case)
    audit.seal_all(at=timezone.now())
    index_all_waiting()
    rows, files = _of_database(vacuumed=True) - rows, _of_files() - files
    note = f"{LIVES} online applications granted without attachments, events sealed"
    yield _told("database, of a case from portal to dispatch", rows / LIVES, "bytes a case", "bytes lived", size, note)
    yield _told("files, of a case from portal to dispatch", files / LIVES, "bytes a case", "bytes files", size, note)


def _told(name: str, figure: float, unit: str, key: str, size: int, note: str) -> Result:
    return Result(name, connection.vendor, figure, 0, unit, 0, "told", True, note, key, size)


def _of_database(*, vacuumed: bool = False) -> int:
    with connection.cursor() as cursor:
        if vacuumed:
            cursor.execute("VACUUM")
        cursor.execute("SELECT pg_database_size(current_database())")
        (found,) = cursor.fetchone()
    return int(found)


def _of_table(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [name])
        (found,) = cursor.fetchone()
    return int(found)


def _of_files() -> int:
    """Bytes of whole blocks, as the disk counts them."""
    return sum(path.stat().st_blocks * 512 for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())
