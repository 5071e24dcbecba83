"""Today's page: for every row a case that is in it and one that is not, who sees what, and what the page costs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework import annual, sweeps
from casework.access import Verb
from casework.actions import (
    approve,
    assist,
    clock,
    consult,
    deliver,
    dispute,
    excess,
    extension,
    fee,
    intake,
    mailroom,
    report,
    send,
)
from casework.desk import queue
from casework.desk.today import ELSEWHERE, GROUPS, ROWS, Group, look
from casework.desk.today import page as todays
from casework.law.calendar import published
from casework.law.clock import Channel, Party, Receipt
from casework.law.outcomes import Outcome
from casework.models import AnnualReport, Arrival, Assistance, Case, DispatchMode, Dispute, Kind, Role, Staff
from notifications import outbox
from notifications.models import Message
from tests.cast import (
    FEE,
    PAID,
    Cast,
    application,
    cleared,
    closed,
    moment,
    person,
    proposed,
    registered,
    reviewed,
    signed,
)
from tests.notifications.builders import a_mail

#: A Wednesday; 9 November is the day of receipt whose seventh working day it is.
TODAY = date(2026, 11, 18)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november_18")]


def ago(working_days: int, *, on: date = TODAY) -> date:
    return published().subtract_workdays(on, working_days) if working_days else on


@dataclass
class Office:
    """The cast, and how a case comes about in each row."""

    players: Cast

    def case(self, working_days_ago: int) -> Case:
        return registered(self.players, on=ago(working_days_ago)).case

    def asked(self, case: Case, *, on: date, days: int = 15) -> Case:
        clock.request_supplement(case, unclear="请说明年度。", days=days, on=on, by=self.players.wang, at=moment(on))
        return case

    def answered(self, case: Case) -> Case:
        clock.receive_supplement(case, answer="2025年。", on=TODAY, by=None, at=moment(TODAY))
        return case

    def consulted(self, case: Case, *, on: date) -> Case:
        consult.consult(
            case,
            party=Party.THIRD_PARTY,
            name="新业公司",
            sent_on=on,
            by=self.players.wang,
            at=moment(on),
            delivered_on=on,
        )
        return case

    def opinion(self, case: Case) -> Case:
        asked = case.consultations.get()
        asked.case = case
        consult.record_opinion(
            asked, answered_on=TODAY, consents=None, opinion="", by=self.players.wang, at=moment(TODAY)
        )
        return case

    def charged(self, case: Case, *, paid: bool = False, on: date = TODAY) -> Case:
        fee.notify_fee(case, **FEE, on=on, delivered_on=on, by=self.players.wang, at=moment(on))
        if paid:
            fee.record_payment(case, on=TODAY, **PAID, by=self.players.wang, at=moment(TODAY))
        return case

    def extension_asked(self, case: Case) -> Case:
        extension.ask_extension(case, working_days=5, reason="检索。", by=self.players.wang, at=moment(TODAY))
        return case

    def consented(self, case: Case, *, online: bool = False) -> Case:
        mode = DispatchMode.ONLINE if online else DispatchMode.POST
        given: dict[str, Any] = {"working_days": 5, "reason": "检索。", "mode": mode}
        send.carry_out(case, Verb.EXTEND, by=self.players.li, at=moment(TODAY), **given)
        return case

    def explained(self, case: Case, *, answered: bool) -> Case:
        excess.ask_reasons(case, why="一月四十件。", on=TODAY, by=self.players.wang, at=moment(TODAY))
        if answered:
            excess.record_reasons(case, answer="课题需要。", on=TODAY, by=self.players.wang, at=moment(TODAY))
        return case

    def notice(self, case: Case, mode: DispatchMode) -> Case:
        send.carry_out(
            case, Verb.REQUEST_SUPPLEMENT, unclear="请说明。", mode=mode, by=self.players.wang, at=moment(TODAY)
        )
        return case

    def posted(self, case: Case, *, on: date) -> Case:
        signed(self.players, case, Outcome.GRANTED, on=on)
        deliver.dispatch(
            case, mode=DispatchMode.POST, on=on, postal_number="XA123", by=self.players.wang, at=moment(on, 16)
        )
        return case

    def came_back(self, case: Case) -> Case:
        case.deliveries.update(returned_on=TODAY, return_reason="查无此人")
        return case

    def helped(self, case: Case, *, due_on: date, answered: bool = False) -> Case:
        assist.request_assistance(
            case, name="财务科", question="请提供清单。", due_on=due_on, by=self.players.wang, at=moment(ago(2))
        )
        if answered:
            asked = case.assistances.get()
            asked.case = case
            assist.answer_assistance(asked, answer="见附件。", by=self.players.wang, at=moment(TODAY))
        return case

    def proposed(self, case: Case) -> Case:
        proposed(self.players, case, Outcome.GRANTED, on=TODAY)
        return case

    def reviewed(self, case: Case) -> Case:
        reviewed(self.players, self.proposed(case), on=TODAY)
        return case

    def cleared(self, case: Case) -> Case:
        cleared(self.players, self.proposed(case), on=TODAY)
        return case

    def returned(self, case: Case) -> Case:
        approve.send_back(self.proposed(case), remark="请写明依据。", by=self.players.sun, at=moment(TODAY, 15))
        return case

    def signed(self, case: Case) -> Case:
        signed(self.players, case, Outcome.GRANTED, on=TODAY)
        return case

    def closed(self, case: Case) -> Case:
        closed(self.players, case, Outcome.GRANTED, on=TODAY)
        return case

    def nobodys(self, working_days_ago: int, channel: Channel = Channel.IN_PERSON, *, confirmed: bool = False) -> Case:
        """Registered by the head, and so without a clerk."""
        on = ago(working_days_ago)
        receipt = Receipt(channel, on, on if confirmed else None)
        return intake.register(self.players.dongshan, application(), receipt, by=self.players.li, at=moment(TODAY)).case


@dataclass(frozen=True)
class Pair:
    """A case that is in the row, and one like it that is not."""

    inside: Callable[[Office], Case]
    outside: Callable[[Office], Case]


PAIRS = {
    "late": Pair(lambda o: o.case(21), lambda o: o.closed(o.case(21))),
    "due": Pair(lambda o: o.case(20), lambda o: o.case(19)),
    "signed": Pair(lambda o: o.signed(o.case(5)), lambda o: o.signed(o.case(20))),  # which is under “due”
    "notice_today": Pair(lambda o: o.case(7), lambda o: o.consulted(o.case(7), on=TODAY)),
    "notice_next": Pair(lambda o: o.case(6), lambda o: o.case(5)),
    "extension_untold": Pair(lambda o: o.consented(o.case(20)), lambda o: o.consented(o.case(19))),
    "extension_asked": Pair(
        lambda o: o.extension_asked(o.case(3)), lambda o: o.consented(o.extension_asked(o.case(3)), online=True)
    ),
    "unsent": Pair(
        lambda o: o.notice(o.case(3), DispatchMode.POST), lambda o: o.notice(o.case(3), DispatchMode.ONLINE)
    ),
    "supplement": Pair(
        lambda o: o.answered(o.asked(o.case(3), on=ago(2))),
        lambda o: o.consulted(o.answered(o.asked(o.case(3), on=ago(2))), on=TODAY),
    ),
    "opinion": Pair(
        lambda o: o.opinion(o.consulted(o.case(3), on=ago(2))),
        lambda o: o.proposed(o.opinion(o.consulted(o.case(3), on=ago(2)))),
    ),
    "payment": Pair(lambda o: o.charged(o.case(3), paid=True), lambda o: o.charged(o.case(3))),
    "reasons": Pair(lambda o: o.explained(o.case(3), answered=True), lambda o: o.explained(o.case(3), answered=False)),
    "sent_back": Pair(lambda o: o.returned(o.case(3)), lambda o: o.proposed(o.returned(o.case(3)))),
    "returned": Pair(
        lambda o: o.came_back(o.posted(o.case(13), on=ago(5))),
        lambda o: o.posted(o.case(13), on=ago(5)),
    ),
    "to_review": Pair(lambda o: o.proposed(o.case(3)), lambda o: o.reviewed(o.case(3))),
    "to_clear": Pair(lambda o: o.reviewed(o.case(3)), lambda o: o.cleared(o.case(3))),
    "to_sign": Pair(lambda o: o.cleared(o.case(3)), lambda o: o.signed(o.case(3))),
    "lapsed": Pair(
        lambda o: o.asked(o.case(5), on=ago(4), days=3),
        lambda o: o.asked(o.case(5), on=ago(4), days=4),
    ),
    "unassigned": Pair(lambda o: o.nobodys(1), lambda o: o.case(1)),
    "untaken": Pair(lambda o: o.nobodys(2), lambda o: o.nobodys(1)),
    "unconfirmed": Pair(
        lambda o: o.nobodys(1, Channel.ORDINARY_MAIL),
        lambda o: o.nobodys(1, Channel.ORDINARY_MAIL, confirmed=True),
    ),
    "assisted": Pair(
        lambda o: o.helped(o.case(3), due_on=TODAY, answered=True),
        lambda o: o.proposed(o.helped(o.case(3), due_on=TODAY, answered=True)),
    ),
    "unassisted": Pair(
        lambda o: o.helped(o.case(3), due_on=ago(1)),
        lambda o: o.helped(o.case(3), due_on=TODAY),
    ),
    "undelivered": Pair(
        lambda o: o.posted(o.case(13), on=ago(10)),
        lambda o: o.posted(o.case(13), on=ago(9)),
    ),
    "silent": Pair(lambda o: o.consulted(o.case(18), on=ago(16)), lambda o: o.consulted(o.case(18), on=ago(15))),
}


@pytest.fixture
def office(players: Cast) -> Office:
    return Office(players)


def keys(person: Staff, *, on: date = TODAY) -> dict[str, list[int]]:
    """The cases under each row of somebody's page."""
    return {
        block.row.key: [case.pk for case, _urgency in block.lines]
        for section in look(person, on=on)
        for block in section.blocks
    }


