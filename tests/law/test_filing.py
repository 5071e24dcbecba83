"""Until when a report is due (条例 49), and from when it may be signed (law.md 7.3)."""

from datetime import date

import pytest

from casework.law.calendar import published
from casework.law.filing import grace_ends, report_due

CALENDAR = published()


@pytest.mark.parametrize(
    ("year", "government", "local", "due_on", "planned_on"),
    [
        pytest.param(2024, False, "", date(2025, 1, 31), date(2025, 1, 27), id="31 January in the Spring Festival"),
        pytest.param(2025, False, "", date(2026, 1, 31), date(2026, 1, 30), id="31 January is a Saturday"),
        pytest.param(2026, False, "", date(2027, 1, 31), date(2027, 1, 29), id="31 January is a Sunday"),
        pytest.param(2025, True, "", date(2026, 3, 31), date(2026, 3, 31), id="a government, a Tuesday"),
        pytest.param(2023, True, "", date(2024, 3, 31), date(2024, 3, 29), id="a government, a Sunday"),
        pytest.param(2025, False, "01-26", date(2026, 1, 26), date(2026, 1, 26), id="a local notice is earlier"),
        pytest.param(2025, True, "02-20", date(2026, 2, 20), date(2026, 2, 14), id="local, in the holidays"),
        pytest.param(2025, False, "02-20", date(2026, 1, 31), date(2026, 1, 30), id="a later one has no effect"),
    ],
)
def test_when_a_report_is_due(year: int, government: bool, local: str, due_on: date, planned_on: date) -> None:
    due = report_due(year, government=government, local=local, calendar=CALENDAR)
    assert (due.due_on, due.planned_on) == (due_on, planned_on)


@pytest.mark.parametrize(
    ("days", "last"), [(0, date(2025, 12, 31)), (1, date(2026, 1, 4)), (5, date(2026, 1, 8)), (20, date(2026, 1, 29))]
)
def test_the_year_is_kept_open_for_late_entries(days: int, last: date) -> None:
    assert grace_ends(2025, days, CALENDAR) == last
