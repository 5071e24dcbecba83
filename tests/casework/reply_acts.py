"""From the clerk's draft to the delivery of the reply, or the withdrawal."""

from hypothesis import strategies as st

from casework.actions import approve, decide, deliver, intake
from casework.law.outcomes import Outcome
from casework.models import (
    DispatchMode,
)
from tests.casework.notebook import CLASSES, OPEN, WAITING
from tests.casework.onecase import GROUNDS, TURNS, OneCase, approvers, backs, clerks, outcomes, waits
from tests.cast import moment, statements


class ReplyActs(OneCase):
    """From the clerk's draft to the delivery of the reply, or the withdrawal."""

    def assign(self, data: st.DataObject) -> None:
        by, to = data.draw(clerks), data.draw(clerks)
        self.day(data.draw(waits))
        lawful = by in ("wang", "chen", "li") and self.clerk(to) and self.notes.state in OPEN
        self.attempt(
            lawful,
            lambda case: intake.assign(case, clerk=self.staff(to), by=self.staff(by), at=moment(self.today)),
        )

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
