"""Random lives of a case, lawful and unlawful, against a notebook kept beside it by the rule book."""

from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import get_state_machine_test, invariant, precondition, rule

from casework.actions import decide
from casework.annual import matrix_of
from casework.law.matrix import ROWS, TOTAL, place, scope
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case
from tests.casework.asking_acts import AskingActs
from tests.casework.clock_acts import ClockActs
from tests.casework.notebook import OPEN
from tests.casework.onecase import rows
from tests.casework.reply_acts import ReplyActs
from tests.cast import Cast, moment


class Life(AskingActs, ClockActs, ReplyActs):
    """Acts in any order on one case; after each, what is stored is what the notebook says."""

    def teardown(self) -> None:
        try:
            if self.pk:
                self.the_tables_of_the_years_say_the_same()
        finally:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    # -- when they are tried ----------------------------------------------------------------------------------------

    EVERY: tuple[Callable[..., None], ...] = (
        ReplyActs.assign,
        AskingActs.request_supplement,
        AskingActs.receive_supplement,
        ClockActs.consult,
        ClockActs.record_service,
        ClockActs.record_opinion,
        ClockActs.cancel_consultation,
        ClockActs.extend,
        AskingActs.notify_fee,
        AskingActs.record_payment,
        AskingActs.record_fee_delivery,
        AskingActs.cancel_fee,
        ClockActs.ask_reasons,
        ClockActs.record_reasons,
        ClockActs.judge_reasons,
        ClockActs.delay,
        ReplyActs.propose,
        ReplyActs.review,
        ReplyActs.clear_secrecy,
        ReplyActs.find_classified,
        ReplyActs.send_back,
        ReplyActs.sign,
        ReplyActs.dispatch,
        ReplyActs.record_delivery,
        ReplyActs.withdraw,
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
        acts: list[Act] = [type(self).record_delivery, type(self).withdraw, type(self).extend]
        data.draw(st.sampled_from(acts))(self, data)

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
