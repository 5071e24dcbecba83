"""Reconsideration and suits: each result in its cell, each year its standing, each answer its last day."""

from dataclasses import dataclass
from datetime import date

import pytest

from casework.law.calendar import published
from casework.law.disputes import (
    CORRECTED,
    RESULTS,
    STAGES,
    DisputeKind,
    Fared,
    Result,
    Stage,
    answer_due,
    check_fared,
    check_order,
    column_of,
    counts,
    direct_suit_warning,
    fares,
    standing,
)
from casework.law.outcomes import OUTCOMES, Outcome
from casework.law.refusals import Refused
from casework.law.report import DISPUTE_RESULTS, DISPUTES
from casework.law.watch import answer_rung

REVIEW, DIRECT, LATER = DisputeKind
CALENDAR = published()


@dataclass(frozen=True)
class Step:
    stage: str
    on: date
    result: str = ""


def steps(*told: tuple[str, str] | tuple[str, str, str]) -> list[Step]:
    return [Step(stage, date.fromisoformat(on), *rest) for stage, on, *rest in told]


def test_the_tables_are_whole_and_read_in_both_languages() -> None:
    assert [kind.value for kind in DisputeKind] == list(DISPUTES)
    assert set(RESULTS) == set(Result)
    assert set(STAGES) == set(Stage)
    for words, kinds in [(row.words, row.kinds) for row in RESULTS.values()] + [
        (row.words, row.kinds) for row in STAGES.values()
    ]:
        assert words.zh
        assert words.en
        assert kinds
    for result in RESULTS.values():
        assert all(result.law(kind) for kind in result.kinds)
    assert {row.column for row in RESULTS.values()} == {"upheld", "corrected", "other"}
    assert {column_of(result) for result in (None, *Result)} == set(DISPUTE_RESULTS)


# 国办公开办函〔2021〕30号, table 四, by hand.
@pytest.mark.parametrize(
    ("result", "column"),
    [
        (None, "pending"),
        ("upheld", "upheld"),
        ("claim_dismissed", "upheld"),
        ("revoked", "corrected"),
        ("changed", "corrected"),
        ("unlawful", "corrected"),
        ("void", "corrected"),
        ("ordered", "corrected"),
        ("not_admitted", "other"),
        ("inadmissible", "other"),
        ("withdrawn", "other"),
        ("settled", "other"),
        ("ended", "other"),
    ],
)
def test_each_result_falls_in_one_column(result: str | None, column: str) -> None:
    found = Result(result) if result else None
    assert column_of(found) == column
    other = column_of(found, dismissal_is_other=True)
    assert other == ("other" if result == "claim_dismissed" else column)


APPEALED = steps(
    ("received", "2025-03-03"),
    ("answered", "2025-03-10"),
    ("decided", "2025-12-20", "revoked"),
    ("appealed", "2026-01-05"),
    ("answered", "2026-01-12"),
    ("decided", "2026-05-06", "claim_dismissed"),
)


@pytest.mark.parametrize(
    ("until", "year", "result"),
    [
        ("2024-12-31", None, None),
        ("2025-06-30", 2025, None),
        ("2025-12-31", 2025, "revoked"),
        ("2026-03-01", 2026, None),
        ("2026-12-31", 2026, "claim_dismissed"),
        ("2027-12-31", None, "claim_dismissed"),
    ],
)
def test_a_year_counts_it_as_its_last_turning_left_it(until: str, year: int | None, result: str | None) -> None:
    end = date.fromisoformat(until)
    now = standing(APPEALED, until=end)
    assert (now.result if now else None) == result
    counted = counts(end.year, now.on if now else None, pending=bool(now and now.result is None))
    assert counted == (year == end.year)


# E54 and E56 of law.md 12, 复议法 54 and 行诉法 86 counted by hand over the National Day of 2025.
@pytest.mark.parametrize(
    ("kind", "simplified", "told", "due"),
    [
        (REVIEW, False, [("received", "2025-09-30")], "2025-10-21"),
        (REVIEW, True, [("received", "2025-09-30")], "2025-10-14"),
        (REVIEW, True, [("received", "2025-09-30"), ("converted", "2025-10-10")], "2025-10-21"),
        (DIRECT, False, [("received", "2025-09-25")], "2025-10-10"),
        (LATER, False, [("received", "2025-09-20")], "2025-10-09"),
        (REVIEW, False, [("received", "2025-09-30"), ("answered", "2025-10-09")], None),
        (REVIEW, False, [("received", "2025-09-30"), ("heard", "2025-10-09")], "2025-10-21"),
        (DIRECT, False, [("received", "2025-06-03"), ("decided", "2025-09-01", "withdrawn")], None),
        (
            DIRECT,
            False,
            [("received", "2025-06-03"), ("decided", "2025-09-01", "revoked"), ("appealed", "2025-09-25")],
            "2025-10-10",
        ),
        (
            DIRECT,
            False,
            [("received", "2025-06-03"), ("decided", "2025-09-01", "revoked"), ("we_appealed", "2025-09-10")],
            None,
        ),
    ],
)
def test_the_answer_is_due(kind: DisputeKind, simplified: bool, told: list[tuple[str, str]], due: str | None) -> None:
    found = answer_due(kind, steps(*told), CALENDAR, simplified=simplified)
    assert (found.due_on.isoformat() if found and found.due_on else None) == due