def test_the_table_of_tests_is_whole() -> None:
    assert set(PAIRS) == set(ROWS)
    assert {row.group for row in ROWS.values()} == set(Group) == set(GROUPS)


@pytest.mark.parametrize("key", ROWS)
def test_a_case_is_in_its_row_and_the_other_is_not(office: Office, key: str) -> None:
    inside, outside = PAIRS[key].inside(office), PAIRS[key].outside(office)
    players = office.players
    found = keys({"to_review": players.sun, "to_clear": players.qian}.get(key, players.li))
    assert inside.pk in found[key]
    assert outside.pk not in found[key]


@pytest.mark.parametrize("key", [key for key, row in ROWS.items() if Role.CLERK.value in row.roles])
def test_a_clerk_sees_their_own_and_nobodys_and_not_another_clerks(office: Office, key: str) -> None:
    players = office.players
    mine = PAIRS[key].inside(office)
    chens = PAIRS[key].inside(Office(replace(players, wang=players.chen)))
    found = keys(players.wang)[key]
    assert mine.pk in found
    assert (chens.pk in found) == (chens.clerk_id is None)
    assert chens.pk in keys(players.chen)[key]


def test_another_office_and_whoever_has_no_part_in_it_see_nothing(office: Office) -> None:
    for pair in PAIRS.values():
        pair.inside(office)
    players = office.players
    assert keys(players.zhao) == {}
    assert keys(players.zhou) == {}
    assert keys(person("below", "下级", players.civil, Role.CLERK, Role.HEAD)) == {}
    assert keys(Staff.objects.create(username="nobody")) == {}


