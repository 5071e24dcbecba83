"""Every operation that people and clocks ask for, each with its floor in the same run and the order of its cost.

What writes is timed with its commit, on a server that waits for the disk. Sums, sweep and import are rolled back, so
that every turn finds the same tables.
"""

import csv
import io
import itertools
import tempfile
import time as clock
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from bench.build import TODAY, YEAR
from bench.ledger import write as write_ledger
from bench.letters import page_of
from bench.matrix import BY_HAND as MATRIX
from bench.measure import Result, at_most
from bench.sweep import AT, by_hand, undone
from casework import access, annual, ledger, letters, sweeps
from casework.actions import approve, decide, deliver, intake
from casework.desk.filters import search
from casework.law.calendar import day_of
from casework.law.outcomes import Outcome
from casework.letters.paper import typeset
from casework.models import Agency, Case, DispatchMode, Draft, Letter, Staff
from casework.portal import receipts
from casework.portal.sending import application_of
from tests.cast import statements

from .filing import connection_string, drafts
from .furnish import READER
from .plain import BY_INDEX, MIDDLEWARE, pair_of
from .rows import Script, taken_down, through
from .steps import Order

#: Turns of what takes milliseconds; the median is told.
MANY: Final = 15
IMPORTED: Final = 2_000
#: Words of two characters: in one of 97 texts, in one of 9,973, in every one, in none.
WORDS: Final = {"绿化": "search", "涵养": "search, rare", "材料": "search, in every text", "鸿鹄": "search, in no text"}
SOUGHT: Final = next(iter(WORDS))
SEARCH_MS: Final = 20.0
SIGNED_AT_MOST: Final = 3.0
#: No other run on the same tables began where this one does.
_serials = itertools.count(int(clock.time()))


def run(district: Agency, size: int) -> Iterator[Result]:
    """All of them, for tables of that size."""
    office = Agency.objects.exclude(parent=None).order_by("pk")[0]
    told = partial(replace, cases=size)
    with psycopg.connect(connection_string(), autocommit=True) as driver:
        yield from map(told, submitting(office, driver))
        yield from map(told, deciding(office, driver))
        yield from map(told, importing(office, driver))
    yield from map(told, pages(office))
    yield from map(told, searches())
    yield from map(told, sums(district, office))
    yield from map(told, sweeping())
    yield from map(told, drawing())
    yield from map(told, exporting(office))


def _named(result: Result, key: str, order: Order) -> Result:
    return replace(result, key=key, order=order.value)


def _told(result: Result) -> Result:
    """A ratio that is told and not judged: what is promised of it, is promised elsewhere."""
    return replace(result, wanted="told", holds=True)


# ── What writes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def submitting(office: Agency, driver: "psycopg.Connection[Any]") -> Iterator[Result]:
    """One application, slow hash and all, against its rows by hand in one transaction, and against an empty one."""
    at = timezone.now()
    waiting = iter(drafts([office], 2 * MANY + 3))
    application = application_of(next(waiting).answers, authority=(), on=timezone.localdate(at))

    def submit(draft: Draft) -> object:
        return intake.submit(draft, application, query_code=draft.answers[receipts.ANSWER], at=at)

    submit(next(waiting))
    script = taken_down(partial(submit, next(waiting)))
    yield _named(
        _told(_against(driver, script, lambda: submit(next(waiting)), "submit: the verb", spare=waiting)),
        "submit",
        Order.CONSTANT,
    )


def _against(
    driver: "psycopg.Connection[Any]",
    script: Script,
    product: Callable[[], object],
    name: str,
    *,
    spare: Iterator[Any],
    limit: float = 0,
) -> Result:
    """An act against the rows that it wrote. ``spare``: drafts whose rows the hand may update."""
    own = [(step.table, step.key) for step in script.steps if step.table == "casework_draft"]

    def hand() -> None:
        place = {key: next(spare).pk for key in own}
        with driver.transaction():
            script.write(through(driver), next(_serials), place)

    statements_of = f"{len(script.steps)} rows in {len(set(script.tables))} tables"
    return at_most(limit, name, connection.vendor, product, hand, turns=MANY - 1, note=statements_of)


