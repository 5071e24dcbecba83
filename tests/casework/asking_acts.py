"""What the applicant is asked for: a supplement, a fee."""

from datetime import timedelta

from hypothesis import strategies as st

from casework.actions import clock, fee
from tests.casework.onecase import OneCase, backs, clerks, heads, later, waits
from tests.cast import FEE, PAID, moment


class AskingActs(OneCase):
    """What the applicant is asked for: a supplement, a fee."""

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
