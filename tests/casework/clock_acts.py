"""What moves the clock from outside: consultations, reasons, extensions and delays."""

from datetime import timedelta

from hypothesis import strategies as st

from casework.actions import consult, excess, extension
from casework.law.clock import Party
from casework.models import (
    Consultation,
)
from tests.casework.notebook import OPEN, WAITING, Consulted
from tests.casework.onecase import OneCase, backs, clerks, heads, later, waits
from tests.cast import moment


class ClockActs(OneCase):
    """What moves the clock from outside: consultations, reasons, extensions and delays."""

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
