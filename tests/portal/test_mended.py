"""What an office most often asks people to mend, of its own notices of the last twelve months; nothing of few."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.models import Case, Supplement
from casework.portal.advice import mended
from tests import cast
from tests.conftest import AS_OF
from tests.portal.visitor import Visitor, words

TODAY = AS_OF.date()


def asked(players: cast.Cast, *lacks: list[str], on: date = TODAY) -> None:
    case = cast.registered(players, on=TODAY).case
    for each in lacks:
        copy = Case.objects.get(pk=case.pk)
        registered = cast.registered(players, on=TODAY).case if copy.supplements.exists() else copy
        Supplement.objects.create(case=registered, requested_on=on, lacks=each, unclear="请补正。")


def test_the_most_frequent_comes_first_and_the_rare_is_hidden(
    players: cast.Cast, visitor: Visitor, django_assert_num_queries: Any
) -> None:
    asked(players, *[["description"]] * 8, *[["form", "description"]] * 3, ["identity"])
    with django_assert_num_queries(1):
        found = mended(players.dongshan, on=TODAY)
    assert found is not None
    assert found.total == 12
    assert [(row.lack.value, n) for row, n in found.rows] == [("description", 11), ("form", 3)]
    page = words(visitor.get(visitor.choose() + "what/"))
    assert "近一年它请 12 位申请人补正过" in page
    assert "11 件" in page


def test_of_few_of_others_and_of_long_ago_nothing_is_said(players: cast.Cast, visitor: Visitor) -> None:
    asked(players, *[["description"]] * 9)
    asked(players, *[["description"]] * 5, on=TODAY - timedelta(days=367))
    assert mended(players.dongshan, on=TODAY) is None
    assert mended(players.elsewhere, on=TODAY) is None
    assert "最常请人补正" not in words(visitor.get(visitor.choose() + "what/"))


@pytest.mark.parametrize("on", [date(2028, 2, 29), date(2026, 12, 31)])
def test_every_day_has_a_day_a_year_before(players: cast.Cast, on: date) -> None:
    assert mended(players.dongshan, on=on) is None