def test_nobody_is_asked_to_sign_what_they_drafted(office: Office) -> None:
    both = person("both", "两职", office.players.dongshan, Role.CLERK, Role.HEAD)
    Office(replace(office.players, wang=both)).cleared(office.case(3))
    assert "to_sign" not in keys(both)
    assert "to_sign" in keys(office.players.li)
    assert "to_sign" not in keys(office.players.wang)


def asked(office: Office) -> None:
    """The Civil Affairs Bureau is asked for help."""
    case, wang = office.case(3), office.players.wang
    assist.request_assistance(
        case, agency=office.players.civil, question="请提供清单。", due_on=TODAY, by=wang, at=moment(TODAY)
    )


def helped(office: Office) -> None:
    one = Assistance.objects.get()
    assist.answer_assistance(one, answer="见附件。", by=office.players.wang, at=moment(TODAY))


def logged(office: Office, *, on: date) -> None:
    """A letter arrives at the Civil Affairs Bureau."""
    clerk = Staff.objects.get(username="min")
    mailroom.log_arrival(
        office.players.civil,
        arrived_on=on,
        channel=Channel.ORDINARY_MAIL,
        received_by="传达室",
        by=clerk,
        at=moment(on),
    )


def put_away(office: Office) -> None:
    clerk = Staff.objects.get(username="min")
    mailroom.close_arrival(Arrival.objects.get(), reason="信访件", by=clerk, at=moment(TODAY))


def bounced(office: Office) -> None:
    """A mail in the name of the Civil Affairs Bureau is given up."""
    with transaction.atomic():
        outbox.post_many([a_mail(owner_ref=f"agency:{office.players.civil.pk}")], at=moment(TODAY))
    Message.objects.update(
        status=Message.Status.FAILED, next_attempt_at=None, last_error="BadAddress", failed_at=moment(TODAY)
    )


