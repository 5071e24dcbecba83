"""The cast of the tests and the builder that brings a case to a state, always by the verbs.

东山区政府办 (Dongshan) and 民政局 (Civil Affairs) below it; Wang clerks and Li heads Dongshan, Chen clerks too, Sun
reviews and Qian looks for secrets; Zhao works for another city and must be kept out.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

from casework.actions import approve, clock, decide, deliver, excess, intake
from casework.actions.application import Application
from casework.actions.intake import Registration
from casework.law.clock import Channel, Receipt
from casework.law.fees import Tariff
from casework.law.outcomes import OUTCOMES, REQUIREMENTS, ApplicantKind, Outcome, Requirement
from casework.models import Agency, Appointment, Case, DispatchMode, Level, Role, Staff

CHINA = timezone(timedelta(hours=8))
RESIDENT_NUMBER = "11010519491231002X"
#: A reply from before the system, for codes that rest on one.
EARLIER = date(2019, 6, 3)
CREDIT_CODE = "91110000600037341L"
#: A fee of 100 yuan, by forty pages, and its payment.
FEE: Final[dict[str, Any]] = {"tariff": Tariff.PAGES, "pages": 40}
PAID: Final[dict[str, Any]] = {"amount": Decimal(100), "voucher_number": "NO.0012345678"}


@dataclass(frozen=True)
class Cast:
    """Agencies and people with personalities."""

    dongshan: Agency
    civil: Agency
    elsewhere: Agency
    wang: Staff
    chen: Staff
    sun: Staff
    qian: Staff
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
    """Create the whole cast, in a few statements: nearly every test begins with it."""
    dongshan = Agency.objects.create(
        code="230406",
        name="东山区人民政府办公室",
        level=Level.COUNTY,
        document_prefix="东政公开",
        review_organ="鹤岗市人民政府",
        court="东山区人民法院",
        payment_way="东山区财政局非税收入专户，账号6222 0000 0000 0001；或者在区政务大厅缴纳。",
    )
    civil = Agency.objects.create(code="230406-MZ", name="东山区民政局", parent=dongshan)
    elsewhere = Agency.objects.create(code="320800", name="淮安市人民政府办公室", level=Level.CITY)
    roles: dict[tuple[str, str], list[tuple[Agency, Role]]] = {
        ("wang", "王敏"): [(dongshan, Role.CLERK)],
        ("chen", "陈晨"): [(dongshan, Role.CLERK)],
        ("sun", "孙正"): [(dongshan, Role.REVIEWER)],
        ("qian", "钱慎"): [(dongshan, Role.SECRECY_REVIEWER)],
        ("li", "李立"): [(dongshan, Role.HEAD)],
        ("zhou", "周审"): [(dongshan, Role.AUDITOR)],
        ("zhao", "赵钱"): [(elsewhere, Role.CLERK), (elsewhere, Role.HEAD)],
    }
    people = Staff.objects.bulk_create([Staff(username=key, name=name, password="!") for key, name in roles])
    Appointment.objects.bulk_create(
        Appointment(staff=staff, agency=agency, role=role)
        for staff, held in zip(people, roles.values(), strict=True)
        for agency, role in held
    )
    return Cast(dongshan, civil, elsewhere, *people)


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


def proposed(players: Cast, case: Case, outcome: Outcome, *, on: date, ground: str = "") -> None:
    """Wang proposes the outcome, on its first ground unless another is named."""
    ground = ground or first_ground(outcome)
    decide.propose(
        case,
        outcome=outcome,
        ground=ground,
        statements=statements(outcome, ground),
        earlier_on=EARLIER if Requirement.EARLIER_REPLY in OUTCOMES[outcome].requirements(ground) else None,
        by=players.wang,
        at=moment(on, 14),
    )


def reviewed(players: Cast, case: Case, *, on: date) -> None:
    """Sun passes what Wang has proposed."""
    approve.review(case, by=players.sun, at=moment(on, 14))


def cleared(players: Cast, case: Case, *, on: date) -> None:
    """What Wang has proposed comes to Li: Sun has reviewed it, and Qian has found no secret in it."""
    reviewed(players, case, on=on)
    approve.clear_secrecy(case, by=players.qian, at=moment(on, 14))


def signed(players: Cast, case: Case, outcome: Outcome, *, on: date, ground: str = "") -> None:
    """Wang proposes, Sun reviews, Qian clears, Li signs."""
    proposed(players, case, outcome, on=on, ground=ground)
    cleared(players, case, on=on)
    approve.sign(case, by=players.li, at=moment(on, 15))


def closed(players: Cast, case: Case, outcome: Outcome, *, on: date, ground: str = "") -> None:
    """The whole way to dispatch on one day, with the prerequisites of the code put on file before."""
    signed(players, case, outcome, on=on, ground=ground)
    deliver.dispatch(case, mode=DispatchMode.ONLINE, on=on, by=players.wang, at=moment(on, 16))


def supplemented(players: Cast, case: Case, *, asked: date, answered: date) -> None:
    """One supplement round."""
    clock.request_supplement(case, unclear="请说明所需信息的名称。", on=asked, by=players.wang, at=moment(asked))
    clock.receive_supplement(case, answer="即2025年度改造项目清单。", on=answered, by=players.wang, at=moment(answered))


def found_unreasonable(players: Cast, case: Case, *, on: date) -> None:
    """Reasons asked for, given and judged not to hold, on one day (条例 35)."""
    done: dict[str, Any] = {"on": on, "by": players.wang, "at": moment(on, 11)}
    excess.ask_reasons(case, why="一年内申请三百件。", **done)
    excess.record_reasons(case, answer="研究需要。", **done)
    excess.judge_reasons(case, reasonable=False, grounds="申请内容互不相关，数量远超研究所需。", **done)
