"""Published replies of the demo: some that everybody reads, one withdrawn, and two that are on their way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from typing import Final

from casework.actions import publish, redact
from casework.law.calendar import day_of
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.topics import Topic
from casework.models import Audience, Case, PublishedReply, PublishedVersion, Release, Staff

from .office import Team
from .plans import moment

_SUMMARY: Final = "申请公开的信息已经提供，主要内容如下：按本机关现有的记录提供，没有另行汇总、加工。"


class _Stands(Enum):
    """How far a publication has come."""

    PROPOSED = auto()
    CLEARED = auto()
    PUBLIC = auto()
    WITHDRAWN = auto()


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is to be published: of which request, under which title, and how far it has come by today."""

    subject: str
    title: str
    topic: Topic
    stands: _Stands = _Stands.PUBLIC


_REPLIES: Final = (
    _Shown("老旧小区改造项目清单", "老旧小区改造项目清单", Topic.CITY),
    _Shown("棚户区改造征收决定", "棚户区改造项目征收决定和补偿方案", Topic.LAND, _Stands.WITHDRAWN),
    _Shown("重大行政决策目录", "年度重大行政决策事项目录", Topic.GENERAL, _Stands.CLEARED),
    _Shown("集中供热管网改造", "集中供热老旧管网改造资金来源", Topic.CITY, _Stands.PROPOSED),
    _Shown("食用农产品抽检结果", "食用农产品质量安全监督抽检结果", Topic.FARMING),
    _Shown("养老机构运营补贴", "养老机构运营补贴发放标准", Topic.WELFARE),
    _Shown("民办幼儿园年检结果", "民办幼儿园年检结果", Topic.EDUCATION),
    _Shown("物业服务企业信用评价", "物业服务企业信用评价结果", Topic.MARKET),
    _Shown("“三公”经费决算", "“三公”经费决算明细", Topic.FINANCE),
)


def publish_replies(teams: dict[str, Team], *, at: datetime) -> None:
    """Old replies that disclosed something, each by three people as any other."""
    on = day_of(at)
    for shown in _REPLIES:
        for team, case in _old(teams, shown.subject, on=on):
            if publish.why_not_publishable(case) is None and _published(team, case, shown, on=on):
                break


def _old(teams: dict[str, Team], subject: str, *, on: date) -> Iterator[tuple[Team, Case]]:
    """Replies to such requests that are old enough, of the district's office first, those with records first."""
    for team in sorted(teams.values(), key=lambda team: team is not teams["office"]):
        if len({team.clerks[0], team.secrecy, team.head}) < 3:
            continue
        found = Case.objects.filter(
            agency=team.agency,
            subject=subject,
            outcome__in=(Outcome.GRANTED.value, Outcome.PARTIAL.value),
            closed_on__lt=on - timedelta(days=team.agency.publish_after_days + 10),
        )
        ordered = found.select_related("agency", "applicant", "clerk").order_by("-closed_on", "-pk")
        yield from ((team, case) for case in sorted(ordered, key=lambda case: not publish.publishable(case)))


def _published(team: Team, case: Case, shown: _Shown, *, on: date) -> bool:
    """Whether the words said nothing of the applicant."""
    clerk = team.clerks[0]
    day = publish.earliest(case, on=(case.closed_on or on) + timedelta(days=1))
    begun = moment((case.closed_on or on) + timedelta(days=1), 10)
    files = _for_everybody(case, by=clerk, at=begun)
    words = {"title": shown.title, "summary": _SUMMARY}
    try:
        publish.propose_publication(case, **words, topic=shown.topic, releases=files, by=clerk, at=begun)
    except Refused:
        return False  # a name of the demo may be a word of the title
    version = PublishedVersion.objects.get(reply__case=case)
    if shown.stands is not _Stands.PROPOSED:
        publish.clear_publication(version, by=team.secrecy, at=begun + timedelta(hours=2))
    if shown.stands in (_Stands.PUBLIC, _Stands.WITHDRAWN):
        publish.decide_publication(version, public_from=day, by=team.head, at=begun + timedelta(hours=4))
    if shown.stands is _Stands.WITHDRAWN:
        reply = PublishedReply.objects.get(case=case)
        gone = moment(max(day, on - timedelta(days=3)), 9)
        publish.revoke_publication(reply, reason="征收范围已经调整，原方案不再适用。", by=team.head, at=gone)
    return True


def _for_everybody(case: Case, *, by: Staff, at: datetime) -> list[Release]:
    """The files of the reply as everybody may have them."""
    made = []
    for each in publish.publishable(case):
        release = redact.ask_release(each.record, Audience.PUBLIC, by=by, at=at)
        redact.make_file(release.pk, at=at)
        release.refresh_from_db()
        made.append(release)
    return made