def sent_after_all(office: Office) -> None:
    outbox.send_again(Message.objects.values_list("pk", flat=True), at=moment(TODAY))


#: How each line about something else comes about, and how it is done with.
def report_begun(office: Office) -> None:
    """The department's head writes the report on last year, which was due in January."""
    min_ = Staff.objects.get(username="min")
    report.begin(office.players.civil, TODAY.year - 1, by=min_, at=moment(TODAY))


def report_published(office: Office) -> None:
    done: dict[str, Any] = {"by": Staff.objects.get(username="min"), "at": moment(TODAY)}
    work = AnnualReport.objects.get(agency=office.players.civil)
    found: dict[str, Any] = {"found": lambda _work: [], "digest": annual.content_digest}
    report.check(work, **found, version=work.version, **done)
    report.sign(work, make=annual.frozen, version=work.version, **done)
    report.publish(work, version=work.version, **done)


def sued(office: Office) -> None:
    civil, by = office.players.civil, Staff.objects.get(username="min")
    dispute.record_dispute(
        civil, kind="direct_suit", on=ago(3), organ="法院", complainant="张三", about="旧事", by=by, at=moment(ago(3))
    )


def defended(office: Office) -> None:
    by = Staff.objects.get(username="min")
    dispute.record_stage(Dispute.objects.get(), stage="answered", on=TODAY, by=by, at=moment(TODAY))


THINGS: dict[str, tuple[Callable[[Office], None], Callable[[Office], None]]] = {
    "asked": (asked, helped),
    "answers": (sued, defended),
    "mail": (lambda o: logged(o, on=ago(1)), put_away),
    "undelivered": (bounced, sent_after_all),
    "reports": (report_begun, report_published),
}


def test_the_table_of_things_is_whole() -> None:
    assert set(THINGS) == set(ELSEWHERE)


@pytest.mark.parametrize("key", ELSEWHERE)
def test_what_is_no_case_leads_to_its_own_page_until_it_is_done(
    office: Office, at_desk: Callable[[Staff], Client], key: str
) -> None:
    clerk = person("min", "闵政", office.players.civil, Role.CLERK, Role.HEAD)
    begin, end = THINGS[key]

    def pointers(person: Staff) -> list[tuple[str, str, int]]:
        return [
            (section.key, pointer.row.key, pointer.count)
            for section in look(person, on=TODAY)
            for pointer in section.pointers
        ]

    assert pointers(clerk) == []
    begin(office)
    row = ELSEWHERE[key]
    assert pointers(clerk) == [(row.group.value, key, 1)]
    assert pointers(office.players.zhao) == pointers(office.players.li) == []
    page = at_desk(clerk).get("/desk/today/").content.decode()
    assert f'<a href="{reverse(row.address)}{row.asked}">{row.words}</a>' in page
    assert str(GROUPS[row.group].empty) not in page
    end(office)
    assert pointers(clerk) == []


def test_neither_a_reminder_nor_a_look_at_the_identity_takes_a_supplement_up(office: Office) -> None:
    case = PAIRS["supplement"].inside(office)
    due = case.due_on
    assert due is not None
    sweeps.remind(at=moment(due))
    assert case.events.filter(kind=Kind.REMINDED).exists()
    intake.read_identity(Case.objects.get(pk=case.pk), by=office.players.wang, at=moment(due, 11))
    assert keys(office.players.wang, on=due)["supplement"] == [case.pk]


def test_on_a_day_off_no_notice_is_due_but_the_next_working_day_warns(office: Office) -> None:
    case = office.case(8)  # whose seventh working day was yesterday
    monday = office.case(4)
    saturday = date(2026, 11, 21)
    assert published().add_workdays(monday.received_on, 7) == date(2026, 11, 23)
    found = keys(office.players.li, on=saturday)
    assert "notice_today" not in found
    assert found["notice_next"] == [monday.pk]
    assert case.pk not in keys(office.players.li).get("notice_today", [])


def test_each_office_counts_by_its_own_working_days(office: Office) -> None:
    """A head of two offices; the seventh working day is reckoned in the calendar of each."""
    players = office.players
    both = person("both", "双职", players.dongshan, Role.HEAD)
    both.appointments.create(agency=players.civil, role=Role.HEAD)
    clerk = person("min", "民政", players.civil, Role.CLERK)
    here = office.case(7)
    there = Office(replace(players, wang=clerk, dongshan=players.civil)).case(7)
    assert set(keys(both)["notice_today"]) == {here.pk, there.pk}


