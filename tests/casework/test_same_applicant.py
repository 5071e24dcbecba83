"""Who is the same applicant: proven by the identity number, or only alike by name and a way of contact."""

from datetime import date
from typing import Any

import pytest

from casework.models import Applicant
from tests.cast import CREDIT_CODE, Cast, registered

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 16)
UNPROVEN = {"identity_kind": "", "identity_number": ""}


def applicant(players: Cast, **changes: Any) -> Applicant:
    return registered(players, on=DAY, **changes).case.applicant


def test_the_identity_number_proves_it_whatever_the_name(players: Cast) -> None:
    first = applicant(players)
    married = applicant(players, name="张三丰", phone="13911111111")
    assert set(Applicant.objects.same_as(first)) == {first, married}
    assert not Applicant.objects.alike(first)


def test_without_a_number_nobody_else_is_proven_the_same(players: Cast) -> None:
    first, second = applicant(players, **UNPROVEN), applicant(players, **UNPROVEN)
    assert list(Applicant.objects.same_as(first)) == [first]
    assert list(Applicant.objects.alike(first)) == [second]


@pytest.mark.parametrize(
    ("way", "value"),
    [("phone", "13800000000"), ("email", "z@example.com"), ("address", "幸福路1号"), ("contact", "微信 zs")],
)
def test_one_way_of_contact_in_common_makes_a_namesake_a_candidate(players: Cast, way: str, value: str) -> None:
    first = applicant(players, **UNPROVEN | {"phone": "1", way: value})
    second = applicant(players, **UNPROVEN | {"phone": "2", way: value})
    assert list(Applicant.objects.alike(first)) == [second]


def test_a_namesake_with_no_contact_in_common_is_somebody_else(players: Cast) -> None:
    first = applicant(players, **UNPROVEN | {"phone": ""})
    applicant(players, **UNPROVEN | {"phone": ""})
    applicant(players, **UNPROVEN | {"name": "李四"})
    assert not Applicant.objects.alike(first)


def test_another_number_is_another_person(players: Cast) -> None:
    """A father and a son may share name, telephone and address."""
    first = applicant(players)
    applicant(players, identity_kind="credit_code", identity_number=CREDIT_CODE)
    assert not Applicant.objects.alike(first)
    assert list(Applicant.objects.alike(applicant(players, **UNPROVEN)).order_by("pk")[:1]) == [first]
