"""People of the cast at their desks."""

from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import Case, Staff
from tests.cast import Cast, registered
from tests.conftest import AS_OF

TODAY = AS_OF.date()


@pytest.fixture
def at_desk() -> Callable[[Staff], Client]:
    """A browser in which this person has logged in."""

    def logged_in(person: Staff) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return logged_in


@pytest.fixture
def wang(players: Cast, at_desk: Callable[[Staff], Client]) -> Client:
    return at_desk(players.wang)


@pytest.fixture
def li(players: Cast, at_desk: Callable[[Staff], Client]) -> Client:
    return at_desk(players.li)


@pytest.fixture
def case(players: Cast) -> Case:
    """Handed in today and registered by Wang."""
    return registered(players, on=TODAY).case
