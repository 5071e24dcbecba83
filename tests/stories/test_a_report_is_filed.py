"""A report from its draft to the public and on to its second edition, and the reminders on the way (条例 49)."""

from datetime import date, timedelta

import pytest
from django.test import Client

from casework import annual, sweeps
from casework.access import ReportAct, may_report, report_acts_for
from casework.actions import report as verbs
from casework.actions.delegate import delegate, end_delegation
from casework.actions.merge import merge_agency
from casework.law.matrix import NEW, TOTAL
from casework.law.refusals import Refused
from casework.models import Agency, AnnualReport, Delegation, ReportEdition, Role, Staff
from notifications.models import Message
from tests.cast import Cast, moment, person, registered
from tests.filing import JANUARY, NOTE, YEAR, Office, begun, checked, making, office, published, signed, year_of_cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(players: Cast) -> Office:
    year_of_cases(players, closing=True)
    return office(players)


def reminded(on: date, *, region: bool = False) -> dict[str, set[str]]:
    """Who hears what of Dongshan's report on that day."""
    before = set(Message.objects.values_list("pk", flat=True))
    sweeps.remind_reports(at=moment(on, 8))
    fresh = Message.objects.exclude(pk__in=before).filter(channel="inbox").select_related("recipient")
    found: dict[str, set[str]] = {}
    for message in fresh:
        if message.context["agency"] == "东山区人民政府办公室" and message.context["region"] is region:
            found.setdefault(message.notice, set()).add(str(message.recipient and message.recipient.username))
    return found


def test_from_the_draft_to_a_corrected_edition(staff: Office, client: Client) -> None:
    """The office's own report is due on 31 January, a Saturday in 2026: the plan is Friday the 30th."""
    dongshan = staff.players.dongshan

    # Given: nobody has begun, and the first milestone comes.
    assert reminded(date(2026, 1, 5)) == {}
    assert reminded(date(2026, 1, 9)) == {"report_due": {"lu", "li"}}
    report = begun(staff)
    assert (report.state, report.editions.count()) == ("draft", 0)

    # When the editor checks it, it waits for another's signature; not before the days of grace are over.
    checked(staff, report, at=moment(date(2026, 1, 7)))
    with pytest.raises(Refused, match="自2026年1月9日起才能签发"):
        signed(staff, report, at=moment(date(2026, 1, 8)))
    with pytest.raises(Refused, match="需要的角色：公开工作机构负责人"):
        verbs.sign(report, make=annual.frozen, version=report.version, by=staff.lu, at=moment(JANUARY))
    first = signed(staff, report)
    assert (report.state, first.number, first.reason) == ("signed", 1, "")
    assert client.get(f"/reports/230406/{YEAR}/").status_code == 404

    # Signed is not published, so the reminders go on until it is.
    assert reminded(date(2026, 1, 30)) == {"report_due": {"lu", "li"}}
    published(staff, report, at=moment(date(2026, 1, 30), 16))
    assert reminded(date(2026, 2, 2)) == {}
    assert "第1版" in client.get(f"/reports/230406/{YEAR}/").content.decode()

    # A case turns up that was registered late: the published edition stays, and only a new one can say otherwise.
    registered(staff.players, on=date(2025, 12, 1))
    assert first.content == ReportEdition.objects.get().content
    assert annual.matrix_of([dongshan], YEAR).figure(NEW, TOTAL) == first.content["table3"]["rows"][NEW][-1] + 1
    with pytest.raises(Refused, match="不能只有空格"):
        verbs.reopen(report, reason=" ", version=report.version, by=staff.li, at=moment(date(2026, 2, 9)))
    later = moment(date(2026, 2, 9))
    verbs.reopen(report, reason="漏登一件，更正表三。", version=report.version, by=staff.li, at=later)
    second = signed(staff, checked(staff, report, at=later), at=later)
    assert (second.number, second.reason) == (2, "漏登一件，更正表三。")
    page = client.get(f"/reports/230406/{YEAR}/").content.decode()
    assert "第1版" in page
    assert "漏登一件" not in page  # the second isn't published yet
    published(staff, report, at=later)
    page = client.get(f"/reports/230406/{YEAR}/").content.decode()
    assert "漏登一件，更正表三。" in page

    # Then both editions are whole, and this year is held against the newest.
    assert [annual.faults_of(each) for each in ReportEdition.objects.all()] == [[], []]
    assert annual.filed_edition(dongshan, YEAR) == second
    kinds = list(report.steps.values_list("kind", flat=True))
    assert kinds == ["begun", "checked", "signed", "published", "reopened", "checked", "signed", "published"]


