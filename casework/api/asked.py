"""What a request may hold: the names are those of the application's own facts, so a refusal points at its place."""

import base64
import binascii
from datetime import date
from typing import Annotated, Any, ClassVar, Final, Literal

from ninja import Path, Query, Schema
from pydantic import ConfigDict, Field

from casework.actions.application import LONGEST_CONTENT, MOST_FELLOWS, Application, Attorney, Fellow
from casework.actions.files import MOST, Upload
from casework.api.paging import MOST as MOST_ROWS
from casework.api.paging import USUAL
from casework.law.outcomes import ApplicantKind
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Form, IdentityKind, ToldBy, Way

#: Characters of a file in base64: 20 MB.
_LONGEST_FILE: Final = 28 * 2**20

Cursor = Annotated[
    str, Query("", max_length=500, description="上一页的next；第一页不写。 / `next` of the page before.")
]
Limit = Annotated[int, Query(USUAL, ge=1, le=MOST_ROWS, description="一页的行数。 / Rows a page.")]
Code = Annotated[
    str,
    Path(..., max_length=32, pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]*$", description="机关代码。 / Code of the agency."),
]
Year = Annotated[int, Path(..., ge=2008, le=2100, description="年度。 / Year.")]
Region = Annotated[bool, Query(False, description="含下级的合计。 / The sum of the agency and all below it.")]


OfYear = Annotated[int | None, Query(None, ge=2008, le=2100, description="收到年度。 / Year of receipt.")]
AsOf = Annotated[date | None, Query(None, description="截至日期。 / As things stood on that day.")]
Start = Annotated[date, Query(..., alias="from", description="起算之日。 / The day from which it runs.")]
First = Annotated[date, Query(..., alias="from", description="首日。 / First day.")]
Last = Annotated[date, Query(..., alias="until", description="末日（含）。 / Last day, included.")]
Number = Annotated[int, Path(..., ge=1, le=9999, description="版次。 / Number of the edition.")]


class Asked(Schema):
    """A member that is not known is a slip of the caller, never ignored."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=False, str_max_length=_LONGEST_FILE)


def _line(longest: int, words: str, **more: Any) -> Any:
    return Field("", max_length=longest, description=words, **more)


class AttachmentIn(Asked):
    """A file, at most 20 MB; all of a request together at most 40 MB."""

    name: str = Field(min_length=1, max_length=200, description="文件名。 / Name of the file.")
    content_base64: str = Field(
        min_length=1,
        max_length=_LONGEST_FILE,
        description="内容（base64）。 / Content in base64.",
        json_schema_extra={"contentEncoding": "base64"},
    )

    def upload(self, place: str) -> Upload:
        try:
            return Upload(self.name, base64.b64decode(self.content_base64, validate=True))
        except (binascii.Error, ValueError):
            raise Refused(_NO_BASE64, field=f"{place}/content_base64") from None


Attachments = Annotated[list[AttachmentIn], Field(max_length=MOST)]


def uploads(attachments: list[AttachmentIn], name: str) -> tuple[Upload, ...]:
    """The files; ``name`` is where they stand in the body."""
    return tuple(each.upload(f"{name}/{place}") for place, each in enumerate(attachments))


_KIND_OF_PAPER: Final = "证件类型。 / Kind of document."
_NUMBER: Final = "证件号码，校验位须正确。 / Number; its check digit is verified."


class FellowIn(Asked):
    """共同申请人。 / One who applies together with the applicant."""

    name: str = Field(min_length=1, max_length=200)
    identity_kind: IdentityKind | Literal[""] = Field("", description=_KIND_OF_PAPER)
    identity_number: str = _line(60, _NUMBER)
    contact: str = _line(300, "联系方式。 / Contact.")


class AgentIn(Asked):
    """代理人。 / Whoever acts for the applicant."""

    name: str = Field(min_length=1, max_length=200)
    identity_kind: IdentityKind | Literal[""] = Field("", description=_KIND_OF_PAPER)
    identity_number: str = _line(60, _NUMBER)
    phone: str = _line(40, "电话。 / Telephone.")
    scope: str = _line(300, "代理权限。 / How far the power reaches.")
    until: date | None = Field(None, description="代理期限。 / Until when.")


class ApplicationIn(Asked):
    """一件申请（条例 29(2)）。 / One application."""

    applicant_kind: ApplicantKind = Field(
        description="申请人类型（表三的列）。 / Kind of applicant, a column of table 3."
    )
    name: str = Field(min_length=1, max_length=200, description="姓名或者名称。 / Name.")
    identity_kind: IdentityKind = Field(description=_KIND_OF_PAPER)
    identity_number: str = Field(min_length=1, max_length=60, description=_NUMBER)
    contact_person: str = _line(80, "联系人（单位必填）。 / Person to contact; organisations must give one.")
    phone: str = _line(40, "电话；电话、电子邮箱、通信地址至少填一项。 / Telephone; one way to reach them is needed.")
    email: str = _line(254, "电子邮箱。 / E-mail.")
    address: str = _line(300, "通信地址。 / Postal address.")
    subject: str = _line(300, "信息的名称或者文号。 / Name or document number of the information.")
    content: str = Field(
        min_length=1, max_length=LONGEST_CONTENT, description="申请内容；不须说明用途。 / What is wanted; never why."
    )
    wanted_form: Form = Field(description="信息的形式。 / The form in which it is wanted.")
    wanted_way: Way = Field(description="收到答复的方式。 / By what way the reply is wanted.")
    told_by: ToldBy = Field(ToldBy.EMAIL, description="办理过程的通知方式。 / How to be told meanwhile.")
    language: Literal["zh-hans", "en"] = Field("zh-hans", description="通知的语言。 / Language of the notices.")
    fellows: list[FellowIn] = Field([], max_length=MOST_FELLOWS)
    agent: AgentIn | None = None
    attachments: Attachments = []
    authority: Attachments = Field([], description="授权委托书。 / Power of attorney.")

    def application(self) -> Application:
        given = self.model_dump(exclude={"fellows", "agent", "attachments", "authority", "applicant_kind"}, mode="json")
        return Application(
            **given,
            applicant_kind=self.applicant_kind,
            fellows=tuple(Fellow(**each.model_dump(mode="json")) for each in self.fellows),
            agent=Attorney(**self.agent.model_dump(mode="json", exclude={"until"}), until=self.agent.until)
            if self.agent
            else None,
            uploads=uploads(self.attachments, "attachments"),
            authority=uploads(self.authority, "authority"),
        )


class SupplementIn(Asked):
    """补正。 / The answer to the one request to make an application clear (条例 30)."""

    answer: str = Field(min_length=1, max_length=LONGEST_CONTENT)
    attachments: Attachments = []


class WithdrawalIn(Asked):
    """撤回。 / Giving the application up; the case is closed and stays on record."""

    statement: str = _line(2000, "想说明的情况。 / Anything to add.")


_NO_BASE64: Final = Text("不是有效的base64。", "This is not valid base64.")
