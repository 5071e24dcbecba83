"""Published replies of the demo: some that everybody reads, one withdrawn, and two that are on their way."""

from datetime import date, datetime, timedelta
from typing import Final

from casework.actions import publish
from casework.law.calendar import day_of
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.topics import Topic
from casework.models import Case, PublishedReply, PublishedVersion, Staff

from .office import Team
from .plans import moment

_SUMMARY: Final = "申请公开的信息已经提供，主要内容如下：按本机关现有的记录提供，没有另行汇总、加工。"
#: Title and subject of each, in the order in which they are published.
_REPLIES: Final = (
    ("近三年老旧小区改造项目清单", Topic.CITY),
    ("城乡低保资金年度支出情况", Topic.WELFARE),
    ("公共停车场收费标准", Topic.MARKET),
    ("义务教育学区划分", Topic.EDUCATION),
    ("农村公路养护计划", Topic.INDUSTRY),
    ("食品抽检结果", Topic.MARKET),
)
_MOST_TRIED: Final = 40


def publish_replies(teams: dict[str, Team], *, at: datetime) -> None:
    """Old replies that disclosed something, each by three people as any other; of the district's office first."""
    on, waiting = day_of(at), list(_REPLIES)
    for team in sorted(teams.values(), key=lambda team: team is not teams["office"]):
        if len({team.clerks[0], *_others(team)}) == 3:
            waiting = _publish_of(team, waiting, on=on)


def _publish_of(team: Team, waiting: list[tuple[str, Topic]], *, on: date) -> list[tuple[str, Topic]]:
    """Those that found no reply in this office."""
    old = Case.objects.filter(
        agency=team.agency,
        outcome__in=(Outcome.GRANTED.value, Outcome.PARTIAL.value),
        closed_on__lt=on - timedelta(days=team.agency.publish_after_days + 10),
    )
    for case in old.select_related("agency", "applicant", "clerk").order_by("-closed_on", "-pk")[:_MOST_TRIED]:
        if not waiting:
            break
        if publish.why_not_publishable(case) is None and _published(team, case, *waiting[0], last=len(waiting), on=on):
            waiting = waiting[1:]
    return waiting


def _published(team: Team, case: Case, title: str, topic: Topic, *, last: int, on: date) -> bool:
    """Whether the words said nothing of the applicant. The third last is withdrawn; two wait, one at each step."""
    clerk, secrecy, head = team.clerks[0], *_others(team)
    day = publish.earliest(case, on=(case.closed_on or on) + timedelta(days=1))
    begun = moment((case.closed_on or on) + timedelta(days=1), 10)
    try:
        publish.propose_publication(case, title=title, summary=_SUMMARY, topic=topic, by=clerk, at=begun)
    except Refused:
        return False  # a name of the demo may be a word of the title
    version = PublishedVersion.objects.get(reply__case=case)
    if last > 1:
        publish.clear_publication(version, by=secrecy, at=begun + timedelta(hours=2))
    if last > 2:
        publish.decide_publication(version, public_from=day, by=head, at=begun + timedelta(hours=4))
    if last == 3:
        reply = PublishedReply.objects.get(case=case)
        gone = moment(max(day, on - timedelta(days=3)), 9)
        publish.revoke_publication(reply, reason="学区已经重新划分，原表不再适用。", by=head, at=gone)
    return True


def _others(team: Team) -> tuple[Staff, Staff]:
    """Who looks for secrets, and the head."""
    return team.secrecy, team.head