def deciding(office: Agency, driver: "psycopg.Connection[Any]") -> Iterator[Result]:
    """From the proposal to the dispatch, and the last two alone, against the same rows in one transaction."""
    team = Team(office)
    cases = iter(team.received(6 * MANY + 8))
    team.decide(next(cases))
    whole = taken_down(partial(team.decide, next(cases)))
    yield _named(
        _told(_decided(driver, whole, team.decide, cases, "decide: five verbs, letter drawn")),
        "decide",
        Order.CONSTANT,
    )
    ready = iter([team.passed(case) for case in itertools.islice(cases, 4 * MANY)])
    end = taken_down(partial(team.end, next(ready)))
    drawn = Letter.objects.latest("pk").content
    yield _named(
        _decided(driver, end, team.end, ready, "sign and dispatch", limit=SIGNED_AT_MOST),
        "sign and dispatch",
        Order.CONSTANT,
    )
    yield _named(
        _decided(
            driver,
            end,
            team.end,
            ready,
            "sign and dispatch, the hand draws the letter's two files too",
            limit=SIGNED_AT_MOST,
            first=partial(_drawn_and_stored, drawn),
        ),
        "sign and dispatch, drawn",
        Order.CONSTANT,
    )


def _drawn_and_stored(content: Mapping[str, Any]) -> None:
    """What the digests in the row of a letter are of: a PDF and a DOCX, on the disk before the row."""
    page = letters.LetterData.from_json(content)
    for form in (letters.render_pdf(page), letters.render_docx(page)):
        default_storage.save(f"bench/{uuid.uuid4().hex}", ContentFile(form))


def _decided(
    driver: "psycopg.Connection[Any]",
    script: Script,
    act: Callable[[Case], object],
    cases: Iterator[Case],
    name: str,
    *,
    limit: float = 0,
    first: Callable[[], object] = lambda: None,
) -> Result:
    """An act on a case against its rows, which the hand writes for another case that has come as far.

    ``first``: what the hand does before it writes.
    """
    old = {step.table: step.key for step in script.steps if step.table in ("casework_case", "casework_decision")}

    def hand() -> None:
        case = next(cases)
        place = {("casework_case", old["casework_case"]): case.pk}
        decision = case.decisions.first()
        if decision is not None:
            place["casework_decision", old["casework_decision"]] = decision.pk
        first()
        with driver.transaction():
            script.write(through(driver), next(_serials), place)

    rows = f"{len(script.steps)} rows in {len(set(script.tables))} tables"
    return at_most(limit, name, connection.vendor, lambda: act(next(cases)), hand, turns=MANY - 1, note=rows)


class Team:
    """The clerk, the reviewers and the head of an office, who bring cases to their end by the verbs."""

    def __init__(self, office: Agency) -> None:
        self.office, self.at = office, timezone.now()
        roles = ("clerk", "reviewer", "secrecy", "head")
        self.clerk, self.reviewer, self.secrecy, self.head = (
            Staff.objects.get(username=f"{office.code}-{role}") for role in roles
        )

    def received(self, many: int) -> list[Case]:
        """So many new applications."""
        filled = drafts([self.office], many)
        application = application_of(filled[0].answers, authority=(), on=day_of(self.at))
        return [intake.submit(each, application, query_code="3", at=self.at).case for each in filled]

    def passed(self, case: Case) -> Case:
        """Proposed, reviewed and found free of secrets: what waits for the signature."""
        decide.propose(
            case,
            outcome=Outcome.GRANTED,
            ground="provided",
            statements=statements(Outcome.GRANTED, "provided"),
            by=self.clerk,
            at=self.at,
        )
        approve.review(case, by=self.reviewer, at=self.at)
        approve.clear_secrecy(case, by=self.secrecy, at=self.at)
        return case

    def end(self, case: Case) -> None:
        """Signed, which draws the letter, and sent."""
        approve.sign(case, by=self.head, at=self.at)
        deliver.dispatch(case, mode=DispatchMode.ONLINE, on=day_of(self.at), by=self.clerk, at=self.at)

    def decide(self, case: Case) -> None:
        self.end(self.passed(case))


