"""`/metrics`: who may read it, what it says, what it costs, and that the rules of alert speak of figures that exist."""

import ipaddress
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
import yaml
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from casework import audit, invariants, tasks, vitals
from casework.law.outcomes import Outcome
from casework.models import Case, LastRun
from config import metrics
from notifications import outbox
from notifications.models import Message
from tests.cast import Cast, moment, proposed, registered, reviewed, signed
from tests.check import PRODUCTION, ROOT
from tests.conftest import AS_OF
from tests.notifications.builders import a_mail, a_text, posted
from tests.platform.test_settings import manage

TOKEN: Final = "t" * 40
MONITORING: Final = ROOT / "docs" / "monitoring"
Figures = dict[tuple[str, str], float]


@pytest.fixture
def open_to_this_machine(settings: Any) -> None:
    settings.METRICS_NETWORKS = ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("fd00::/8")


def read(client: Client) -> Figures:
    """Name and the value of the one label → figure, by the parser of the same specification."""
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/plain; version=")
    found = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            found[sample.name, next(iter(sample.labels.values()), "")] = sample.value
    return found


# Who may read it -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_by_default_there_is_no_such_page(client: Client, method: str) -> None:
    assert getattr(client, method)("/metrics").status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("open_to_this_machine")
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.9.9.9", {}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        ("fd00::7", {}, 200),
        ("10.0.0.1", {}, 404),
        ("2001:db8::1", {}, 404),
        ("", {}, 404),
        # a proxy in a named network lets nobody in, whatever the visitor or the proxy writes
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 404),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.7"}, 404),
        ("127.0.0.1", {"forwarded": "for=127.0.0.1"}, 404),
        ("127.0.0.1", {"x-real-ip": "127.0.0.1"}, 404),
        ("127.0.0.1", {"via": "1.1 proxy"}, 404),
        ("10.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 404),
    ],
)
@pytest.mark.parametrize("behind_proxy", [False, True])
def test_a_named_network_is_let_in_and_never_through_a_proxy(
    settings: Any, address: str, headers: dict[str, str], status: int, *, behind_proxy: bool
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind_proxy else None
    assert Client(REMOTE_ADDR=address).get("/metrics", headers=headers).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 404),
        (f"Bearer {TOKEN[:-1]}", 404),
        ("Bearer ", 404),
        ("Bearer 张三", 404),
        (TOKEN, 404),
        (f"Basic {TOKEN}", 404),
    ],
)
def test_the_token_is_let_in_from_anywhere(settings: Any, typed: str, status: int) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = Client(REMOTE_ADDR="203.0.113.7").get("/metrics", headers={"authorization": typed})
    assert answer.status_code == status