# The page ------------------------------------------------------------------------------------------------------------


def page_of(client: Client) -> str:
    return client.get("/desk/today/").content.decode()


def test_the_day_begins_here_for_clerk_and_head_and_in_the_queue_for_the_others(
    office: Office, at_desk: Callable[[Staff], Client]
) -> None:
    players = office.players
    for each in (players.wang, players.li):
        each.set_password("correct horse battery")
        each.save()
        answer = Client().post("/desk/login/", {"username": each.username, "password": "correct horse battery"})
        assert answer.headers["Location"] == "/desk/today/"
        assert at_desk(each).get("/desk/today/").status_code == 200
    assert at_desk(players.zhou).get("/desk/today/").headers["Location"] == "/desk/"
    assert "/desk/today/" not in at_desk(players.zhou).get("/desk/inbox/").content.decode().split("<nav")[1]


def test_when_there_is_nothing_the_page_says_so_and_nothing_else(wang: Client) -> None:
    page = page_of(wang)
    assert "今天没有必须送出、必须告知的，也没有落下的" in page
    assert "<h2" not in page


def test_a_question_without_a_case_is_quiet(office: Office, wang: Client) -> None:
    office.case(20)
    page = page_of(wang)
    assert "今天到期" in page
    assert "没有落下的事。" in page
    assert "今天没有必须送出的答复。" not in page


def test_the_head_reads_whose_case_it_is(office: Office, li: Client) -> None:
    office.case(20)
    Office(replace(office.players, wang=office.players.chen)).case(20)
    page = page_of(li)
    assert "王敏" in page
    assert "陈晨" in page


def test_five_are_shown_the_most_urgent_first_and_the_rest_is_one_click_away(office: Office, wang: Client) -> None:
    cases = [office.case(21 + n) for n in range(7)]
    assert keys(office.players.wang)["late"] == [case.pk for case in reversed(cases[2:])]
    page = page_of(wang)
    assert '<span class="tally alarming">7</span>' in page
    assert 'href="/desk/today/late/"' in page
    row = wang.get("/desk/today/late/").content.decode()
    assert all(f"/desk/cases/{case.pk}/" in row for case in cases)


def test_a_long_row_has_pages(office: Office, wang: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 2)
    cases = [office.case(21 + n) for n in range(3)]
    first = wang.get("/desk/today/late/").content.decode()
    (after,) = re.findall(r'href="(\?after=[^"]+)" rel="next"', first)
    second = wang.get("/desk/today/late/" + after).content.decode()
    assert f"/desk/cases/{cases[0].pk}/" in second
    assert f"/desk/cases/{cases[0].pk}/" not in first


def test_a_row_that_is_empty_by_now_and_one_that_never_was(office: Office, wang: Client) -> None:
    assert "这里现在没有办件" in wang.get("/desk/today/late/").content.decode()
    assert wang.get("/desk/today/yesterday/").status_code == 404
    assert wang.get("/desk/today/to_sign/").status_code == 404  # which is the head's


def test_counting_stops(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(todays, "COUNTED", 3)
    for _n in range(5):
        office.case(20)
    (block,) = [block for section in look(office.players.li, on=TODAY) for block in section.blocks]
    assert (block.count, block.at_least, block.more) == (3, True, False)


def test_the_page_costs_the_same_however_many_cases_there_are(office: Office, li: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert li.get("/desk/today/").status_code == 200
        return len(captured)

    for pair in PAIRS.values():
        pair.inside(office)
    few = queries()
    for pair in PAIRS.values():
        for _n in range(7):
            pair.inside(office)
    assert queries() == few <= 23  # one of them puts on record that the list was read


# The last day, on the page of the case --------------------------------------------------------------------------------


def test_the_case_says_what_today_is_the_last_day_for(office: Office, wang: Client) -> None:
    def said(case: Case) -> str:
        page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
        found = re.search(r"今天是最后一天：(.*?)</p>", page, re.DOTALL)
        return re.sub(r"<[^>]*>|\s", "", found[1]) if found else ""

    assert said(office.case(7)) == "告知补正条例30"
    assert said(office.case(20)) == "告知延长期限条例33(2)；通知缴费国办函〔2020〕109号；送出答复条例33(2)"
    assert said(office.signed(office.case(20))) == "送出答复条例33(2)"
    assert said(office.asked(office.case(7), on=TODAY)) == ""
    assert said(office.case(3)) == ""
    assert said(office.closed(office.case(20))) == ""
