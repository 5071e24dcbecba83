"""The arithmetic of the scale part of the bench, and its paper: every figure in docs/scale.md is one of the results."""

import json
import re
from typing import Any

import pytest
from lxml import etree

from bench.scale import needs, paper, plot
from bench.scale.clients import Run, post
from bench.scale.rows import Inserted, Script, Updated
from bench.scale.steps import GRACE, SLACK, Order, Step, growth, steps


def result(key: str, cases: int, product: float, **others: Any) -> dict[str, Any]:
    return {
        "name": key,
        "engine": "postgresql",
        "product": product,
        "floor": 2.0,
        "unit": "ms",
        "ratio": product / 2,
        "wanted": "told",
        "holds": True,
        "note": "",
        "key": key,
        "cases": cases,
        "order": Order.CONSTANT.value,
    } | others


def found(*results: dict[str, Any]) -> dict[str, Any]:
    return {"python": "3.11", "cores": 2, "sizes": sorted({r["cases"] for r in results}), "results": list(results)}


# ── Steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("order", "grows"), [(Order.CONSTANT, 1.0), (Order.LOG, 1.2), (Order.LINEAR, 10.0)], ids=str)
def test_an_order_grows_so_much_from_a_hundred_thousand_to_a_million(order: Order, grows: float) -> None:
    assert growth(order, 100_000, 1_000_000) == pytest.approx(grows)


@pytest.mark.parametrize(
    ("order", "before", "after", "holds"),
    [
        (Order.CONSTANT, 10.0, 10.0 * SLACK + GRACE, True),
        (Order.CONSTANT, 10.0, 10.0 * SLACK + GRACE + 0.1, False),
        (Order.CONSTANT, 0.1, 2.0, True),  # two milliseconds are nobody's fault
        (Order.LOG, 100.0, 120.0 * SLACK, True),
        (Order.LOG, 100.0, 190.0, False),
        (Order.LINEAR, 100.0, 1_400.0, True),
        (Order.LINEAR, 100.0, 1_600.0, False),
    ],
)
def test_a_step_is_held_against_its_order(order: Order, before: float, after: float, holds: bool) -> None:
    assert Step("x", order, 100_000, 1_000_000, before, after).holds is holds


def test_steps_go_from_size_to_size_whatever_the_order_of_the_results() -> None:
    rows = [result("queue", 1_000_000, 30.0), result("queue", 10_000, 10.0), result("queue", 100_000, 12.0)]
    others = [result("told", 10_000, 5.0, order=""), result("rate", 10_000, 5.0, unit="a second")]
    assert [(s.smaller, s.larger, s.factor) for s in steps(rows + others)] == [
        (10_000, 100_000, 1.2),
        (100_000, 1_000_000, 2.5),
    ]


# ── Rows by hand ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_hand_writes_the_same_columns_with_new_keys() -> None:
    number = frozenset({"number"})
    script = Script(
        [
            Inserted("person", 7, {"name": "张三"}, {}, frozenset()),
            Updated("series", 2, {"last": 9}, {}, frozenset(), frozenset({"last"})),
            Inserted("file", 70, {"number": "A-2026-00001", "person_id": 7}, {"person_id": ("person", 7)}, number),
            Updated(
                "draft", 5, {"case_id": 70, "key": "k"}, {"case_id": ("file", 70)}, frozenset({"key"}), frozenset()
            ),
        ]
    )
    sent: list[tuple[str, list[Any]]] = []

    def run(statement: str, values: Any) -> list[tuple[int]]:
        sent.append((statement, list(values)))
        return [(1000 + len(sent),)]

    script.write(run, 0xAB, {("draft", 5): 55, ("series", 2): 22})
    assert sent == [
        ('INSERT INTO "person" ("name") VALUES (%s) RETURNING "id"', ["张三"]),
        ('UPDATE "series" SET "last" = "last" + 1 WHERE "id" = %s', [22]),
        ('INSERT INTO "file" ("number", "person_id") VALUES (%s, %s) RETURNING "id"', ["A-2026-00~ab", 1001]),
        ('UPDATE "draft" SET "case_id" = %s, "key" = "key" WHERE "id" = %s', [1003, 55]),
    ]


# ── Clients ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rate_is_answers_by_seconds_and_waits_are_told_in_milliseconds() -> None:
    run = Run(seconds=2.0, waits=[0.001 * n for n in range(1, 101)])
    run.answers.update({302: 99, 500: 1})
    assert run.rate == 50
    assert run.slowest_of(0.95) == pytest.approx(95)


def test_a_form_says_its_length() -> None:
    assert post("/x/", b"a=1", cookie="c=2").decode().splitlines()[-3:] == ["Cookie: c=2", "", "a=1"]
    assert b"Content-Length: 3\r\n" in post("/x/", b"a=1")


# ── The plot ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_field_spans_whole_decades_and_stands_by_logarithms() -> None:
    panel = plot.Panel("queue", "linear", (10_000, 100_000, 1_000_000), (3.0, 30.0, 300.0), (0.5, 1.0, 2.0))
    assert panel.decades == (-1, 3)
    assert [panel.across(size) for size in panel.sizes] == pytest.approx([0.0, 0.5, 1.0])
    assert panel.up(10.0) == pytest.approx(0.5)


