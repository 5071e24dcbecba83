"""What the interface says; a reader may rely on every member, and must pass over members that it does not know."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from casework.law.calendar import DayKind
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.states import State
from casework.models import Channel


class Answer(Schema):
    """Built by the views, never read from a row by name: what is not written here is not told."""


class AgencyRef(Answer):
    code: str
    name: str


class Token(Answer):
    """The token that is asked with."""

    agency: AgencyRef
    name: str
    scopes: list[str]
    region: bool
    expires_at: datetime


class Receipt(Answer):
    """回执。 / The acknowledgement, verified by anybody at `/verify/{token}/`."""

    token: str
    digest: str = Field(description="SHA-256，docs/formats/application.md。")


class Lodged(Answer):
    """已登记。 / Registered; the period runs."""

    id: UUID
    number: str = Field(description="登记编号。 / Number.")
    query_code: str | None = Field(
        description="查询码，只在第一次给出，须交给申请人。 / Query code, given once, to be handed to the applicant."
    )
    received_on: date
    due_on: date | None
    provisional: bool = Field(description="放假安排尚未公布，暂定。 / Rests on holidays not published yet.")
    receipt: Receipt | None


class ApplicationRow(Answer):
    id: UUID
    number: str
    state: State
    received_on: date
    due_on: date | None
    provisional: bool
    closed_on: date | None
    outcome: Outcome | None


class Applications(Answer):
    applications: list[ApplicationRow]
    next: str | None = Field(description="下一页的游标。 / Cursor of the next page.")


class ClockStep(Answer):
    on: date
    counts: bool
    day: int | None
    why: str
    law: str


class ClockAnswer(Answer):
    """`gongkai.clock/1`."""

    due_on: date | None
    provisional: bool
    started_on: date
    working_days: int | None
    excluded: list[tuple[date, date]]
    steps: list[ClockStep]
    warnings: list[str]


class ClockError(Answer):
    error: str
    law: str | None


class Happening(Answer):
    """告知申请人的一件事。 / Something that the applicant is told."""

    on: date
    at: datetime
    kind: str
    said: str


class SupplementWanted(Answer):
    """待补正。 / What is awaited from the applicant."""

    requested_on: date
    unclear: str
    due_on: date | None


class Followed(ApplicationRow):
    """一件申请现在的情况。 / How one application stands."""

    said: str = Field(description="给申请人看的状态。 / The state in the applicant's words.")
    outcome_said: str | None
    document_number: str | None
    clock: ClockAnswer
    supplement: SupplementWanted | None
    events: list[Happening]


class LedgerRow(Answer):
    """台账的一行，与导出的相同，不含证件号码。 / A row of the ledger as exported, without identity numbers."""

    number: str
    received_on: date
    channel: Channel
    applicant_kind: ApplicantKind
    applicant_name: str
    contact: str
    content: str
    supplement_requested_on: date | None
    supplement_received_on: date | None
    extension_days: int | None
    outcome: Outcome | None
    closed_on: date | None
    document_number: str
    note: str


class Ledger(Answer):
    agency: AgencyRef
    as_of: date | None
    rows: list[LedgerRow]
    next: str | None


class Table3(Answer):
    columns: list[str]
    rows: dict[str, list[int | None]]


class AnnualReport(Answer):
    """`gongkai.annual-report/1`; its members are described in docs/formats."""

    format: Literal["gongkai.annual-report/1"]
    agency: AgencyRef
    year: int
    table2: dict[str, Any] | None = None
    table3: Table3
    table4: dict[str, Any] | None = None
    sections: dict[str, str] = {}
    checks: list[dict[str, Any]] = []


class EditionRow(Answer):
    number: int
    reason: str
    digest: str = Field(description="SHA-256，签发时计算。 / Taken when it was signed.")
    signed_at: datetime
    published_at: datetime | None
    links: dict[str, str] = Field(description="格式与地址。 / Form and address.")


class Editions(Answer):
    """一年的报告已签发的各版，新的在前。 / The signed editions of a year's report, newest first."""

    agency: AgencyRef
    year: int
    region: bool
    editions: list[EditionRow]


class UnitRow(Answer):
    """一个单位的报送情况。 / How one unit stands."""

    agency: AgencyRef
    source: Literal["filed", "received", "records", "none"] = Field(
        description="已签发、收到文件、只有办理记录、没有。 / Filed, received as a file, records alone, nothing."
    )
    edition: int | None
    digest: str | None
    published: bool
    totals: dict[str, int | None] | None = Field(
        description="表三合计列的四行。 / Rows new, carried_in, total, carried_out of the total column."
    )
    failing: list[str] = Field(description="不成立的核对关系。 / Relations that fail.")
    report: str | None = Field(description="所报版本的地址。 / Address of the edition that counts.")


class Units(Answer):
    agency: AgencyRef
    year: int
    units: list[UnitRow]
    next: str | None


class CalendarDay(Answer):
    on: date
    working: bool
    kind: DayKind
    name: str | None
    edition: str = Field(description="放假安排的文号。 / Number of the notice.")
    provisional: bool


class CalendarAnswer(Answer):
    agency: AgencyRef
    working_days: int
    days: list[CalendarDay]
