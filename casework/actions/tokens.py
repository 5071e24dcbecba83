"""What the administrator of an agency does about its tokens: gives one and takes one back."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError

from casework.access import AgencyAct, check_may_for_agency
from casework.access.machines import check_may_give
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, ApiToken, Scope, Staff
from casework.models.network import check_networks

from .record import clean

LONGEST_NAME: Final = 80
#: A token that nobody renews ends by itself.
MOST_DAYS: Final = 730


def check(
    agency: Agency, *, name: str, scopes: Collection[str], region: bool, networks: Sequence[str], days: int, by: Staff
) -> str:
    """Refuse what cannot be given; else the name as it will be stored."""
    if not scopes or not set(scopes) <= set(Scope.values):
        raise Refused(Text("请至少选择一项权限。", "Choose at least one scope."), field="scopes")
    check_may_give(by, agency, frozenset(Scope(scope) for scope in scopes), region=region)
    if not 1 <= days <= MOST_DAYS:
        raise Refused(
            Text("有效期应在1天至{most}天之间。", "A token is good for 1 to {most} days.").format(most=MOST_DAYS),
            field="days",
        )
    try:
        check_networks(list(networks))
    except ValidationError as error:
        raise Refused(Text(str(error.message), str(error.message)), field="networks") from None
    return clean(name, "name", longest=LONGEST_NAME, lines=False)


def give(
    agency: Agency,
    *,
    name: str,
    scopes: Collection[str],
    region: bool = False,
    networks: Sequence[str] = (),
    days: int,
    by: Staff,
    at: datetime,
) -> tuple[ApiToken, str]:
    """A new token, and the whole of it in clear: the only time that it is shown."""
    name = check(agency, name=name, scopes=scopes, region=region, networks=networks, days=days, by=by)
    token = ApiToken(
        agency=agency,
        name=name,
        scopes=sorted(scopes),
        region=region,
        networks=list(networks),
        made_by=by,
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    whole = token.mint()
    token.save()
    return token, whole


def revoke(token: ApiToken, *, by: Staff, at: datetime) -> None:
    """From this moment it opens nothing; done again it changes nothing."""
    check_may_for_agency(by, AgencyAct.SET_TOKENS, token.agency)
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at, revoked_by=by)
    token.refresh_from_db()