def test_an_answer_beyond_the_published_holidays_is_provisional() -> None:
    found = answer_due(DIRECT, steps(("received", "2026-12-28")), CALENDAR)
    assert found is not None
    assert found.provisional


@pytest.mark.parametrize(
    ("on", "rung"),
    [
        ("2025-10-14", None),
        ("2025-10-16", 3),
        ("2025-10-17", 3),
        ("2025-10-20", 1),
        ("2025-10-21", 0),
        ("2025-10-22", -1),
        ("2025-11-22", -1),
    ],
)
def test_an_answer_is_recalled_when_near_and_once_when_late(on: str, rung: int | None) -> None:
    assert answer_rung(date(2025, 10, 21), date.fromisoformat(on), CALENDAR) == rung


# 行政复议法 23(1)(4), 90: in force since 2024-01-01; the withheld part of a partial reply too.
@pytest.mark.parametrize("code", Outcome)
@pytest.mark.parametrize(("decided", "since"), [(date(2023, 12, 31), False), (date(2024, 1, 1), True)])
def test_what_must_be_reviewed_first_and_is_sued_at_once_is_warned_of(
    code: Outcome, decided: date, since: bool
) -> None:
    first = {f"refused_{n}" for n in range(1, 8)} | {"partial"}
    for kind in DisputeKind:
        warned = direct_suit_warning(kind, OUTCOMES[code], decided_on=decided)
        assert (warned is not None) == (since and kind is DIRECT and code.value in first), kind
    eighth = direct_suit_warning(DIRECT, OUTCOMES[code], decided_on=decided, inquiry_review_first=True)
    assert (eighth is not None) == (since and code.value in first | {"refused_8"})


R, D = ("received", "2026-03-02"), ("decided", "2026-05-06", "revoked")


@pytest.mark.parametrize(
    ("kind", "told", "refused"),
    [
        (DIRECT, [R, ("answered", "2026-03-09"), ("heard", "2026-04-01"), D, ("appealed", "2026-05-20")], ""),
        (DIRECT, [R, D, ("retried", "2026-09-01"), ("decided", "2026-10-01", "upheld")], "不是这一类争议的结果"),
        (DIRECT, [R, D, ("we_appealed", "2026-05-08"), ("decided", "2026-10-01", "withdrawn")], ""),
        (REVIEW, [R, D, ("appealed", "2026-05-20")], "没有“收到对方的上诉状副本"),
        (REVIEW, [R, ("converted", "2026-03-05")], "没有“转为普通程序”"),
        (DIRECT, [], "早于收到"),
        (DIRECT, [("answered", "2026-03-01"), R], "早于收到"),
        (DIRECT, [R, R], "只登记一次"),
        (DIRECT, [R, ("answered", "2026-03-09"), ("answered", "2026-03-10")], "没有等待本机关提交的答复"),
        (DIRECT, [R, ("appealed", "2026-03-10")], "还没有结果"),
        (DIRECT, [R, D, ("decided", "2026-05-07", "withdrawn")], "2026年5月6日已有结果"),
        (DIRECT, [R, D, ("heard", "2026-05-07")], "已有结果"),
        (DIRECT, [R, ("decided", "2026-05-06")], "请选择结果"),
        (DIRECT, [R, ("heard", "2026-05-06", "revoked")], "才填写结果"),
    ],
)
def test_what_can_follow_what(kind: DisputeKind, told: list[tuple[str, str]], refused: str) -> None:
    if not refused:
        return check_order(kind, steps(*told))
    with pytest.raises(Refused, match=refused):
        check_order(kind, steps(*told))
    return None


@pytest.mark.parametrize(
    ("result", "recorded", "told"),
    [
        (None, "", None),
        (None, "fell", None),  # an appeal opened it again
        (Result.UPHELD, "", Fared.UPHELD),
        (Result.CLAIM_DISMISSED, "", Fared.UPHELD),
        (Result.UPHELD, "fell", Fared.UPHELD),  # recorded after a first instance that was set aside
        (Result.REVOKED, "", None),
        (Result.REVOKED, "fell", Fared.FELL),
        (Result.CHANGED, "upheld", Fared.UPHELD),
        (Result.ORDERED, "fell", Fared.FELL),
        (Result.WITHDRAWN, "fell", None),
        (Result.NOT_ADMITTED, "", None),
    ],
)
def test_how_a_contested_place_fared_follows_from_the_result(
    result: Result | None, recorded: str, told: Fared | None
) -> None:
    assert fares(result, recorded) is told


@pytest.mark.parametrize("result", [None, *Result])
def test_place_by_place_only_after_a_correction(result: Result | None) -> None:
    check_fared(result, "")
    if result is not None and RESULTS[result].column == CORRECTED:
        check_fared(result, "fell")
    else:
        with pytest.raises(Refused):
            check_fared(result, "fell")