def test_figures_within_one_decade_have_one_to_stand_in() -> None:
    assert plot.Panel("x", "constant", (10_000,), (10.0,), (10.0,)).decades == (1, 2)


def test_every_operation_is_drawn_with_its_floor_and_told_in_words() -> None:
    rows = [result(key, size, 4.0 + n) for key in ("queue", "a<b") for n, size in enumerate((10_000, 1_000_000))]
    drawn = etree.fromstring(plot.svg(plot.panels(rows)).encode())
    names = {"svg": "http://www.w3.org/2000/svg"}
    assert len(drawn.findall(".//svg:circle", names)) == 2 * 2 * 2
    assert "a<b: 4 ms over 10000 cases, 5 ms over 1000000 cases" in drawn.findtext(".//svg:desc", "", names)
    assert {"10k", "1M", "queue", "a<b"} <= {text.text for text in drawn.findall(".//svg:text", names)}
    width, height = map(float, drawn.get("viewBox", "").split()[2:])
    assert all(
        0 <= float(c.get("cx", "")) <= width and 0 <= float(c.get("cy", "")) <= height for c in drawn.iter("{*}circle")
    )


# ── The table ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_of_costs_has_a_line_an_operation() -> None:
    said = found(result("queue", 10_000, 4.0), result("queue", 100_000, 60.0))
    assert paper.PARTS["costs"](said) == (
        "| operation | 10,000 | 100,000 | follows | last step | allowed |\n"
        "| --- | --: | --: | --: | --: | --: |\n"
        "| queue | 4.00 / 2.00 = 2.0 | 60.0 / 2.00 = 30.0 | constant | × 15.00 (more) | × 1.50 |\n"
    )


def test_promises_are_those_of_the_largest_size_and_a_broken_one_says_so() -> None:
    small = result("search", 10_000, 5.0, wanted="≤ 20 ms")
    large = result("search", 100_000, 25.0, wanted="≤ 20 ms", holds=False)
    lines = paper.PARTS["promises"](found(small, large, result("queue", 100_000, 3.0))).splitlines()[2:]
    assert lines == ["| search | 25.0 ms | 2.00 ms | 12.50 | ≤ 20 ms | **no** |"]


@pytest.mark.parametrize(("value", "said"), [(0.126, "0.13"), (9.99, "9.99"), (12.34, "12.3"), (1234.5, "1,234")])
def test_a_figure_has_the_digits_that_say_something(value: float, said: str) -> None:
    assert paper.figure(value) == said


# ── Needs ────────────────────────────────────────────────────────────────────────────────────────────────────────────

COSTS = needs.Costs(submission_ms=100, page_ms=50, worker_mb=200, database_bytes=50_000, files_bytes=100_000)


def test_needs_follow_from_the_busiest_hour_and_ten_years() -> None:
    place = needs.Place("a place", a_year=100_000, staff=2_000)
    needed = needs.need(place, COSTS)
    assert needed.an_hour == 2_000
    # 2,000 × (100 + 12 × 50) ms for applicants, 2,000 × 60 × 50 ms for staff
    assert needed.busy == pytest.approx((1_400 + 6_000) / 3_600)
    assert (needed.cores, needed.workers) == (5, 10)
    assert needed.database_gb == pytest.approx(50)
    assert needed.memory_gb == pytest.approx(2 + 14 * 0.2 + 12.5)
    assert needed.disk_gb == pytest.approx(3 * (50 + 100 + 4_000))


def test_the_smallest_place_has_two_cores_and_a_gigabyte_for_its_database() -> None:
    needed = needs.need(needs.Place("a county", 100, 2), COSTS)
    assert needed.cores == 2
    assert needed.memory_gb == pytest.approx(2 + 8 * 0.2 + 1)


# ── The paper ────────────────────────────────────────────────────────────────────────────────────────────────────────


def stored() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(paper.RESULTS.read_text(encoding="utf-8"))
    return kept


def test_every_part_of_the_document_is_what_the_results_say() -> None:
    text = paper.DOCUMENT.read_text(encoding="utf-8")
    assert set(re.findall(r"<!-- bench: (\w+) -->", text)) == set(paper.PARTS)
    assert paper.filled(text, stored()) == text


def test_the_picture_is_drawn_of_the_results() -> None:
    assert paper.PICTURE.read_text(encoding="utf-8") == plot.svg(plot.panels(stored()["results"]))


def test_nothing_that_was_measured_is_written_by_hand() -> None:
    by_hand = paper.without_parts(paper.DOCUMENT.read_text(encoding="utf-8"))
    assert not re.findall(
        r"\d[\d.,]*\s*(?:ms|milliseconds|s|seconds|[KMG]B|[kmg]igabytes|cores|bytes|times)\b", by_hand
    )


def test_the_issue_names_these_operations_and_all_are_measured() -> None:
    keys = {row["key"] for row in stored()["results"] if row["floor"]}
    operations = {"submit", "queue", "case page", "search", "decide", "matrix", "region sum", "sweep", "letter"}
    assert operations | {"import", "export", "filing", "sign and dispatch"} <= keys
