"""Nothing of what is only added to is changed or taken away from Python; by SQL see tests/audit/test_guards.py."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from casework.audit import LOGS
from casework.models.appendonly import AppendOnly

MODELS = [model for model in apps.get_models() if issubclass(model, AppendOnly)]
DEEDS: dict[str, Callable[[type[Any], Any], object]] = {
    "saved again": lambda model, row: row.save(),
    "deleted": lambda model, row: row.delete(),
    "all changed": lambda model, row: model._default_manager.update(pk=1),
    "some changed": lambda model, row: model._default_manager.filter(pk=1).update(pk=2),
    "all deleted": lambda model, row: model._default_manager.all().delete(),
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("deed", DEEDS)
def test_a_row_that_is_there_stays_as_it_is(model: type[Model], deed: str) -> None:
    row = model()
    row._state.adding = False
    with pytest.raises(TypeError, match="append-only"):
        DEEDS[deed](model, row)


def test_every_sealed_log_is_append_only() -> None:
    assert {log.model for log in LOGS.values()} <= {*MODELS}
