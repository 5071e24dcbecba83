"""A case of the demo lives from arrival to today, by the real verbs, one act at a time.

``Life.run`` yields the moment of its next act and does it when resumed, so that all cases can be lived together in the
order of time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from stdnum import luhn

from casework.access import Verb
from casework.actions import approve, clock, consult, decide, deliver, excess, extension, fee, intake, send
from casework.actions.application import Application
from casework.actions.consultation_letters import Addressee, ask
from casework.actions.files import Upload
from casework.law.calendar import day_of, published
from casework.law.clock import Channel, Receipt
from casework.law.consultation import Consulted, Judgement
from casework.law.fees import Tariff
from casework.law.outcomes import OUTCOMES, REQUIREMENTS, Outcome, Requirement
from casework.models import Case, DispatchMode, Draft, Form, Staff, Way
from casework.models.querycode import ALPHABET, LENGTH, grouped

from . import texts
from .applicants import MAIL_DOMAIN, applicant
from .office import Team
from .plans import SAMPLES, Plan, moment
from .records import laid

#: Applicants get mail only about what has just happened; two years of it would fill somebody's mailbox.
MAIL_WITHIN: Final = timedelta(days=7)
Moments = Iterator[datetime]


@dataclass(slots=True)
class Stage:
    """What all cases share: now, the teams, and how many reply numbers each office has given out in each year."""

    now: datetime
    teams: dict[str, Team]


class Life:
    """One case and the next moment of it."""

    def __init__(self, plan: Plan, stage: Stage) -> None:
        self.plan, self.stage = plan, stage
        self.dice = Random(plan.seed)  # noqa: S311 - a story, not a secret
        self.team = stage.teams[plan.office]
        self.clerk = self.dice.choice(self.team.clerks)
        self.at = plan.arrives
        self.pk = 0
        self.words = {"year": plan.arrives.year - 1, "place": self.dice.choice(texts.PLACES)}

    def run(self) -> Moments:
        """From arrival to the end, or to where the plan stops."""
        yield self.at
        self.lodge()
        if not self.plan.taken:
            return
        if self.plan.channel is Channel.ONLINE:
            yield from self.wait(1)
            intake.assign(self.case, clerk=self.clerk, by=self.head, at=self.at)
        for step in self.plan.steps:
            yield from STEPS[step](self)
        if self.plan.outcome is Outcome.OTHER_3 and self.dice.random() < 0.8:
            yield from self.withdraw()
        elif self.plan.outcome is not None:
            yield from self.reply(self.plan.outcome)

    # Where the case and the time are ----------------------------------------------------------------------------

    @property
    def case(self) -> Case:
        return Case.objects.select_related("agency", "clerk").get(pk=self.pk)

    @property
    def head(self) -> Staff:
        return self.team.head

    @property
    def on(self) -> date:
        return day_of(self.at)

    def wait(self, days: int, *, after: date | None = None) -> Moments:
        """So many working days later within office hours, or a little later on the same day."""
        if days == 0:
            self.at += timedelta(minutes=self.dice.randint(5, 40))
        else:
            on = published().add_workdays(after or self.on, days)
            self.at = moment(on, self.dice.randint(9, 16), self.dice.randrange(60))
        yield self.at

    def said(self, choices: tuple[str, ...]) -> str:
        return self.dice.choice(choices).format(**self.words)

    # Receipt ----------------------------------------------------------------------------------------------------

    def lodge(self) -> None:
        application = self.application()
        if self.plan.channel is Channel.ONLINE:
            draft = Draft.open(at=self.at - timedelta(minutes=12), agency=self.team.agency)
            made = intake.submit(draft, application, query_code=query_code(self.plan.phone), at=self.at)
        else:
            confirmed = self.on if self.plan.channel in (Channel.EMAIL, Channel.FAX, Channel.ORDINARY_MAIL) else None
            receipt = Receipt(self.plan.channel, self.on, confirmed)
            made = intake.register(self.team.agency, application, receipt, by=self.clerk, at=self.at)
        self.pk = made.case.pk

    def application(self) -> Application:
        plan = self.plan
        writes = plan.channel is Channel.ONLINE and self.stage.now - self.at < MAIL_WITHIN
        email = f"applicant{plan.seed}@{MAIL_DOMAIN}" if writes or plan.phone in SAMPLES else ""
        way = Way.ONLINE if plan.channel is Channel.ONLINE else self.dice.choice([Way.POST, Way.PICK_UP])
        return Application(
            **applicant(self.dice, plan.kind, phone=plan.phone, email=email),
            subject=plan.asked.subject.format(**self.words),
            content=plan.asked.content.format(**self.words),
            wanted_form=(Form.ELECTRONIC if way is Way.ONLINE else Form.PAPER).value,
            wanted_way=way.value,
        )

    # What may happen on the way ---------------------------------------------------------------------------------

    def ask_supplement(self) -> Moments:
        yield from self.wait(self.dice.randint(1, 4))
        unclear = self.said(texts.UNCLEAR)
        send.carry_out(
            self.case, Verb.REQUEST_SUPPLEMENT, mode=self.at_once(), unclear=unclear, by=self.clerk, at=self.at
        )

    def supplement(self, answer: str = "") -> Moments:
        yield from self.ask_supplement()
        yield from self.wait(self.dice.randint(2, 11))
        online = self.plan.channel is Channel.ONLINE
        clock.receive_supplement(
            self.case,
            answer=answer or self.said(texts.SUPPLEMENTED),
            on=self.on,
            by=None if online else self.clerk,
            at=self.at,
            channel=(Channel.ONLINE if online else Channel.IN_PERSON).value,
        )

    def supplement_still_unclear(self) -> Moments:
        yield from self.supplement(texts.STILL_UNCLEAR)

    def supplement_lapses(self) -> Moments:
        yield from self.ask_supplement()
        supplement = self.case.open_supplement
        assert supplement is not None
        yield from self.wait(self.dice.randint(1, 3), after=supplement.period_ends_on)

    def extend(self) -> Moments:
        yield from self.wait(self.dice.randint(9, 13))
        days, reason = self.dice.choice([10, 15, 20]), self.said(texts.EXTENSION_REASONS)
        extension.ask_extension(self.case, working_days=days, reason=reason, by=self.clerk, at=self.at)
        yield from self.wait(1)
        send.carry_out(
            self.case, Verb.EXTEND, mode=self.at_once(), working_days=days, reason=reason, by=self.head, at=self.at
        )

    def consult(
        self, party: Consulted = Consulted.THIRD_PARTY, names: tuple[str, ...] = texts.THIRD_PARTIES
    ) -> Moments:
        yield from self.wait(self.dice.randint(1, 3))
        ask(
            self.case,
            addressees=[Addressee(party, self.said(names))],
            summary=self.said(texts.SUMMARIES),
            mode=DispatchMode.IN_PERSON,
            by=self.clerk,
            at=self.at,
        )

    def third_party_objects(self) -> Moments:
        yield from self.consult()
        yield from self.opinion(consents=False, opinion="涉及本单位商业秘密，不同意公开。")
        consult.judge_objection(
            self.case.consultations.get(),
            judgement=Judgement.WITHHELD,
            reasons="所涉单价属于该单位的商业秘密，公开会损害其合法权益。",
            by=self.clerk,
            at=self.at,
        )

    def third_party_agrees(self) -> Moments:
        yield from self.consult()
        yield from self.opinion(consents=True, opinion="同意公开。")

    def ask_organ(self) -> Moments:
        yield from self.consult(Consulted.OTHER_AGENCY, texts.OTHER_ORGANS)
        yield from self.opinion(consents=None, opinion="请依法答复，注意遮盖个人信息。")

    def opinion(self, *, consents: bool | None, opinion: str) -> Moments:
        yield from self.wait(self.dice.randint(4, 12))
        asked = self.case.consultations.get()
        consult.record_opinion(
            asked, answered_on=self.on, consents=consents, opinion=opinion, by=self.clerk, at=self.at
        )

    def ask_fee(self) -> Moments:
        yield from self.wait(self.dice.randint(2, 5))
        pages, mode = self.dice.choice([40, 50, 100]), DispatchMode.IN_PERSON
        send.carry_out(
            self.case, Verb.NOTIFY_FEE, mode=mode, tariff=Tariff.PAGES, pages=pages, by=self.clerk, at=self.at
        )

    def fee_paid(self) -> Moments:
        yield from self.ask_fee()
        yield from self.wait(self.dice.randint(2, 9))
        amount, voucher = self.case.fee_notices.get().amount, f"NO.{self.dice.randrange(10**9):010}"
        fee.record_payment(self.case, on=self.on, amount=amount, voucher_number=voucher, by=self.clerk, at=self.at)

    def fee_lapses(self) -> Moments:
        yield from self.ask_fee()
        ends_on = self.case.fee_notices.get().period_ends_on
        yield from self.wait(self.dice.randint(1, 3), after=ends_on)

    def reasons(self) -> Moments:
        yield from self.wait(2)
        send.carry_out(self.case, Verb.ASK_REASONS, mode=self.at_once(), why=texts.EXCESSIVE, by=self.clerk, at=self.at)
        yield from self.wait(4)
        done: dict[str, Any] = {"on": self.on, "by": self.clerk, "at": self.at}
        excess.record_reasons(self.case, answer=texts.EXCESSIVE_ANSWER, **done)
        excess.judge_reasons(self.case, reasonable=False, grounds=texts.EXCESSIVE_GROUNDS, **done)

    def sent_back(self) -> Moments:
        yield from self.propose(Outcome.GRANTED)
        yield from self.review()
        yield from self.clear()
        yield from self.wait(1)
        approve.send_back(self.case, remark=self.said(texts.SENT_BACK), by=self.head, at=self.at)

    def found_classified(self) -> Moments:
        yield from self.propose(Outcome.GRANTED)
        yield from self.review()
        yield from self.wait(0)
        basis, decided_by = texts.CLASSIFIED_BASIS, texts.CLASSIFIED_BY
        approve.find_classified(self.case, basis=basis, decided_by=decided_by, by=self.team.secrecy, at=self.at)

    # The reply --------------------------------------------------------------------------------------------------

    def reply(self, outcome: Outcome) -> Moments:
        yield from self.propose(outcome)
        if self.plan.stop == "proposed":
            return
        yield from self.review()
        if self.plan.stop == "reviewed":
            return
        yield from self.clear()
        if self.plan.stop == "cleared":
            return
        yield from self.wait(self.dice.choice([0, 1, 1]))
        if self.plan.stop == "sent_back":
            approve.send_back(self.case, remark=self.said(texts.SENT_BACK), by=self.head, at=self.at)
            return
        approve.sign(self.case, by=self.head, at=self.at)
        if self.plan.stop == "signed":
            return
        yield from self.wait(self.dice.choice([0, 0, 1]))
        mode = self.mode()
        deliver.dispatch(
            self.case,
            mode=mode,
            postal_number=f"X{self.dice.randrange(10**9):09d}CN" if mode is DispatchMode.POST else "",
            on=self.on,
            by=self.clerk,
            at=self.at,
        )
        if mode is DispatchMode.POST and self.dice.random() < 0.8:
            yield from self.wait(self.dice.randint(2, 5))
            deliver.record_delivery(self.case, on=self.on, by=self.clerk, at=self.at)

    def review(self) -> Moments:
        yield from self.wait(0)
        approve.review(self.case, by=self.team.reviewer, at=self.at)

    def clear(self) -> Moments:
        yield from self.wait(0)
        approve.clear_secrecy(self.case, by=self.team.secrecy, at=self.at)

    def propose(self, outcome: Outcome) -> Moments:
        yield from self.wait(self.dice.randint(2, 6) + self.plan.slow)
        row = OUTCOMES[outcome]
        ground = self.dice.choice(row.grounds).key if row.grounds else ""
        if self.plan.phone in SAMPLES:
            ground = next((g.key for g in row.grounds), "")
        ground = self.plan.ground or ground
        record = self.plan.record
        released = laid(self.case, record, by=self.clerk, at=self.at) if record else ()
        recent = self.stage.now - self.at < timedelta(days=60)
        given = outcome in (Outcome.GRANTED, Outcome.PARTIAL) and recent and not record
        decide.propose(
            self.case,
            outcome=outcome,
            ground=ground,
            statements=self.statements(outcome, ground),
            earlier_on=date(self.plan.arrives.year - 1, 6, 5) if _rests_on_another(outcome) else None,
            uploads=(self.attachment(),) if given else (),
            released=released,
            by=self.clerk,
            at=self.at,
        )

    def statements(self, outcome: Outcome, ground: str) -> dict[str, str]:
        values = {**self.words, "pages": self.dice.randint(2, 30), "prefix": self.team.office.prefix}
        return {
            key.value: (texts.STATEMENTS.get((key, outcome)) or texts.STATEMENTS[key, None]).format(**values)
            for key in OUTCOMES[outcome].requirements(ground)
            if REQUIREMENTS[key].statement
        }

    def attachment(self) -> Upload:
        """A table with a byte order mark, as offices send it."""
        name = self.plan.asked.subject.format(**self.words)
        return Upload(f"{name}.csv", texts.ATTACHMENT.format(**self.words).encode("utf-8-sig"))

    def mode(self) -> DispatchMode:
        if self.plan.channel is Channel.ONLINE:
            return DispatchMode.ONLINE
        if self.plan.channel is Channel.EMAIL:
            return DispatchMode.EMAIL
        return self.dice.choice([DispatchMode.POST, DispatchMode.POST, DispatchMode.IN_PERSON])

    def at_once(self) -> DispatchMode:
        """By what way a letter goes that waits for no post."""
        return DispatchMode.ONLINE if self.plan.channel is Channel.ONLINE else DispatchMode.EMAIL

    def withdraw(self) -> Moments:
        yield from self.wait(self.dice.randint(1, 9))
        online = self.plan.channel is Channel.ONLINE
        statement = self.said(texts.WITHDRAWALS)
        decide.withdraw(self.case, on=self.on, by=None if online else self.clerk, at=self.at, statement=statement)


STEPS: Final[dict[str, Callable[[Life], Moments]]] = {
    step.__name__: step
    for step in (
        Life.ask_supplement,
        Life.supplement,
        Life.supplement_still_unclear,
        Life.supplement_lapses,
        Life.extend,
        Life.consult,
        Life.third_party_objects,
        Life.third_party_agrees,
        Life.ask_organ,
        Life.ask_fee,
        Life.fee_paid,
        Life.fee_lapses,
        Life.reasons,
        Life.sent_back,
        Life.found_classified,
    )
}


def _rests_on_another(outcome: Outcome) -> bool:
    """Whether the code refers to an earlier reply, which in the demo is from before the system."""
    return Requirement.EARLIER_REPLY in OUTCOMES[outcome].needs


def query_code(phone: str) -> str:
    """The code of a case of the demo: it can be told again, as codes of real cases never can."""
    dice = Random(f"code {phone}")  # noqa: S311 - meant to be printed
    body = "".join(dice.choice(ALPHABET) for _ in range(LENGTH))
    return grouped(body + luhn.calc_check_digit(body, ALPHABET))
