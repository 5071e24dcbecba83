"""Given a body outside the Regulation or one that no longer exists, it takes no application (条例 27, 54, 55)."""

from datetime import date

import pytest

from casework.actions import intake
from casework.law.clock import Channel, Receipt
from casework.law.refusals import Refused
from casework.models import Agency, Applicant, Case, Draft
from tests.cast import Cast, application, moment

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize("why", ["outside the Regulation", "merged into another"])
def test_it_is_refused_at_the_counter_and_online(players: Cast, why: str) -> None:
    agency = players.dongshan
    if why == "outside the Regulation":
        agency.applies_regulation = False
    else:
        agency.successor = players.elsewhere
    agency.save()
    with pytest.raises(Refused, match="东山区人民政府办公室不受理") as refusal:
        intake.register(agency, application(), Receipt(Channel.IN_PERSON, TODAY), by=players.wang, at=moment(TODAY))
    assert refusal.value.law == "条例 27"
    draft = Draft.open(agency=agency, at=moment(TODAY))
    with pytest.raises(Refused, match="不受理"):
        intake.submit(draft, application(), query_code="ABCD", at=moment(TODAY))
    assert not Case.objects.exists()
    assert not Applicant.objects.exists()
    assert agency not in Agency.objects.open_to_applications()


def test_a_draft_without_an_office_is_refused_with_the_field(players: Cast) -> None:
    draft = Draft.open(at=moment(TODAY))
    with pytest.raises(Refused, match="请先选择受理机关") as refusal:
        intake.submit(draft, application(), query_code="ABCD", at=moment(TODAY))
    assert refusal.value.field == "agency"


def test_nobody_registers_for_another_office(players: Cast) -> None:
    for outsider in (players.zhao, players.zhou):
        with pytest.raises(Refused, match="没有登记申请的权限"):
            intake.register(
                players.dongshan, application(), Receipt(Channel.IN_PERSON, TODAY), by=outsider, at=moment(TODAY)
            )
    assert not Case.objects.exists()
