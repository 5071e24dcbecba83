"""Given a draft, somebody else signs it, and only who has the office of it (design section 4)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from casework.access import Verb, may
from casework.actions import approve, decide, intake
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Decision, Role, Staff
from tests.cast import Cast, cleared, moment, person, proposed, registered

pytestmark = pytest.mark.django_db

RECEIVED, TODAY = date(2026, 11, 2), date(2026, 11, 3)


def test_who_drafted_cannot_sign_even_as_head(players: Cast) -> None:
    both = person("both", "兼任", players.dongshan, Role.CLERK, Role.HEAD)
    case = registered(players, on=RECEIVED).case
    decide.propose(
        case,
        outcome=Outcome.GRANTED,
        ground="provided",
        statements={"route": "附件"},
        by=both,
        at=moment(TODAY),
    )
    cleared(players, case, on=TODAY)
    assert not may(both, Verb.SIGN, case).allowed
    with pytest.raises(Refused, match="拟稿人不能签发"):
        approve.sign(case, by=both, at=moment(TODAY))
    approve.send_back(Case.objects.get(), remark="请另一人拟稿", by=both, at=moment(TODAY))  # that one may do


def test_the_database_itself_holds_the_two_apart(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(signed_by=players.wang, signed_at=moment(TODAY))


def test_only_a_head_of_this_agency_signs(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    cleared(players, case, on=TODAY)
    outsiders: list[Staff] = [players.wang, players.chen, players.zhou, players.zhao]
    for outsider in outsiders:
        with pytest.raises(Refused):
            approve.sign(Case.objects.get(), by=outsider, at=moment(TODAY))
    assert Case.objects.get().state == "in_review"
    approve.sign(Case.objects.get(), by=players.li, at=moment(TODAY))
    assert Decision.objects.get().signed_by == players.li


def test_a_returned_draft_stays_on_file_and_a_new_one_is_written(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    cleared(players, case, on=TODAY)
    approve.send_back(case, remark="请核对附件", by=players.li, at=moment(TODAY))
    proposed(players, case, Outcome.PARTIAL, on=TODAY)
    assert list(Decision.objects.order_by("id").values_list("outcome", "remark")) == [
        ("granted", "请核对附件"),
        ("partial", ""),
    ]
    current = Case.objects.get().current_decision
    assert current is not None
    assert current.outcome == "partial"
    event = case.events.get(kind="sent_back")
    assert event.for_office().zh == "李立退回重办：请核对附件"
    assert event.for_applicant() is None


def test_a_case_is_not_given_to_somebody_who_has_left(players: Cast) -> None:
    case = registered(players, on=TODAY).case
    players.chen.is_active = False
    players.chen.save()
    with pytest.raises(Refused, match="不是本机关的承办人"):
        intake.assign(case, clerk=players.chen, by=players.li, at=moment(TODAY))
    assert Case.objects.get().clerk == players.wang
