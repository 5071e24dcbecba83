"""What another system may do with a token: scopes as a table, and the agencies and cases that each reaches.

Nobody gives a machine what they may not read themselves, so two rows name roles beside the administrator's own.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from hmac import compare_digest
from typing import Final

from django.db.models import QuerySet

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, ApiToken, Scope, Staff
from casework.models.apitoken import PREFIX, Lodgement, digest_of
from casework.models.network import inside

from .agencies import AgencyAct, check_may_for_agency
from .roles import READS_CASES, REGION_SUPERVISOR, role_words

LONGEST_TOKEN: Final = 100


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """What a scope is good for, in the words of the page where it is given.

    ``below``: with ``ApiToken.region`` it reaches the agencies below as well; where it does not, it touches people.
    ``roles``: what who gives it must hold in the agency beside being its administrator.
    """

    words: Text
    gives: Text
    below: bool
    roles: frozenset[str] = frozenset()


SCOPES: Final[dict[Scope, ScopeRow]] = {
    Scope.FILE: ScopeRow(
        Text("提交申请", "Lodge applications"),
        Text(
            "以申请人的名义提交申请、补正、撤回；提交的申请立即登记，期限从当日起算。",
            "Lodges, supplements and withdraws in the name of applicants; the period runs from that day.",
        ),
        below=False,
    ),
    Scope.FOLLOW: ScopeRow(
        Text("查询所提交的申请", "Follow applications lodged"),
        Text(
            "查询经本机关接口提交的申请的状态、期限和告知申请人的事项，不含姓名和联系方式。",
            "Reads state, period and what the applicant is told of applications lodged through this interface; no "
            "names, no addresses.",
        ),
        below=False,
    ),
    Scope.LEDGER: ScopeRow(
        Text("读取台账", "Read the ledger"),
        Text(
            "读取本机关全部申请的姓名、联系方式和申请内容，不含证件号码。",
            "Reads names, contacts and contents of all applications to the agency; no identity numbers.",
        ),
        below=False,
        roles=READS_CASES,
    ),
    Scope.MATRIX: ScopeRow(
        Text("读取统计表", "Read the annual tables"),
        Text("读取年度报告各表的现时数字。", "Reads the figures of the annual tables as they are now."),
        below=True,
    ),
    Scope.REPORT: ScopeRow(
        Text("读取年度报告", "Read annual reports"),
        Text(
            "读取已签发的年度报告各版和下级报送情况。",
            "Reads signed editions of annual reports, and which agencies below have filed.",
        ),
        below=True,
    ),
    Scope.CALENDAR: ScopeRow(
        Text("查询工作日", "Ask for working days"),
        Text("查询工作日，不涉及申请。", "Reads the working days; touches no case."),
        below=True,
    ),
    Scope.CLOCK: ScopeRow(
        Text("计算期限", "Compute periods"),
        Text("按给出的日期计算期限，不涉及申请。", "Computes periods from given dates; touches no case."),
        below=True,
    ),
}


class Wrong(Enum):
    """Why a token opens nothing."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EXPIRED = "expired"
    ELSEWHERE = "elsewhere"


def bearer(typed: str, *, address: str, at: datetime) -> ApiToken | Wrong:
    """The token that this text is, if it holds at this moment and from this address.

    Only whoever holds the secret hears that a token has expired; anybody else's guess is simply unknown.
    """
    token = token_meant(typed)
    secret = typed[:LONGEST_TOKEN].partition("_")[2].partition("_")[2]
    if not typed.isascii():
        return Wrong.UNKNOWN
    if not compare_digest(digest_of(secret), token.digest if token else "") or token is None:
        return Wrong.UNKNOWN
    if token.revoked_at is not None:
        return Wrong.REVOKED
    if not token.is_valid(at):
        return Wrong.EXPIRED
    if token.networks and not inside(address, token.networks):
        return Wrong.ELSEWHERE
    return token


def token_meant(typed: str) -> ApiToken | None:
    """The token whose mark stands in this text, whether or not its secret is right: for the record of refusals."""
    prefix, _, rest = typed[:LONGEST_TOKEN].partition("_")
    if prefix != PREFIX or not typed.isascii() or "\x00" in typed:
        return None
    return ApiToken.objects.select_related("agency").filter(mark=rest.partition("_")[0]).first()


def reached_by(token: ApiToken, scope: Scope) -> QuerySet[Agency]:
    """The agencies that a token reaches with a scope; none without it, and any other does not exist for it."""
    if scope not in token.scopes:
        return Agency.objects.none()
    if token.region and SCOPES[scope].below:
        return Agency.objects.within(token.agency)
    return Agency.objects.filter(pk=token.agency_id)


def lodged_through(token: ApiToken) -> QuerySet[Lodgement]:
    """What was lodged through the interface of the token's agency, by whichever of its tokens."""
    return Lodgement.objects.filter(agency=token.agency_id)


def check_may_give(by: Staff, agency: Agency, scopes: frozenset[Scope], *, region: bool) -> None:
    """Raise ``Refused`` for whoever would give a machine more than they have themselves."""
    check_may_for_agency(by, AgencyAct.SET_TOKENS, agency)
    for scope in sorted(scopes):
        row = SCOPES[scope]
        if row.roles and not by.holds(agency.pk, *row.roles):
            raise Refused(
                _LACKS.format(scope=row.words, roles=role_words(row.roles)), law="个人信息保护法 51", field="scopes"
            )
    if region and not by.holds(agency.pk, *REGION_SUPERVISOR):
        raise Refused(_NO_REGION.format(roles=role_words(REGION_SUPERVISOR)), field="region")


_LACKS: Final = Text(
    "“{scope}”只能由自己可以查看申请的人授予：除机关管理员外，还需要的角色：{roles}。",
    "“{scope}” is given only by somebody who may read the cases themselves: beside administrator, {roles}.",
)
_NO_REGION: Final = Text(
    "下级机关的数字只能由自己可以查看的人授予：除机关管理员外，还需要的角色：{roles}。",
    "Figures of agencies below are given only by somebody who may read them: beside administrator, {roles}.",
)