def importing(office: Agency, driver: "psycopg.Connection[Any]") -> Iterator[Result]:
    """A ledger of 2,000 rows, read, judged and stored, against its rows by ``COPY``; both are rolled back."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.csv"
        write_ledger(file, rows_of=IMPORTED)

        def store() -> None:
            at = timezone.now()
            on = day_of(at)
            with file.open("rb") as opened, ledger.read(opened, file.name, agency=office, on=on) as reading:
                assert ledger.store(reading, office, at=at)

        scripts: list[Script] = []
        _rolled_back(lambda: scripts.append(taken_down(store)))

        def hand() -> None:
            with driver.transaction(force_rollback=True):
                scripts[0].copy(driver, 10_000_000_000)

        yield _named(
            _told(
                at_most(
                    0,
                    f"import of {IMPORTED} rows",
                    connection.vendor,
                    lambda: _rolled_back(store),
                    hand,
                    note=f"{len(scripts[0].steps)} rows by COPY",
                )
            ),
            "import",
            Order.CONSTANT,
        )


def _rolled_back(work: Callable[[], object]) -> None:
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


# ── Pages and searches ───────────────────────────────────────────────────────────────────────────────────────────────


def pages(office: Agency) -> Iterator[Result]:
    """The clerk's queue, a case, and the first page of a search, against plain views that show as many lines."""
    clerk = Staff.objects.get(username=f"{office.code}-clerk")
    reader = Staff.objects.get(username=READER)
    case = Case.objects.filter(agency=office, closed_on=None).earliest("pk").pk
    closed = Case.objects.filter(agency=office).exclude(closed_on=None).earliest("pk").pk
    open_ones = Case.objects.filter(agency=office, closed_on=None).count()
    wanted: list[tuple[str, str, Order, Staff, str, str, str]] = [
        ("queue", "queue: page", Order.LINEAR, clerk, "/desk/?show=open", f"/queue/{office.pk}/", f"{open_ones} open"),
        ("case page", "case page", Order.CONSTANT, clerk, f"/desk/cases/{case}/", f"/case/{case}/", "open, 5 events"),
        ("closed case", "closed case: page", Order.CONSTANT, clerk, f"/desk/cases/{closed}/", f"/case/{closed}/", ""),
        ("search page", "search: page", Order.LINEAR, reader, f"/desk/?q={SOUGHT}", f"/search/{SOUGHT}/", ""),
    ]
    for key, name, order, person, address, floor, note in wanted:
        product, plain = Client(), Client()
        product.force_login(person)
        with override_settings(MIDDLEWARE=MIDDLEWARE):
            plain.force_login(person)
            _shown(plain, floor)  # the handler reads its middleware once
        _shown(product, address)
        asked = partial(_shown, product, address), partial(_shown, plain, floor)
        yield _named(_told(at_most(0, name, connection.vendor, *asked, turns=MANY, note=note)), key, order)


def _shown(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)


def searches() -> Iterator[Result]:
    """The keys of the first page for words of two characters, by somebody who reads every office."""
    reader = Staff.objects.get(username=READER)
    for word, key in WORDS.items():
        found = at_most(
            0,
            f"search for {word}: first page",
            connection.vendor,
            partial(_first_page, reader, word),
            partial(_sql, BY_INDEX, {"pair": pair_of(word)}),
            turns=MANY,
            note=f"{len(_first_page(reader, word))} on the page",
        )
        found = replace(found, wanted=f"≤ {SEARCH_MS:.0f} ms", holds=found.product <= SEARCH_MS)
        yield _named(found, key, Order.LINEAR)