@pytest.mark.django_db
def test_an_empty_token_opens_nothing(settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("open_to_this_machine")
def test_it_is_read_only_never_kept_and_asked_without_tls(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.post("/metrics").status_code == 405
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("METRICS_NETWORKS", "10.20.0.0/16,inside", "METRICS_NETWORKS must be networks"),
        ("METRICS_NETWORKS", "10.20.0.1/16", "METRICS_NETWORKS must be networks"),
        ("WEBHOOK_NETWORKS", "everything", "WEBHOOK_NETWORKS must be networks"),
        ("METRICS_TOKEN", "short", "METRICS_TOKEN must be 32 or more"),
        ("METRICS_TOKEN", "公" * 40, "METRICS_TOKEN must be 32 or more"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(variable: str, value: str, sentence: str, tmp_path: Any) -> None:
    told = manage("check", **{**PRODUCTION, variable: value, "VAR_DIR": str(tmp_path)})
    assert told.returncode != 0
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr


# What it says --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("open_to_this_machine")
def test_an_empty_office_waits_for_nothing(client: Client, players: Cast) -> None:
    found = read(client)
    assert {name for name, _ in found} == {
        "gongkai_queue_age_seconds", "gongkai_cases_due_today", "gongkai_cases_overdue", "gongkai_outbox_age_seconds",
        "gongkai_outbox_waiting", "gongkai_outbox_failed", "gongkai_audit_unsealed_rows",
        "gongkai_audit_unsealed_age_seconds", "gongkai_part_ready",
    }  # fmt: skip
    assert {label for _, label in found if label} == {
        *("first_act", "approval", "dispatch", "email", "sms", "webhook", "broker", "worker", *audit.LOGS)
    }
    assert {value for (name, _), value in found.items() if name != "gongkai_part_ready"} == {0.0}


@pytest.mark.usefixtures("november_18")
def test_the_queue_is_as_old_as_what_waits_longest_for_each_act(players: Cast) -> None:
    def waits(at: datetime) -> list[float]:
        queue = vitals.measured(at=at).queue
        return [queue[what] / 3600 for what in ("first_act", "approval", "dispatch")]

    at = moment(date(2026, 11, 18), 10)
    begun = registered(players, on=date(2026, 11, 2)).case
    registered(players, on=date(2026, 11, 16))
    assert waits(at) == [16 * 24, 0, 0]
    proposed(players, begun, Outcome.GRANTED, on=date(2026, 11, 10))  # at 14 o'clock
    assert waits(at) == [2 * 24, 8 * 24 - 4, 0]
    reviewed(players, begun, on=date(2026, 11, 11))
    assert waits(at) == [2 * 24, 8 * 24 - 4, 0]
    after = registered(players, on=date(2026, 11, 3)).case
    signed(players, after, Outcome.GRANTED, on=date(2026, 11, 12))
    assert waits(at)[:2] == [2 * 24, 8 * 24 - 4]
    signed_at = after.decisions.get().signed_at
    assert signed_at is not None
    assert waits(at)[2] == (at - signed_at).total_seconds() / 3600 > 5 * 24


@pytest.mark.usefixtures("november_18")
def test_due_today_and_overdue_are_those_of_the_desk(players: Cast) -> None:
    for on in (date(2026, 10, 20), date(2026, 10, 21), date(2026, 11, 16)):
        registered(players, on=on)
    [first, second, third] = [due for due in Case.objects.order_by("due_on").values_list("due_on", flat=True) if due]
    for day, due in (
        (first - timedelta(days=1), (0, 0)),
        (first, (1, 0)),
        (second, (1, 1)),
        (second + timedelta(days=1), (0, 2)),
        (third + timedelta(days=1), (0, 3)),
    ):
        seen = vitals.measured(at=moment(day))
        assert (seen.due_today, seen.overdue) == due, day
    # at a quarter to midnight in London it is tomorrow here
    assert vitals.measured(at=datetime.fromisoformat(f"{first - timedelta(days=1)}T23:45+00:00")).due_today == 1


@pytest.mark.django_db
def test_the_outbox_is_as_late_as_its_oldest_message_however_often_it_was_tried() -> None:
    at = AS_OF
    [late, *_] = posted(a_mail("a"), a_mail("b", due_at=at + timedelta(hours=1)), a_text("c"), at=at)
    put_off = at + timedelta(hours=2)
    Message.objects.filter(pk=late.pk).update(attempts=3, next_attempt_at=put_off)
    Message.objects.filter(effect_key="c").update(
        status="failed", failed_at=at, next_attempt_at=None, last_error="NoMobile"
    )
    standing = outbox.standing(at=at + timedelta(minutes=30))
    assert standing["email"] == outbox.Standing(waiting=2, late=1800.0)
    assert standing["sms"] == outbox.Standing(failed=1)
    assert standing["webhook"] == outbox.Standing()


@pytest.mark.usefixtures("open_to_this_machine")
def test_the_nightly_proof_says_what_it_found_and_when(client: Client, players: Cast, now: Any) -> None:
    invariants.log_breaches(at=AS_OF)
    now.shift(3600)
    found = read(client)
    assert found["gongkai_task_age_seconds", invariants.NIGHTLY] == 3600
    rules = {label: value for (name, label), value in found.items() if name == "gongkai_verification_findings"}
    assert rules == {invariant.key: 0 for invariant in invariants.INVARIANTS}
    case = registered(players, on=AS_OF.date()).case
    Case.objects.filter(pk=case.pk).update(due_on=case.due_on + timedelta(days=1))  # type: ignore[operator]
    invariants.log_breaches(at=AS_OF + timedelta(hours=2))
    assert read(client)["gongkai_verification_findings", "clock"] == 1


@pytest.mark.usefixtures("open_to_this_machine")
def test_a_task_that_ended_well_is_noted_and_one_that_failed_is_not(
    client: Client, players: Cast, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_said", {})
    tasks.forget_answers.apply()
    monkeypatch.setattr("casework.sweeps.remind", lambda **_named: 1 / 0)
    tasks.remind.apply()
    now.shift(60)
    ran = {label: value for (name, label), value in read(client).items() if name == "gongkai_task_age_seconds"}
    assert ran == {"casework.tasks.forget_answers": 60}
    tasks.forget_answers.apply()  # within ten seconds of its own clock: not written again
    assert LastRun.objects.get().at == AS_OF
    monkeypatch.setattr(tasks, "_said", {})
    tasks.forget_answers.apply()
    assert LastRun.objects.get().at == AS_OF + timedelta(seconds=60)


@pytest.mark.usefixtures("open_to_this_machine")
def test_what_the_chain_does_not_cover_yet_is_counted(client: Client, players: Cast, now: Any) -> None:
    registered(players, on=AS_OF.date())
    now.shift(90)
    found = read(client)
    events = found["gongkai_audit_unsealed_rows", "event"]
    assert events == audit.waiting(audit.LOGS["event"]) > 0
    assert found["gongkai_audit_unsealed_age_seconds", "event"] >= 90
    audit.seal_all(at=AS_OF)
    sealed = read(client)
    assert {log: sealed["gongkai_audit_unsealed_rows", log] for log in audit.LOGS} == dict.fromkeys(audit.LOGS, 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("open_to_this_machine")
def test_a_database_that_is_gone_is_told_by_the_status(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(**_named: Any) -> None:
        raise OperationalError("could not connect to postgres, password for gongkai")

    monkeypatch.setattr(vitals, "measured", gone)
    answer = client.get("/metrics")
    assert (answer.status_code, answer.content) == (503, b"database: OperationalError\n")


@pytest.mark.usefixtures("open_to_this_machine")
def test_no_person_case_or_agency_is_in_it(client: Client, players: Cast) -> None:
    case = registered(players, on=AS_OF.date(), name="欧阳独特", phone="13912345678").case
    text = client.get("/metrics").content.decode()
    for value in (case.number, "欧阳独特", "13912345678", players.dongshan.code, players.dongshan.name, "wang"):
        assert value not in text, value
    assert set(re.findall(r"[{,](\w+)=", text)) <= {"waiting_for", "channel", "rule", "task", "log", "part"}


# What it costs -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("november_18")
def test_it_takes_as_many_queries_however_many_cases_there_are(players: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            list(metrics.figures(at=AS_OF))
        return len(asked)

    first = queries()
    for day in range(2, 12):
        registered(players, on=date(2026, 11, day))
    posted(*(a_mail(str(number)) for number in range(10)))
    assert queries() == first == 7


@pytest.mark.django_db
def test_each_figure_is_read_from_an_index_of_what_is_open() -> None:
    """Asked of the planner without sequential scans: a table of a test is too small for it to bother otherwise.

    Which of two indexes PostgreSQL takes for an empty table is chance; SQLite, without statistics, takes the narrower.
    """
    with CaptureQueriesContext(connection) as asked:
        list(metrics.figures(at=AS_OF))
    plans = [_plan(each["sql"]) for each in asked]
    with_cases = [plan for plan in plans if "casework_case" in plan.replace("casework_casetext", "")]
    assert len(with_cases) == 3
    for plan in with_cases:
        assert "Seq Scan" not in plan, plan
        if connection.vendor == "sqlite":
            assert re.search(r"queue_by_due|queue_of_agency|workload|one_decision_on_the_table", plan), plan
    assert sum("message_open" in plan for plan in plans) == 1
    assert sum("message_undeliverable" in plan for plan in plans) == 1


def _plan(query: str) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {query}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


# What the examples speak of ------------------------------------------------------------------------------------------


def rules() -> Iterator[dict[str, Any]]:
    for group in yaml.safe_load((MONITORING / "alerts.yml").read_text(encoding="utf-8"))["groups"]:
        yield from group["rules"]


@pytest.mark.usefixtures("open_to_this_machine")
def test_every_figure_of_the_rules_exists_and_every_figure_has_a_rule_and_a_line(
    client: Client, players: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_said", {})
    tasks.forget_answers.apply()
    invariants.log_breaches(at=AS_OF)
    there = {name for name, _ in read(client)}
    named = {name for rule in rules() for name in re.findall(r"gongkai_\w+", rule["expr"])}
    assert named <= there
    assert there - named == {"gongkai_cases_due_today"}, "shown, and no reason to wake anybody"
    manual = (MONITORING / "README.md").read_text(encoding="utf-8")
    assert not [name for name in sorted(there) if f"`{name}`" not in manual]


def test_the_tasks_and_labels_of_the_rules_exist() -> None:
    from config.celery import app

    timetable = {entry["task"] for entry in app.conf.beat_schedule.values()}
    labels = {"task": timetable, "job": {"gongkai"}}
    for rule in rules():
        for label, value in re.findall(r'(\w+)="([^"]*)"', rule["expr"]):
            assert value in labels[label], rule["alert"]


def test_every_rule_says_what_to_do() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names)) >= 10
    for rule in rules():
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}, rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert re.fullmatch(r"\d+[mhd]", rule["for"])
        assert set(rule["annotations"]) == {"summary", "action"}
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_the_example_of_a_scrape_asks_this_address_with_the_token_from_a_file() -> None:
    [job] = yaml.safe_load((MONITORING / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert job["job_name"] == "gongkai"
    assert job["metrics_path"] == "/metrics"
    assert job["authorization"]["type"] == "Bearer"
    assert "credentials" not in job["authorization"]
    assert job["authorization"]["credentials_file"]
