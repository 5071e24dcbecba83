"""What holds for every test: one frozen moment, bounded examples, a database of its own, programs found once."""

import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connections, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from casework.audit import guards
from casework.models import edition
from tests.cast import Cast, cast
from tests.service import Service, running_service

#: The suite's now, Wednesday 18 November 2026 at 10:00 in Shanghai; `make test AS_OF=2027-12-30` moves it.
AS_OF = datetime.combine(
    datetime.fromisoformat(os.environ.get("AS_OF") or "2026-11-18"), time(10), tzinfo=ZoneInfo("Asia/Shanghai")
)

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    max_examples=100,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("thorough", settings.get_profile("ci"), derandomize=False, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session", autouse=True)
def frozen_clock() -> Iterator[time_machine.Traveller]:
    """Stands still at ``AS_OF`` for fixtures of every scope."""
    with time_machine.travel(AS_OF, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def now(frozen_clock: time_machine.Traveller, request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller]:
    """Every test begins at ``AS_OF``; ``now.move_to(…)`` and ``now.shift(…)`` move it for that test alone.

    A test marked ``worker`` speaks with other processes and therefore lives in real time.
    """
    if request.node.get_closest_marker("worker"):
        frozen_clock.move_to(time_machine.escape_hatch.datetime.datetime.now(AS_OF.tzinfo), tick=True)
    yield frozen_clock
    frozen_clock.move_to(AS_OF, tick=False)


@pytest.fixture(autouse=True)
def only_built_in_editions() -> Iterator[None]:
    """What a test applied is gone with its database; the next one must not find it in memory."""
    yield
    if edition._Known.version not in (None, (0, "")):
        edition._Known.shelf, edition._Known.version, edition._Known.fresh = edition.Shelf(), None, False


@pytest.fixture(autouse=True)
def written_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written beside the database belongs to one test, as the database does; no folder is made before."""
    folder = Path(os.environ["VAR_DIR"]) / "outside" / uuid.uuid4().hex
    monkeypatch.setattr("django.conf.settings.AUDIT_ANCHOR_FILE", folder / "anchors.jsonl")
    monkeypatch.setattr("django.conf.settings.ERASURE_FILE", folder / "erasures.jsonl")


#: A migrated database that `make test` has made once for all parts and processes: a file, or a name on the server.
TEMPLATE = os.environ.get("TEST_TEMPLATE", "")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as it runs: in memory, threads would share one connection and races could not be seen."""
    database = connections["default"]
    test = database.settings_dict["TEST"]
    if database.vendor == "sqlite":
        test["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
        if TEMPLATE:
            shutil.copy(TEMPLATE, test["NAME"])
    elif TEMPLATE:
        test["TEMPLATE"] = TEMPLATE
    if TEMPLATE:
        test["MIGRATE"] = False  # every migration stands in the copy already


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Whether what lies at the place of the test database is to be used: the copy of the template."""
    return bool(TEMPLATE) and connections["default"].vendor == "sqlite"


@pytest.fixture(scope="session", autouse=True)
def emptied_without_guards() -> Iterator[None]:
    """A test with transactions of its own is cleaned up by emptying all tables; no door in the product allows that."""
    as_it_is = BaseDatabaseOperations.execute_sql_flush

    def emptied(operations: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with guards.taken_down():
            as_it_is(operations, sql_list)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseDatabaseOperations, "execute_sql_flush", emptied)
        yield


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For fixtures of a module: what they store is there for each of its tests, and gone after the last.

    A test's own transaction lies inside, so tests do not see one another. Not beside tests marked ``transaction=True``.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def players(db: None) -> Cast:
    """The cast, in the database of this test."""
    return cast()


@pytest.fixture
def service(transactional_db: None, tmp_path: Path) -> Iterator[Service]:
    """Web, worker and beat of the ``Procfile`` as real processes on this test's database and a real broker."""
    with running_service(tmp_path) as running:
        yield running


@pytest.fixture
def november_18(now: time_machine.Traveller) -> None:
    """For a test that names dates: it stands on 18 November 2026 wherever the suite is moved to."""
    now.move_to(datetime(2026, 11, 18, 10, tzinfo=AS_OF.tzinfo))
