"""Given one letter that asks for several things, each becomes an application of its own (国办函〔2020〕109号 4)."""

from datetime import date
from typing import Any

import pytest

from casework import access
from casework.actions import excess, extension, intake, related
from casework.actions.application import Attorney, Fellow
from casework.actions.files import Upload
from casework.actions.related import Matter
from casework.annual import matrix_of
from casework.law.clock import Channel, Receipt
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, CaseLink, Conflict, Event, Kind
from notifications.models import Message
from tests.cast import Cast, application, closed, moment, proposed, registered

pytestmark = pytest.mark.django_db

RECEIVED, TODAY = date(2026, 11, 10), date(2026, 11, 16)
ROAD, SCHOOL, BUDGET = Matter(content="幸福路改造清单"), Matter(content="东山小学环评"), Matter(content="2025年预算")


def split(case: Case, players: Cast, *others: Matter, **changes: Any) -> Event:
    given: dict[str, Any] = {"by": players.wang, "at": moment(TODAY), "reason": "含三项请求", "kept": ROAD}
    return related.split(case, others=others or (SCHOOL, BUDGET), **given | changes)


def test_each_piece_has_the_receipt_of_the_whole_and_a_number_of_its_own(players: Cast) -> None:
    receipt = Receipt(Channel.ORDINARY_MAIL, date(2026, 11, 9), RECEIVED)
    whole = intake.register(players.dongshan, application(), receipt, by=players.wang, at=moment(RECEIVED)).case
    split(whole, players)
    cases = list(Case.objects.order_by("pk"))
    assert [case.content for case in cases] == [ROAD.content, SCHOOL.content, BUDGET.content]
    assert len({case.number for case in cases}) == 3
    for case in cases:
        assert (case.channel, case.arrived_on, case.confirmed_on) == ("ordinary_mail", date(2026, 11, 9), RECEIVED)
        assert (case.received_on, case.due_on, case.clerk) == (RECEIVED, whole.due_on, players.wang)
    for piece in cases[1:]:
        link = CaseLink.objects.get(later=piece)
        assert (link.kind, link.earlier, link.by) == ("split_from", whole, players.wang)


def test_the_one_query_code_opens_every_piece(players: Cast) -> None:
    made = registered(players, on=RECEIVED)
    event = split(made.case, players)
    for number in (made.case.number, *event.payload["numbers"]):
        found = access.follow(number, made.query_code)
        assert found is not None
        assert found.number == number


def test_the_applicant_is_told_all_the_numbers(players: Cast) -> None:
    case = registered(players, on=RECEIVED, email="zhang@example.com").case
    event = split(case, players)
    told = event.for_applicant()
    assert told is not None
    message = Message.objects.get(notice="application_split")
    for number in event.payload["numbers"]:
        assert number in told.zh
        assert number in message.context["numbers"]
    assert "同一个查询码" in told.zh


def test_each_counts_as_new_and_nothing_is_counted_twice(players: Cast) -> None:
    """law.md 6.4 (a)."""
    case = registered(players, on=RECEIVED).case
    split(case, players)
    closed(players, Case.objects.get(pk=case.pk), Outcome.GRANTED, on=TODAY)
    table = matrix_of([players.dongshan], 2026)
    assert [table.cell(row, "natural_person") for row in ("new", "granted", "carried_out")] == [3, 1, 2]
    assert all(check.holds for check in table.checks())


def test_people_and_papers_come_along(players: Cast) -> None:
    case = registered(
        players,
        on=RECEIVED,
        fellows=(Fellow(name="李四"),),
        agent=Attorney(name="吴律师"),
        uploads=(Upload("申请书.pdf", b"%PDF-1.7 a"),),
        authority=(Upload("委托书.pdf", b"%PDF-1.7 b"),),
    ).case
    split(case, players, SCHOOL)
    piece = Case.objects.latest("pk")
    assert piece.applicant.pk != case.applicant.pk
    assert piece.applicant.identity_number == case.applicant.identity_number
    assert piece.applicant.addressee == "张三、李四（委托代理人：吴律师）"
    assert {document.name for document in piece.documents.all()} == {"申请书.pdf", "委托书.pdf"}


def test_what_the_whole_had_said_stays_on_record(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    before = case.content
    assert split(case, players).payload["whole"] == before


def test_once_something_was_asked_or_proposed_it_is_too_late(players: Cast) -> None:
    asked = registered(players, on=RECEIVED).case
    excess.ask_reasons(asked, why="一月二十件", on=TODAY, by=players.wang, at=moment(TODAY))
    extended = registered(players, on=RECEIVED).case
    extension.extend(extended, working_days=5, reason="疑难", on=TODAY, by=players.li, at=moment(TODAY))
    drafted = registered(players, on=RECEIVED).case
    proposed(players, drafted, Outcome.GRANTED, on=TODAY)
    for case in (asked, extended, drafted):
        with pytest.raises(Refused, match="不能"):
            split(Case.objects.get(pk=case.pk), players)
    assert Case.objects.count() == 3


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"others": ()}, "content_1"),
        ({"others": [SCHOOL] * 21}, "content_1"),
        ({"others": [Matter(content=" ")]}, "content_1"),
        ({"kept": Matter(content="")}, "content_0"),
        ({"reason": ""}, "reason"),
    ],
)
def test_an_empty_piece_is_refused_and_nothing_is_split(players: Cast, given: dict[str, Any], field: str) -> None:
    case = registered(players, on=RECEIVED).case
    facts: dict[str, Any] = {"kept": ROAD, "others": [SCHOOL], "reason": "两项"}
    with pytest.raises(Refused) as refusal:
        related.split(case, **facts | given, by=players.wang, at=moment(TODAY))
    assert refusal.value.field == field
    stored = Case.objects.get()
    assert stored.content == application().content


def test_an_agency_that_does_not_split_keeps_one(players: Cast) -> None:
    players.dongshan.splits_applications = False
    players.dongshan.save()
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="不拆分"):
        split(case, players)


def test_two_who_split_the_same_case_split_it_once(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    mine, theirs = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
    split(mine, players)
    with pytest.raises(Conflict):
        split(theirs, players)
    assert Case.objects.count() == 3
    assert Event.objects.filter(kind=Kind.SPLIT_OFF).count() == 2
