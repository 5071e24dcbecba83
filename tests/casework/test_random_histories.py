"""Random lives of a case, lawful and unlawful, against a notebook kept beside it by the rule book."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import models, transaction
from hypothesis import Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    get_state_machine_test,
    initialize,
    invariant,
    precondition,
    rule,
)

from casework.actions import approve, clock, consult, decide, deliver, excess, extension, fee, intake
from casework.annual import matrix_of
from casework.law.clock import Channel, Party, Receipt
from casework.law.matrix import ROWS, TOTAL, place, scope
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import (
    Applicant,
    Case,
    ClassifiedFinding,
    Clearance,
    Consultation,
    Decision,
    Delay,
    DispatchMode,
    Event,
    Extension,
    FeeNotice,
    NumberSeries,
    ReasonsRequest,
    Staff,
    Supplement,
)
from notifications.models import Message
from tests.casework.notebook import CLASSES, OPEN, WAITING, Consulted, Notebook
from tests.cast import FEE, PAID, Cast, application, moment, statements

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


class Life(RuleBasedStateMachine):
    """Acts in any order on one case; after each, what is stored is what the notebook says."""

    players: Cast

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.today = self.watched_from = date(2025, 1, 2)
        self.pk = self.acts = 0
        self.table: dict[int, set[str]] = {}

    def teardown(self) -> None:
        try:
            if self.pk:
                self.the_tables_of_the_years_say_the_same()
        finally:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

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

    # -- the acts ---------------------------------------------------------------------------------------------------

    def assign(self, data: st.DataObject) -> None:
        by, to = data.draw(clerks), data.draw(clerks)
        self.day(data.draw(waits))
        lawful = by in ("wang", "chen", "li") and self.clerk(to) and self.notes.state in OPEN
        self.attempt(
            lawful,
            lambda case: intake.assign(case, clerk=self.staff(to), by=self.staff(by), at=moment(self.today)),
        )

    def request_supplement(self, data: st.DataObject) -> None:
        by, on, days = data.draw(clerks), self.day(data.draw(waits), data.draw(backs)), data.draw(st.integers(1, 16))
        notes = self.notes
        lawful = (
            self.clerk(by)
            and notes.state == "received"
            and notes.supplement is None
            and self.dated(on)
            and notes.allows(("supplement_requested", on))
        )
        until = self.players.dongshan.calendar.add_workdays(on, days)
        if self.attempt(
            lawful,
            lambda case: clock.request_supplement(
                case, unclear="请说明名称。", days=days, on=on, by=self.staff(by), at=moment(self.today)
            ),
            moves_clock=True,
        ):
            notes.supplement, notes.state = (on, until), "supplement_requested"

    def receive_supplement(self, data: st.DataObject) -> None:
        by, on = data.draw(clerks | st.just("")), self.day(data.draw(waits), data.draw(backs))
        notes = self.notes
        lawful = (
            (not by or self.clerk(by))
            and (notes.state == "supplement_requested" or (notes.state, notes.draft) == ("in_review", "other_1"))
            and notes.supplement is not None
            and self.dated(on, notes.supplement[0])
            and notes.allows(("supplement_received", on))
        )
        if self.attempt(
            lawful,
            lambda case: clock.receive_supplement(
                case, answer="即清单。", on=on, by=self.staff(by) if by else None, at=moment(self.today)
            ),
            moves_clock=True,
        ):
            notes.supplemented, notes.state, notes.draft = on, "received", None

    def consult(self, data: st.DataObject) -> None:
        by, sent, gap = data.draw(clerks), self.day(data.draw(waits), data.draw(backs)), data.draw(later)
        letter = Consulted(data.draw(st.booleans()), sent, None if gap is None else sent + timedelta(days=gap))
        lawful = (
            self.clerk(by)
            and self.notes.state == "received"
            and self.dated(sent)
            and (letter.delivered is None or self.dated(letter.delivered, sent))
            and self.notes.allows(letter.row())
        )
        if self.attempt(
            lawful,
            lambda case: consult.consult(
                case,
                party=Party.THIRD_PARTY if letter.third_party else Party.OTHER_AGENCY,
                name="某单位",
                sent_on=sent,
                delivered_on=letter.delivered,
                by=self.staff(by),
                at=moment(self.today),
            ),
            moves_clock=True,
        ):
            self.notes.letters.append(letter)

    def record_opinion(self, data: st.DataObject) -> None:
        if not self.notes.letters:
            return
        number = data.draw(st.integers(0, len(self.notes.letters) - 1))
        by, on = data.draw(clerks), self.day(data.draw(waits), data.draw(backs))
        letter, pk = self.notes.letters[number], Consultation.whole.order_by("pk")[number].pk
        answered = Consulted(letter.third_party, letter.sent, letter.delivered, on)
        consents = data.draw(st.sampled_from([None, None, True, False]))
        lawful = (
            self.clerk(by)
            and self.notes.state in OPEN
            and letter.answered is None
            and not letter.cancelled
            and self.dated(on, letter.delivered or letter.sent)
            and self.notes.allows(answered.row(), instead_of=letter.row())
        )
        if self.attempt(
            lawful,
            lambda _: consult.record_opinion(
                Consultation.whole.get(pk=pk),
                answered_on=on,
                consents=consents,
                opinion="",
                by=self.staff(by),
                at=moment(self.today),
            ),
            moves_clock=True,
        ):
            letter.answered, letter.refuses = on, consents is False

    def record_service(self, data: st.DataObject) -> None:
        if not self.notes.letters:
            return
        number = data.draw(st.integers(0, len(self.notes.letters) - 1))
        by, on = data.draw(clerks), self.day(data.draw(waits), data.draw(backs))
        letter, pk = self.notes.letters[number], Consultation.whole.order_by("pk")[number].pk
        received = Consulted(letter.third_party, letter.sent, on, letter.answered)
        lawful = (
            self.clerk(by)
            and self.notes.state in OPEN
            and not letter.cancelled
            and self.dated(on, letter.sent)
            and (letter.answered is None or on <= letter.answered)
            and self.notes.allows(received.row(), instead_of=letter.row())
        )
        if self.attempt(
            lawful,
            lambda _: consult.record_service(
                Consultation.whole.get(pk=pk), on=on, by=self.staff(by), at=moment(self.today)
            ),
            moves_clock=True,
        ):
            letter.delivered = on

    def cancel_consultation(self, data: st.DataObject) -> None:
        """The mistaken fact goes, and the date is as if it had never been: the notebook forgets the letter."""
        if not self.notes.letters:
            return
        number = data.draw(st.integers(0, len(self.notes.letters) - 1))
        by = data.draw(clerks)
        self.day(data.draw(waits))
        letter, pk = self.notes.letters[number], Consultation.whole.order_by("pk")[number].pk
        lawful = (
            self.clerk(by)
            and self.notes.state in OPEN
            and not letter.cancelled
            and self.notes.allows(None, instead_of=letter.row())
        )
        if self.attempt(
            lawful,
            lambda _: consult.cancel_consultation(
                Consultation.whole.get(pk=pk), reason="误发。", by=self.staff(by), at=moment(self.today)
            ),
            moves_clock=True,
        ):
            letter.cancelled = True

    def extend(self, data: st.DataObject) -> None:
        by, on, days = data.draw(heads), self.day(data.draw(waits), data.draw(backs)), data.draw(st.integers(0, 21))
        notes = self.notes
        lawful = (
            by == "li"
            and notes.state in ("received", "supplement_requested", "in_review")
            and notes.extension is None
            and self.dated(on)
            and notes.allows(("extended", on, days))
        )
        if self.attempt(
            lawful,
            lambda case: extension.extend(
                case, working_days=days, reason="涉及多个部门", on=on, by=self.staff(by), at=moment(self.today)
            ),
            moves_clock=True,
        ):
            notes.extension = (on, days)

    def notify_fee(self, data: st.DataObject) -> None:
        by, on, gap = data.draw(clerks), self.day(data.draw(waits), data.draw(backs)), data.draw(later)
        delivered = None if gap is None else on + timedelta(days=gap)
        notes = self.notes
        lawful = (
            self.clerk(by)
            and notes.state == "received"
            and notes.fee is None
            and self.dated(on)
            and (delivered is None or self.dated(delivered, on))
            and notes.allows(("fee_notified", on))
        )
        until = self.players.dongshan.calendar.add_workdays(delivered, 20) if delivered else None
        if self.attempt(
            lawful,
            lambda case: fee.notify_fee(
                case, **FEE, on=on, delivered_on=delivered, by=self.staff(by), at=moment(self.today)
            ),
            moves_clock=True,
        ):
            notes.fee, notes.state = (on, until), "fee_notified"

    def record_payment(self, data: st.DataObject) -> None:
        by, on = data.draw(clerks), self.day(data.draw(waits), data.draw(backs))
        notes = self.notes
        lawful = (
            self.clerk(by)
            and notes.state == "fee_notified"
            and notes.fee is not None
            and self.dated(on, notes.fee[0])
            and notes.allows(("fee_paid", on))
        )
        if self.attempt(
            lawful,
            lambda case: fee.record_payment(case, on=on, **PAID, by=self.staff(by), at=moment(self.today)),
            moves_clock=True,
        ):
            notes.paid, notes.state = on, "received"

    def record_fee_delivery(self, data: st.DataObject) -> None:
        by, on = data.draw(clerks), self.day(data.draw(waits), data.draw(backs))
        notes = self.notes
        lawful = (
            self.clerk(by)
            and notes.state == "fee_notified"
            and notes.fee is not None
            and notes.fee[1] is None
            and self.dated(on, notes.fee[0])
        )
        if (
            self.attempt(
                lawful,
                lambda case: fee.record_fee_delivery(case, on=on, by=self.staff(by), at=moment(self.today)),
                moves_clock=True,
            )
            and notes.fee
        ):
            notes.fee = (notes.fee[0], self.players.dongshan.calendar.add_workdays(on, 20))

    def cancel_fee(self, data: st.DataObject) -> None:
        by, on = data.draw(heads), self.day(data.draw(waits), data.draw(backs))
        notes = self.notes
        lawful = by == "li" and notes.state == "fee_notified" and notes.fee is not None and self.dated(on, notes.fee[0])
        if self.attempt(
            lawful,
            lambda case: fee.cancel_fee(case, reason="误发", on=on, by=self.staff(by), at=moment(self.today)),
            moves_clock=True,
        ):
            notes.fee, notes.state = None, "received"  # as if it had never been

    def judge_reasons(self, data: st.DataObject) -> None:
        by, on, good = data.draw(clerks), self.day(data.draw(waits), data.draw(backs)), data.draw(st.booleans())
        notes = self.notes
        lawful = (
            self.clerk(by)
            and notes.state in ("received", *WAITING)
            and notes.reasons is not None
            and notes.reasonable is None
            and self.dated(on, notes.reasons[1] or notes.reasons[0])
            and (notes.reasons[1] is not None or (notes.reasons_until is not None and on > notes.reasons_until))
        )
        if self.attempt(
            lawful,
            lambda case: excess.judge_reasons(
                case, reasonable=good, grounds="属实", on=on, by=self.staff(by), at=moment(self.today)
            ),
        ):
            notes.reasonable, notes.judged = good, on

    def delay(self, data: st.DataObject) -> None:
        by, on = data.draw(heads), self.day(data.draw(waits), data.draw(backs))
        until = on + timedelta(days=data.draw(st.sampled_from([-1, 0, 1, 10, 30, 60, 120])))
        notes = self.notes
        lawful = (
            by == "li"
            and notes.state in ("received", "supplement_requested", "in_review")
            and notes.reasonable is True
            and notes.delay is None
            and self.dated(on, notes.judged)
            and until > on
            and notes.allows(("delayed", on, until))
        )
        if self.attempt(
            lawful,
            lambda case: excess.delay(
                case, until=until, reason="量大", on=on, by=self.staff(by), at=moment(self.today)
            ),
            moves_clock=True,
        ):
            notes.delay = (on, until)

    def ask_reasons(self, data: st.DataObject) -> None:
        by, on = data.draw(clerks), self.day(data.draw(waits), data.draw(backs))
        notes = self.notes
        lawful = self.clerk(by) and notes.state == "received" and notes.reasons is None and self.dated(on)
        if self.attempt(
            lawful,
            lambda case: excess.ask_reasons(case, why="三百件", on=on, by=self.staff(by), at=moment(self.today)),
        ):
            notes.reasons, notes.reasons_until = (on, None), self.players.dongshan.calendar.add_workdays(on, 15)

    def record_reasons(self, data: st.DataObject) -> None:
        by, on = data.draw(clerks), self.day(data.draw(waits), data.draw(backs))
        notes = self.notes
        lawful = (
            self.clerk(by)
            and notes.state in OPEN
            and notes.reasons is not None
            and notes.reasons[1] is None
            and self.dated(on, notes.reasons[0])
        )
        if (
            self.attempt(
                lawful,
                lambda case: excess.record_reasons(
                    case, answer="研究", on=on, by=self.staff(by), at=moment(self.today)
                ),
            )
            and notes.reasons
        ):
            notes.reasons, notes.reasonable = (notes.reasons[0], on), None

    def propose(self, data: st.DataObject) -> None:
        by, outcome = data.draw(clerks), data.draw(st.just(WAITING.get(self.notes.state, "granted")) | outcomes)
        self.day(data.draw(waits))
        notes = self.notes
        lawful = (
            self.clerk(by)
            and notes.state in ("received", *WAITING)
            and WAITING.get(notes.state, outcome) == outcome
            and notes.grounds_are_there(outcome, self.today)
        )
        ground = GROUNDS.get(outcome, "")
        if self.attempt(
            lawful,
            lambda case: decide.propose(
                case,
                outcome=Outcome(outcome),
                ground=ground,
                statements=statements(Outcome(outcome), ground),
                by=self.staff(by),
                at=moment(self.today),
            ),
            moves_clock=True,
        ):
            notes.draft, notes.drafter, notes.step, notes.state = outcome, by, "review", "in_review"

    def review(self, data: st.DataObject) -> None:
        by = data.draw(approvers)
        self.day(data.draw(waits))
        lawful = by == "sun" and self.notes.state == "in_review" and self.notes.step == "review"
        if self.attempt(lawful, lambda case: approve.review(case, by=self.staff(by), at=moment(self.today))):
            self.notes.step = "secrecy"

    def clear_secrecy(self, data: st.DataObject) -> None:
        by = data.draw(approvers)
        self.day(data.draw(waits))
        lawful = by == "qian" and self.notes.state == "in_review" and self.notes.step == "secrecy"
        if self.attempt(lawful, lambda case: approve.clear_secrecy(case, by=self.staff(by), at=moment(self.today))):
            self.notes.step = "signature"

    def find_classified(self, data: st.DataObject) -> None:
        by = data.draw(approvers)
        self.day(data.draw(waits))
        lawful = by == "qian" and self.notes.state == "in_review" and self.notes.step == "secrecy"
        if self.attempt(
            lawful,
            lambda case: approve.find_classified(
                case, basis="保密法 13", decided_by="市局", by=self.staff(by), at=moment(self.today)
            ),
            moves_clock=True,
        ):
            self.notes.draft, self.notes.state = None, self.notes.resting()

    def send_back(self, data: st.DataObject) -> None:
        by = data.draw(approvers)
        self.day(data.draw(waits))
        lawful = by == TURNS[self.notes.step] and self.notes.state == "in_review"
        if self.attempt(
            lawful,
            lambda case: approve.send_back(case, remark="重写", by=self.staff(by), at=moment(self.today)),
            moves_clock=True,
        ):
            self.notes.draft, self.notes.state = None, self.notes.resting()

    def sign(self, data: st.DataObject) -> None:
        by = data.draw(approvers)
        self.day(data.draw(waits))
        notes = self.notes
        lawful = (
            by == "li"
            and notes.state == "in_review"
            and notes.step == "signature"
            and notes.grounds_are_there(notes.draft or "", self.today)
        )
        if self.attempt(lawful, lambda case: approve.sign(case, by=self.staff(by), at=moment(self.today))):
            notes.signed, notes.state = self.today, "signed"

    def dispatch(self, data: st.DataObject) -> None:
        by, on = data.draw(clerks), self.day(data.draw(waits), data.draw(backs))
        mode = data.draw(st.sampled_from(DispatchMode))
        notes = self.notes
        lawful = self.clerk(by) and notes.state == "signed" and self.dated(on, notes.signed)
        if self.attempt(
            lawful,
            lambda case: deliver.dispatch(
                case, mode=mode, postal_number="EA1", on=on, by=self.staff(by), at=moment(self.today)
            ),
        ):
            notes.outcome = notes.draft or ""
            notes.dispatched, notes.closed, notes.state = on, on, CLASSES[notes.outcome]

    def record_delivery(self, data: st.DataObject) -> None:
        by, on = data.draw(clerks), self.day(data.draw(waits), data.draw(backs))
        notes = self.notes
        lawful = self.clerk(by) and notes.dispatched is not None and self.dated(on, notes.dispatched)
        self.attempt(
            lawful,
            lambda case: deliver.record_delivery(case, on=on, reason="邮戳", by=self.staff(by), at=moment(self.today)),
        )

    def withdraw(self, data: st.DataObject) -> None:
        by, on = data.draw(clerks | st.just("")), self.day(data.draw(waits), data.draw(backs))
        notes = self.notes
        lawful = (not by or self.clerk(by)) and notes.state in OPEN and self.dated(on)
        if lawful and len(self.events) < 6:
            return  # lives should not be short
        if self.attempt(
            lawful,
            lambda case: decide.withdraw(
                case,
                on=on,
                by=self.staff(by) if by else None,
                at=moment(self.today),
                statement="书面撤回" if by else "",
            ),
            moves_clock=True,
        ):
            notes.outcome, notes.closed, notes.state = "other_3", on, "terminated"

    # -- when they are tried ----------------------------------------------------------------------------------------

    EVERY = (
        *(assign, request_supplement, receive_supplement, consult, record_service, record_opinion),
        *(cancel_consultation, extend, notify_fee, record_payment),
        *(
            record_fee_delivery,
            cancel_fee,
            ask_reasons,
            record_reasons,
            judge_reasons,
            delay,
            propose,
            review,
            clear_secrecy,
            find_classified,
            send_back,
            sign,
            dispatch,
            record_delivery,
            withdraw,
        ),
    )

    def fitting(self) -> list["Act"]:
        """Acts that make sense where the case stands; whether they are lawful is another matter."""
        life, notes = type(self), self.notes
        acts: list[Act] = []
        standing = [letter for letter in notes.letters if not letter.cancelled]
        if any(letter.answered is None for letter in standing):
            acts += [life.record_opinion, life.record_service]
        if standing:
            acts.append(life.cancel_consultation)
        if notes.reasons and not notes.reasons[1]:
            acts.append(life.record_reasons)
        if notes.reasons and notes.reasonable is None:
            acts.append(life.judge_reasons)
        if notes.reasonable and not notes.delay:
            acts.append(life.delay)
        if not notes.extension and notes.state != "fee_notified":
            acts.append(life.extend)
        if notes.state == "received":
            acts += [life.consult, life.consult, life.assign, life.propose]
            acts += [] if notes.supplement else [life.request_supplement]
            acts += [] if notes.fee else [life.notify_fee]
            acts += [] if notes.reasons else [life.ask_reasons]
        else:
            steps: dict[str, tuple[Act, ...]] = {
                "review": (life.review, life.review, life.review, life.send_back),
                "secrecy": (life.clear_secrecy, life.clear_secrecy, life.clear_secrecy, life.find_classified),
            }
            turn: dict[str, tuple[Act, ...]] = {
                "in_review": steps.get(notes.step, (life.sign, life.sign, life.send_back)),
                "signed": (life.dispatch,),
                "supplement_requested": (life.receive_supplement, life.receive_supplement, life.propose),
                "fee_notified": (life.record_payment, life.record_fee_delivery, life.cancel_fee, life.propose),
            }
            acts += turn[notes.state]
        return acts

    @rule(data=st.data())
    @precondition(lambda self: self.notes.state in OPEN)
    def something_that_fits(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.fitting()))(self, data)

    @rule(data=st.data())
    @precondition(lambda self: self.notes.state in OPEN)
    def something_else_that_fits(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.fitting()))(self, data)

    @rule(data=st.data())
    @precondition(lambda self: self.notes.state not in OPEN)
    def something_after_the_end(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from([type(self).record_delivery, type(self).withdraw, type(self).extend]))(self, data)

    @rule(data=st.data())
    def anything(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.EVERY))(self, data)

    @rule()
    @precondition(lambda self: len(self.events) > 1)
    def somebody_acts_on_a_page_drawn_earlier(self) -> None:
        before = rows()
        with pytest.raises(Refused):
            decide.withdraw(self.stale, on=self.today, by=None, at=moment(self.today))
        assert rows() == before
        self.stale = Case.objects.get(pk=self.pk)  # a page drawn now
        self.stale.version -= 1

    # -- what holds after each --------------------------------------------------------------------------------------

    @invariant()
    def what_is_stored_is_what_was_noted(self) -> None:
        case = Case.objects.with_clock_facts().get(pk=self.pk)
        self.the_case_is_as_noted(case)
        self.the_copies_of_the_clock_equal_a_replay(case)
        self.events_only_grow()
        self.every_year_counts_it_once_or_not_at_all(case)

    def the_case_is_as_noted(self, case: Case) -> None:
        notes = self.notes
        assert (case.state, case.outcome, case.closed_on) == (notes.state, notes.outcome, notes.closed)
        assert (case.closed_on is None) == (notes.state in OPEN)
        assert case.received_on == notes.received
        assert case.due_on == notes.due()
        assert case.period_ends_on == notes.waits_until
        assert case.was_late == bool(case.closed_on and case.due_on and case.closed_on > case.due_on)

    def the_copies_of_the_clock_equal_a_replay(self, case: Case) -> None:
        copies = case.clock_copies(on=self.watched_from)
        assert {name: getattr(case, name) for name in copies} == copies

    def events_only_grow(self) -> None:
        now = self.seen()
        assert now[: len(self.events)] == self.events
        assert len(now) == len(self.events) + self.acts
        self.events, self.acts = now, 0

    def every_year_counts_it_once_or_not_at_all(self, case: Case) -> None:
        end = self.today.year + 1
        years = range(case.received_on.year - 1, end + 1)
        found = {year: scope(year, case.received_on, case.closed_on) for year in years}
        last = case.closed_on.year if case.closed_on else end
        assert {year for year, standing in found.items() if standing} == set(range(case.received_on.year, last + 1))
        assert [year for year, standing in found.items() if standing and not standing.carried_in] == [years[1]]
        assert [year for year, standing in found.items() if standing and standing.closed] == (
            [case.closed_on.year] if case.closed_on else []
        )
        self.table = {}
        for year, standing in found.items():
            if standing is not None:
                outcome = Outcome(case.outcome) if standing.closed else None
                self.table[year] = set(place(carried_in=standing.carried_in, outcome=outcome))

    def the_tables_of_the_years_say_the_same(self) -> None:
        case = Case.objects.get(pk=self.pk)
        for year in range(case.received_on.year - 1, self.today.year + 2):
            matrix = matrix_of([case.agency], year)
            counted = {row for row in ROWS if row != TOTAL and matrix.figure(row, case.applicant_kind)}
            assert counted == self.table.get(year, set())
            assert all(check.holds for check in matrix.checks())


Act = Callable[[Life, st.DataObject], None]


@pytest.mark.django_db
@pytest.mark.parametrize("number", range(8))
def test_every_life_is_what_the_rule_book_makes_of_it(players: Cast, number: int) -> None:
    """A few lives from each of several seeds: one seed alone soon repeats its own beginnings."""

    class Here(Life):
        pass

    Here.players = players
    # A life of thirty acts is read faster than it is shortened, so the shortening is left to a thorough run.
    phases = [Phase.generate] if settings().max_examples <= 100 else list(Phase)
    bounded = settings(max_examples=settings().max_examples // 20, stateful_step_count=30, phases=phases)
    seed(number)(get_state_machine_test(Here, settings=bounded))()
