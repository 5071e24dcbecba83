"""Reconsideration and suits of the demo: one lost and decided again, two awaiting the answer, one won last year."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from casework.actions import dispute as verbs
from casework.law.calendar import day_of, published
from casework.law.outcomes import Outcome
from casework.models import Case, Dispute, DisputeKind, areas_given_with

from .office import Team
from .plans import CONTESTED, moment


def attack(teams: dict[str, Team], *, at: datetime) -> None:
    """What has come of replies since they left; as many of the three as the demo is large enough for."""
    today, team = day_of(at), teams["office"]
    _contested(team, _workday(today - timedelta(days=6)))
    lost, sued = _workday(today - timedelta(days=45)), _workday(today - timedelta(days=8))
    won = today - timedelta(days=200)
    refused = _replies(team, [code for code in Outcome if code.value.startswith("refused_")], before=lost)
    case = next(refused, None)
    if case is not None:
        dispute = _noticed(team, case, DisputeKind.RECONSIDERATION, lost, "一")
        _told(team, dispute, "answered", _workday(lost + timedelta(days=6)))
        decided = _workday(today - timedelta(days=12))
        _told(team, dispute, "decided", decided, "revoked", words="没有说明不予公开的具体依据，事实不清。")
        on = _workday(decided + timedelta(days=1))
        verbs.reopen(dispute, received_on=on, by=team.head, at=moment(on, 10))
    found = _replies(team, [Outcome.UNAVAILABLE_1], before=sued)
    case = next(found, None)
    if case is not None:
        _noticed(team, case, DisputeKind.DIRECT_SUIT, sued, "二")
    case = next((each for each in refused if each.closed_on and each.closed_on < won), None)
    if case is not None and case.closed_on is not None:
        on = _workday(case.closed_on + timedelta(days=20))
        dispute = _noticed(team, case, DisputeKind.RECONSIDERATION, on, "三")
        _told(team, dispute, "answered", _workday(on + timedelta(days=5)))
        _told(team, dispute, "decided", _workday(on + timedelta(days=50)), "upheld")


def _contested(team: Team, on: date) -> None:
    """A reconsideration about one blackened place of a reply alone."""
    case = Case.objects.select_related("agency", "applicant").get(applicant__phone=CONTESTED, agency=team.agency)
    dispute = _noticed(team, case, DisputeKind.RECONSIDERATION, on, "四")
    first = areas_given_with(dispute.decision)[0]
    verbs.record_items(dispute, items={first.pk: ""}, by=team.clerks[0], at=moment(on, 14))


def _workday(on: date) -> date:
    return published().roll_forward(on)


def _replies(team: Team, codes: list[Outcome], *, before: date) -> Iterator[Case]:
    """Replies of the office under these codes that left before a day, the latest first."""
    cases = Case.objects.filter(agency=team.agency, outcome__in=codes, closed_on__lt=before)
    return iter(cases.select_related("agency", "applicant", "clerk").order_by("-closed_on", "pk"))


def _noticed(team: Team, case: Case, kind: DisputeKind, on: date, serial: str) -> Dispute:
    review = kind is DisputeKind.RECONSIDERATION
    return verbs.record_dispute(
        team.agency,
        kind=kind.value,
        on=on,
        organ=team.agency.review_organ if review else team.agency.court,
        docket_number=f"演复〔{on.year}〕{serial}号" if review else f"（{on.year}）演行初{serial}号",
        complainant=case.applicant.names[:200],
        case=case,
        by=team.head,
        at=moment(on, 10),
    )


def _told(team: Team, dispute: Dispute, stage: str, on: date, result: str = "", words: str = "") -> None:
    at = moment(on, 11)
    verbs.record_stage(dispute, stage=stage, on=on, result=result, words=words, by=team.clerks[0], at=at)
