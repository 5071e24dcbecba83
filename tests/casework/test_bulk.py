"""Rows stored past the ORM are the rows that the ORM would have stored."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from casework.actions.history import admit
from casework.law.history import History
from casework.law.refusals import Refused
from casework.models import Applicant, Case, Decision, Event, Extension, Supplement
from casework.models.bulk import insert, take_ids
from tests.cast import Cast, moment, registered

pytestmark = pytest.mark.django_db

NOON = moment(date(2026, 11, 2), 12)


def values_of(model: type[models.Model], key: int) -> dict[str, Any]:
    row = model._default_manager.filter(pk=key).values().get()
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (Applicant, {"name": "𠮷", "identity_sealed": b"\x00\xff", "identity_index": "i"}),
        (Supplement, {"requested_on": date(2026, 11, 3), "unclear": "一\n二\t\\N"}),
        (Extension, {"on": date(2026, 11, 3), "working_days": 7}),
        (Decision, {"outcome": "granted", "proposed_at": NOON, "signed_at": NOON}),
        (Event, {"kind": "imported", "on": date(2026, 11, 3), "at": NOON, "payload": {"a": ["“"], "b": None}}),
    ],
)
def test_a_row_is_stored_as_the_orm_would_store_it(
    players: Cast, model: type[models.Model], given: dict[str, Any]
) -> None:
    cases = [registered(players, on=date(2026, 11, 2)).case for _ in range(2)]
    links = [{} if model is Applicant else {"case_id": case.pk} for case in cases]
    with transaction.atomic():
        (key,) = take_ids(model, 1)
        insert(model, [{"id": key, **given, **links[0]}])
    usual = model._default_manager.create(**given, **links[1])
    assert usual.pk > key
    here, there = values_of(model, key), values_of(model, usual.pk)
    assert {name for name in here if here[name] != there[name]} <= {"id", "case_id"}


def test_a_case_is_stored_with_every_default(players: Cast) -> None:
    usual = registered(players, on=date(2026, 11, 2)).case
    given = {
        field.attname: getattr(usual, field.attname) for field in Case._meta.concrete_fields if not field.has_default()
    }
    with transaction.atomic():
        case, applicant = take_ids(Case, 1)[0], take_ids(Applicant, 1)[0]
        insert(Applicant, [{"id": applicant, "name": "李四"}])
        insert(Case, [{**given, "id": case, "applicant_id": applicant, "number": "2"}])
    here, there = values_of(Case, case), values_of(Case, usual.pk)
    differing = {name for name in here if here[name] != there[name]}
    assert differing <= {
        "id",
        "applicant_id",
        "number",
        *(f.attname for f in Case._meta.concrete_fields if f.has_default()),
    }
    assert (here["state"], here["version"], here["language"]) == ("received", 0, "zh-hans")


def test_the_constraints_of_the_database_hold(players: Cast) -> None:
    case = registered(players, on=date(2026, 11, 2)).case
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Extension, [{"case_id": case.pk, "on": date(2026, 11, 3), "working_days": 21}])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Extension, [{"case_id": case.pk, "on": date(2026, 11, 3), "working_days": n} for n in (1, 2)])


def test_keys_are_taken_once(players: Cast) -> None:
    registered(players, on=date(2026, 11, 2))
    with transaction.atomic():
        keys = take_ids(Applicant, 3)
        insert(Applicant, [{"id": key, "name": "李四"} for key in keys])
        more = take_ids(Applicant, 2)
    assert not set(keys) & set(more)
    assert Applicant.objects.create(name="王五").pk not in {*keys}


def test_a_number_registered_meanwhile_stores_nothing_and_asks_to_try_again(
    players: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = registered(players, on=date(2026, 11, 2)).case
    monkeypatch.setattr("casework.actions.history._Admitting.on_file", lambda self, chunk: {})
    history = History(
        row=2,
        number=case.number,
        received_on=date(2026, 11, 2),
        channel="online",
        applicant_kind="business",
        applicant_name="甲公司",
        identity_number="",
        contact="",
        content="清单",
        supplement_requested_on=None,
        supplement_received_on=None,
        extension_days=None,
        outcome="",
        closed_on=None,
        document_number="",
        note="",
    )
    with pytest.raises(Refused, match="请再导入一次"):
        admit(players.dongshan, [[history]], at=NOON)
    assert Case.objects.count() == Applicant.objects.count() == 1