def test_the_governments_report_has_until_the_end_of_march(staff: Office) -> None:
    """条例 49(2); 31 March 2026 is a Tuesday. Late, the supervisors above hear as well: here there are none."""
    for on, notices in (
        (date(2026, 1, 30), {}),
        (date(2026, 3, 10), {"report_due"}),
        (date(2026, 3, 31), {"report_due"}),
        (date(2026, 4, 1), {"report_overdue"}),
    ):
        assert set(reminded(on, region=True)) == set(notices), on


def test_an_organ_that_has_been_merged_since_is_reminded_of_the_year_before(staff: Office) -> None:
    system = person("yan", "严格", staff.players.elsewhere, Role.SYSTEM_ADMINISTRATOR)

    def waits(on: date) -> bool:
        sweeps.remind_reports(at=moment(on, 8))
        return Message.objects.filter(notice="report_due", context__agency="东山区民政局").exists()

    merge_agency(staff.players.civil, staff.players.dongshan, on=date(2026, 1, 1), by=system, at=moment(JANUARY))
    assert waits(date(2026, 1, 26))
    report = verbs.begin(staff.players.civil, YEAR, by=staff.wei, at=moment(JANUARY))
    assert report.pk
    assert Agency.objects.get(pk=staff.players.civil.pk).reports_for(YEAR)


# The head is away ----------------------------------------------------------------------------------------------------


def away(staff: Office, deputy: Staff) -> Delegation:
    return delegate(
        staff.players.dongshan,
        role=Role.HEAD,
        person=staff.li,
        deputy=deputy,
        from_on=JANUARY,
        until_on=JANUARY + timedelta(days=20),
        by=staff.li,
        at=moment(JANUARY, 7),
    )


def test_a_deputy_signs_and_the_edition_says_for_whom(staff: Office) -> None:
    chen = staff.players.chen
    report = checked(staff, begun(staff))
    at = moment(JANUARY)
    with pytest.raises(Refused, match="需要的角色"):
        verbs.sign(report, make=annual.frozen, version=report.version, by=chen, at=at)
    delegation = away(staff, chen)
    assert report_acts_for(chen, report, on=JANUARY) == [ReportAct.SIGN]
    assert not may_report(chen, ReportAct.SIGN, report.agency, region=False, on=JANUARY + timedelta(days=21))
    edition = verbs.sign(report, make=annual.frozen, version=report.version, by=chen, at=at)
    assert (edition.signed_by, edition.signed_for) == (chen, staff.li)
    step = report.steps.get(kind="signed")
    assert (step.by, step.for_whom) == (chen, staff.li)
    published(staff, report)
    # What has no day of its own waits for the head.
    assert report_acts_for(chen, report, on=JANUARY) == []
    with pytest.raises(Refused, match="需要的角色"):
        verbs.reopen(report, reason="更正。", version=report.version, by=chen, at=at)
    end_delegation(delegation, by=staff.li, at=at)
    assert not may_report(chen, ReportAct.SIGN, report.agency, region=False, on=JANUARY)


def test_neither_the_deputy_nor_the_head_signs_what_they_checked_while_there_is_somebody_else(staff: Office) -> None:
    chen = staff.players.chen
    chen.appointments.create(agency=staff.players.dongshan, role=Role.REPORT_EDITOR)
    chen.__dict__.pop("_roles", None)
    away(staff, chen)
    for checker in (chen, staff.li):
        report = begun(staff)
        verbs.check(report, **making(), remark=NOTE, version=report.version, by=checker, at=moment(JANUARY))
        with pytest.raises(Refused, match="核对的人不能签发"):
            verbs.sign(report, make=annual.frozen, version=report.version, by=chen, at=moment(JANUARY))
        verbs.send_back(report, remark="由别人核对。", version=report.version, by=staff.lu, at=moment(JANUARY))
    assert not ReportEdition.objects.exists()


def test_of_a_region_the_deputy_must_be_able_to_read_all(staff: Office) -> None:
    chen = staff.players.chen
    away(staff, chen)
    report = checked(staff, begun(staff, region=True))
    assert not may_report(chen, ReportAct.SIGN, report.agency, region=True, on=JANUARY)
    chen.appointments.create(agency=staff.players.dongshan, role=Role.REGION_SUPERVISOR)
    chen = Staff.objects.get(pk=chen.pk)
    edition = verbs.sign(report, make=annual.frozen, version=report.version, by=chen, at=moment(JANUARY))
    assert edition.signed_for == staff.li
    assert AnnualReport.objects.get(region=True).state == "signed"
