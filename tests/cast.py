"""The cast of the tests and the builder that brings a case to a state, always by the verbs.

东山区政府办 (Dongshan) and 民政局 (Civil Affairs) below it; Wang clerks and Li heads Dongshan, Chen clerks too,
Zhao works for another city and must be kept out.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from casework.actions import clock, decide, deliver, intake
from casework.actions.intake import Application, Registration
from casework.law.clock import Channel, Receipt
from casework.law.outcomes import OUTCOMES, REQUIREMENTS, ApplicantKind, Outcome
from casework.models import Agency, Appointment, Case, DispatchMode, Level, Role, Staff

CHINA = timezone(timedelta(hours=8))
RESIDENT_NUMBER = "11010519491231002X"
CREDIT_CODE = "91110000600037341L"


@dataclass(frozen=True)
class Cast:
    """Agencies and people with personalities."""

    dongshan: Agency
    civil: Agency
    elsewhere: Agency
    wang: Staff
    chen: Staff
    li: Staff
    zhou: Staff
    zhao: Staff


def moment(day: date, hour: int = 10) -> datetime:
    """An hour of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)


def person(username: str, name: str, agency: Agency, *roles: Role) -> Staff:
    staff = Staff.objects.create(username=username, name=name, password="!")
    Appointment.objects.bulk_create([Appointment(staff=staff, agency=agency, role=role) for role in roles])
    return staff


def cast() -> Cast:
    """Create the whole cast."""
    dongshan = Agency.objects.create(
        code="230406",
        name="东山区人民政府办公室",
        level=Level.COUNTY,
        document_prefix="东政公开",
        review_organ="鹤岗市人民政府",
        court="东山区人民法院",
    )
    civil = Agency.objects.create(code="230406-MZ", name="东山区民政局", parent=dongshan)
    elsewhere = Agency.objects.create(code="320800", name="淮安市人民政府办公室", level=Level.CITY)
    return Cast(
        dongshan,
        civil,
        elsewhere,
        person("wang", "王敏", dongshan, Role.CLERK),
        person("chen", "陈晨", dongshan, Role.CLERK),
        person("li", "李立", dongshan, Role.HEAD),
        person("zhou", "周审", dongshan, Role.AUDITOR),
        person("zhao", "赵钱", elsewhere, Role.CLERK, Role.HEAD),
    )


def application(**changes: Any) -> Application:
    """An ordinary application by a natural person."""
    given: dict[str, Any] = {
        "applicant_kind": ApplicantKind.NATURAL_PERSON,
        "name": "张三",
        "content": "申请公开2025年东山区老旧小区改造项目清单及资金安排。",
        "identity_kind": "resident",
        "identity_number": RESIDENT_NUMBER,
        "phone": "13800000000",
    }
    return Application(**(given | changes))


def registered(players: Cast, *, on: date, agency: Agency | None = None, **changes: Any) -> Registration:
    """A case handed in at the counter on that day and registered by Wang, who is its clerk."""
    return intake.register(
        agency or players.dongshan,
        application(**changes),
        Receipt(Channel.IN_PERSON, on),
        by=players.wang,
        at=moment(on),
    )


def statements(outcome: Outcome, ground: str = "") -> dict[str, str]:
    """Something said under every heading that the code requires."""
    return {
        requirement.value: f"{REQUIREMENTS[requirement].words.zh}：见附件说明。"
        for requirement in OUTCOMES[outcome].requirements(ground)
        if REQUIREMENTS[requirement].statement
    }


def first_ground(outcome: Outcome) -> str:
    return next((ground.key for ground in OUTCOMES[outcome].grounds), "")


def proposed(players: Cast, case: Case, outcome: Outcome, *, on: date) -> None:
    """Wang proposes the outcome on its first ground."""
    ground = first_ground(outcome)
    decide.propose(
        case,
        outcome=outcome,
        ground=ground,
        statements=statements(outcome, ground),
        by=players.wang,
        at=moment(on, 14),
    )


def signed(players: Cast, case: Case, outcome: Outcome, *, on: date) -> None:
    """Wang proposes, Li signs."""
    proposed(players, case, outcome, on=on)
    decide.sign(case, by=players.li, at=moment(on, 15))


def closed(players: Cast, case: Case, outcome: Outcome, *, on: date) -> None:
    """The whole way to dispatch on one day, with the prerequisites of the code put on file before."""
    signed(players, case, outcome, on=on)
    deliver.dispatch(case, mode=DispatchMode.ONLINE, on=on, by=players.wang, at=moment(on, 16))


def supplemented(players: Cast, case: Case, *, asked: date, answered: date) -> None:
    """One supplement round."""
    clock.request_supplement(case, unclear="请说明所需信息的名称。", on=asked, by=players.wang, at=moment(asked))
    clock.receive_supplement(case, answer="即2025年度改造项目清单。", on=answered, by=players.wang, at=moment(answered))