def _first_page(reader: Staff, word: str) -> list[int]:
    found = search(access.visible_to(reader), word, user=reader)
    return list(found.order_by("-pk").values_list("pk", flat=True)[:31])


def _sql(statement: str, values: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


# ── Sums, sweep, letters, export ─────────────────────────────────────────────────────────────────────────────────────


def sums(district: Agency, office: Agency) -> Iterator[Result]:
    """The year's matrix of an office and of the region, against the statement by hand that gives the same cells."""
    for key, agencies in (("matrix", [office]), ("region sum", list(annual.agencies_of(district, region=True)))):
        statement = MATRIX.format(agencies=", ".join(str(agency.pk) for agency in agencies))
        counted = sum(int(row[3]) for row in _sql(statement))
        yield _named(
            _told(
                at_most(
                    0,
                    f"{key} of a year",
                    connection.vendor,
                    partial(annual.matrix_of, agencies, YEAR),
                    partial(_sql, statement),
                    turns=MANY // 2,
                    note=f"{len(agencies)} agencies, {counted} cases",
                )
            ),
            key,
            Order.LINEAR,
        )


def sweeping() -> Iterator[Result]:
    """The daily sweep, against set-based SQL that leaves the same events behind; and one with nothing due."""
    due = Case.objects.filter(watch_on__lte=TODAY).count()
    found = at_most(
        0,
        "daily sweep",
        connection.vendor,
        lambda: undone(lambda: sweeps.remind(at=AT)),
        lambda: undone(by_hand),
        turns=3,
        note=f"{due} due on {TODAY}",
    )
    yield _named(_told(found), "sweep", Order.LINEAR)


#: A page of the same type and size with nothing on it.
_EMPTY_PAGE: Final = '#set page("a4")\n#set text(font: "FandolFang R", lang: "zh")\n本机关\n'


def drawing() -> Iterator[Result]:
    """A letter of two pages as PDF, against a page of one word by the same typesetter."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.typ"
        empty.write_text(_EMPTY_PAGE, encoding="utf-8")
        serial = itertools.count()
        found = at_most(
            0,
            "letter of two pages as PDF",
            "python",
            lambda: letters.render_pdf(page_of(next(serial))),
            lambda: typeset(empty, {"n": str(next(serial))}, stamp=datetime.combine(date(2026, 1, 1), time(), UTC)),
            turns=MANY,
        )
    yield _named(_told(found), "letter", Order.CONSTANT)


def exporting(office: Agency) -> Iterator[Result]:
    """The ledger of an office, all years, as CSV; against the same columns by one statement and Python's writer."""
    many = Case.objects.filter(agency=office).count()
    found = at_most(
        0,
        "ledger of an office as CSV",
        connection.vendor,
        lambda: ledger.write(io.BytesIO(), "csv", office),
        partial(_exported_by_hand, office),
        turns=3,
        note=f"{many} rows",
    )
    yield _named(_told(found), "export", Order.LINEAR)


_EXPORT: Final = """
    SELECT c.number, c.received_on, c.channel, c.applicant_kind, a.name, a.contact_person, a.phone, a.email, a.address,
           c.subject, c.content, c.state, c.outcome, c.closed_on, c.due_on, c.division, s.name, d.document_number,
           d.signed_at, d.dispatched_on, v.mode, v.delivered_on
    FROM casework_case c
    JOIN casework_applicant a ON a.id = c.applicant_id
    LEFT JOIN casework_staff s ON s.id = c.clerk_id
    LEFT JOIN casework_decision d ON d.case_id = c.id AND d.returned_at IS NULL
    LEFT JOIN casework_delivery v ON v.decision_id = d.id
    WHERE c.agency_id = %s ORDER BY c.year, c.number
"""


def _exported_by_hand(office: Agency) -> int:
    rows = csv.writer(io.StringIO())
    found = _sql(_EXPORT, [office.pk])
    rows.writerows(found)
    return len(found)
