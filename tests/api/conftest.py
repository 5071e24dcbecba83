"""Machines that hold tokens of Dongshan."""

import pytest

from casework.models import Scope
from tests.api.machine import Machine, token_for
from tests.cast import Cast


@pytest.fixture
def machine(players: Cast) -> Machine:
    """With every scope, for Dongshan and what lies below it."""
    return Machine(token_for(players.dongshan, *Scope, region=True))
