"""The cast, and a visitor of their portal."""

import pytest
from django.core.cache import cache

from tests import cast
from tests.portal.visitor import Visitor


@pytest.fixture
def players(db: None) -> cast.Cast:
    return cast.cast()


@pytest.fixture
def visitor(players: cast.Cast) -> Visitor:
    cache.clear()
    return Visitor()
