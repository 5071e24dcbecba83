"""One case on which acts are tried, lawful and unlawful, and the notebook beside it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import models, transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
)

from casework.actions import intake
from casework.law.clock import Channel, Receipt
from casework.law.refusals import Refused
from casework.models import (
    Applicant,
    Case,
    ClassifiedFinding,
    Clearance,
    Consultation,
    Decision,
    Delay,
    Event,
    Extension,
    FeeNotice,
    NumberSeries,
    ReasonsRequest,
    Staff,
    Supplement,
)
from notifications.models import Message
from tests.casework.notebook import CLASSES, Notebook
from tests.cast import Cast, application, moment

STORED: tuple[type[models.Model], ...] = (
    *(Case, Applicant, Supplement, Consultation, Extension, Delay, FeeNotice, ReasonsRequest, Decision, NumberSeries),
    *(Clearance, ClassifiedFinding),
    *(Event, Message),
)
TURNS = {"review": "sun", "secrecy": "qian", "signature": "li", "": ""}
GROUNDS = {"granted": "provided", "refused_4": "privacy"}
CONFIRMED = {Channel.ORDINARY_MAIL, Channel.EMAIL, Channel.FAX, Channel.OTHER}

waits = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5, 8, 13])
"""Days that pass before an act."""
backs = st.sampled_from([0, 0, 0, 0, 0, 1, 2, 5, 10, 30, -1])
"""How many days before the act the fact is dated; -1 is tomorrow."""
clerks = st.sampled_from([*["wang"] * 8, *["chen"] * 4, "li", "zhou", "zhao"])
heads = st.sampled_from([*["li"] * 8, "wang", "zhao"])
approvers = st.sampled_from([*["sun", "qian", "li"] * 3, "wang", "zhao"])
outcomes = st.sampled_from([*["granted", "partial"] * 3, *sorted(CLASSES)])
later = st.none() | st.sampled_from([-1, 0, 1, 3, 8, 20, 40])


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is stored."""
    return {
        model.__name__: list(getattr(model, "whole", model._default_manager).order_by("pk").values_list())
        for model in STORED
    }


class OneCase(RuleBasedStateMachine):
    """One case, the notebook beside it, and how every act is tried on it."""

    players: Cast

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.today = self.watched_from = date(2025, 1, 2)
        self.pk = self.acts = 0
        self.table: dict[int, set[str]] = {}

    @initialize(
        channel=st.sampled_from(Channel),
        start=st.dates(date(2025, 1, 2), date(2025, 12, 31)),
        confirmed=st.none() | st.integers(0, 9),
        late=st.integers(0, 10),
        swift=st.booleans(),
    )
    def register(self, channel: Channel, start: date, confirmed: int | None, late: int, swift: bool) -> None:
        self.swift = swift
        confirmed_on = None if confirmed is None else start + timedelta(days=confirmed)
        self.today = self.watched_from = max(start, confirmed_on or start) + timedelta(days=late)
        received = confirmed_on if confirmed_on and channel in CONFIRMED else start
        receipt = Receipt(channel, start, confirmed_on)
        made = intake.register(
            self.players.dongshan,
            application(email="" if swift else "zhang@example.com"),
            receipt,
            by=self.players.wang,
            at=moment(self.today),
        )
        self.pk = made.case.pk
        self.stale = Case.objects.get(pk=self.pk)
        self.notes = Notebook(received)
        self.events = self.seen()

    # -- how every act is tried -------------------------------------------------------------------------------------

    def day(self, wait: int, back: int = 0) -> date:
        """The day of a fact, after some days have passed; in a swift life everything happens on one day."""
        self.today += timedelta(days=0 if self.swift else wait)
        return self.today - timedelta(days=min(back, 0) if self.swift else back)

    def clerk(self, name: str) -> bool:
        return name in ("wang", "chen")

    def dated(self, on: date, first: date | None = None) -> bool:
        return max(first or self.notes.received, self.notes.received) <= on <= self.today

    def staff(self, name: str) -> Staff:
        staff: Staff = getattr(self.players, name)
        return staff

    def seen(self) -> list[tuple[Any, ...]]:
        return list(Event.objects.filter(case=self.pk).order_by("pk").values_list())

    def attempt(self, lawful: bool, act: Callable[[Case], Event], *, moves_clock: bool = False) -> bool:
        """Do it; either it is lawful and one event more is there, or it is refused and nothing has changed."""
        before, old = {} if lawful else rows(), Case.objects.get(pk=self.pk)
        if not lawful:
            with pytest.raises(Refused):
                act(Case.objects.get(pk=self.pk))
            assert rows() == before
            return False
        event = act(Case.objects.get(pk=self.pk))
        assert (event.due_before, event.due_after) == (old.due_on, Case.objects.get(pk=self.pk).due_on)
        self.stale, self.acts = old, 1
        if moves_clock:
            self.watched_from = self.today
        return True
