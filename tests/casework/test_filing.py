"""The annual report as an edition: who may do what when, what is frozen, and that it stays as it was signed."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from casework import annual
from casework.access import REPORT_ACTS, ReportAct
from casework.actions import decide, intake
from casework.actions import report as verbs
from casework.actions.files import Upload
from casework.actions.receive import receive_report
from casework.actions.settings import change_settings
from casework.exports import FORMATS
from casework.law.clock import Channel, Receipt
from casework.law.filing import Obstacle, Weight
from casework.law.matrix import Matrix
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.refusals import Refused
from casework.law.report import Report
from casework.law.words import Text
from casework.models import Agency, AnnualReport, Case, ReportEdition, ReportState, ReportStep, Role, Staff
from notifications.models import Message
from tests.casework.together import at_once
from tests.cast import Cast, application, moment, person, registered
from tests.filing import (
    AT,
    NOTE,
    YEAR,
    Office,
    begun,
    brought_to,
    checked,
    filed,
    making,
    office,
    published,
    signed,
    year_of_cases,
)


@pytest.fixture
def staff(players: Cast) -> Office:
    year_of_cases(players)
    return office(players)


def do(act: ReportAct, report: AnnualReport, by: Staff) -> object:
    """One act with everything that it needs."""
    given: dict[str, Any] = {"version": report.version, "by": by, "at": AT}
    acts: dict[ReportAct, Callable[[], object]] = {
        ReportAct.BEGIN: lambda: verbs.begin(report.agency, YEAR, region=report.region, by=by, at=AT),
        ReportAct.CHECK: lambda: verbs.check(report, **making(), remark=NOTE, **given),
        ReportAct.SEND_BACK: lambda: verbs.send_back(report, remark="请补正文。", **given),
        ReportAct.SIGN: lambda: verbs.sign(report, make=annual.frozen, **given),
        ReportAct.PUBLISH: lambda: verbs.publish(report, **given),
        ReportAct.REOPEN: lambda: verbs.reopen(report, reason="漏登一件。", **given),
    }
    return acts[act]()


# Who may, and when ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", [False, True])
def test_who_may_do_what_in_which_state(staff: Office, region: bool) -> None:
    """Every role × act × state against the table; for a region reading all of it is needed as well."""
    dongshan = staff.players.dongshan
    people = {role: person(f"only-{role}", role, dongshan, role) for role in Role}
    if region:
        for role in (Role.REPORT_EDITOR, Role.HEAD, Role.CLERK):
            people[role].appointments.create(agency=dongshan, role=Role.REGION_SUPERVISOR)
    people[Role.AUDITOR].appointments.create(agency=staff.players.elsewhere, role=Role.HEAD)
    tried = 0
    for state in ReportState:
        with undone():
            pk = brought_to(staff, state, region=region).pk
            for act, (role, by) in itertools.product(ReportAct, people.items()):
                row = REPORT_ACTS[act]
                wanted = role in row.roles and (act is ReportAct.BEGIN or state in row.states)
                with undone():
                    assert done(act, pk, by) is wanted, (state, act, role)
                tried += 1
    assert tried == len(ReportState) * len(ReportAct) * len(Role)


def done(act: ReportAct, pk: int, by: Staff) -> bool:
    """Whether the act went through; refused, it leaves the report as it was."""
    report = AnnualReport.objects.get(pk=pk)
    try:
        do(act, report, by)
    except Refused:
        assert AnnualReport.objects.filter(pk=pk, state=report.state, version=report.version).exists()
        return False
    return True


@contextmanager
def undone() -> Iterator[None]:
    """What is done in here is as if it had not been."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_for_a_region_whoever_cannot_read_it_all_may_not(staff: Office) -> None:
    editor = person("narrow", "窄", staff.players.dongshan, Role.REPORT_EDITOR)
    with pytest.raises(Refused, match="区域主管部门"):
        verbs.begin(staff.players.dongshan, YEAR, region=True, by=editor, at=AT)


def _reopened_and_unchanged(staff: Office) -> None:
    report = brought_to(staff, ReportState.PUBLISHED)
    verbs.reopen(report, reason="想再看看。", version=report.version, by=staff.li, at=AT)
    signed(staff, checked(staff, report))


def _changed_after_the_check(staff: Office) -> None:
    report = checked(staff, begun(staff))
    decide.withdraw(Case.objects.latest("pk"), statement="撤回。", on=date(2025, 12, 30), by=staff.players.wang, at=AT)
    signed(staff, report)


def _checked_by_the_head(staff: Office) -> None:
    report = begun(staff)
    verbs.check(report, **making(), remark=NOTE, version=report.version, by=staff.li, at=AT)
    signed(staff, report)


def _stopped(staff: Office) -> None:
    stop = [Obstacle(Weight.STOP, Text("先改正。", "Mend it first."))]
    report = begun(staff)
    verbs.check(
        report, found=lambda _report: stop, digest=annual.content_digest, remark=NOTE, version=0, by=staff.lu, at=AT
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        pytest.param(lambda staff: begun(staff, year=2027), "年度应在2008至2026之间", id="a year that has not begun"),
        pytest.param(lambda staff: checked(staff, begun(staff), remark=" "), "处问题需要书面说明", id="no note"),
        pytest.param(_stopped, "先改正", id="what stops can't be explained"),
        pytest.param(_checked_by_the_head, "核对的人不能签发", id="one person for both"),
        pytest.param(
            lambda staff: signed(staff, checked(staff, begun(staff)), at=moment(date(2026, 1, 8))),
            "自2026年1月9日起才能签发",
            id="in the days of grace",
        ),
        pytest.param(_changed_after_the_check, "核对以后数字或者正文有变化", id="changed after the check"),
        pytest.param(_reopened_and_unchanged, "与已经公布的第1版完全相同", id="the same once more"),
        pytest.param(
            lambda staff: verbs.reopen(
                brought_to(staff, ReportState.PUBLISHED), reason="\u3000", version=3, by=staff.li, at=AT
            ),
            "不能只有空格",
            id="no reason for a new edition",
        ),
        pytest.param(
            lambda staff: verbs.publish(brought_to(staff, ReportState.SIGNED), version=1, by=staff.lu, at=AT),
            "刚刚被别人处理过",
            id="an old page",
        ),
    ],
)
def test_what_is_refused_and_leaves_nothing(staff: Office, wrong: Callable[[Office], object], says: str) -> None:
    with pytest.raises(Refused, match=says):
        wrong(staff)
    report = AnnualReport.objects.first()
    editions = ReportEdition.objects.count()
    assert (report is None) or editions == ReportStep.objects.filter(kind="signed").count()


def test_where_there_is_one_head_and_nobody_else_both_may_be_done_by_one(staff: Office) -> None:
    report = verbs.begin(staff.players.civil, YEAR, by=staff.wei, at=AT)
    verbs.check(report, **making(), remark=NOTE, version=report.version, by=staff.wei, at=AT)
    edition = verbs.sign(report, make=annual.frozen, version=report.version, by=staff.wei, at=AT)
    assert edition.signed_by == staff.wei


# What is frozen ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", [False, True])
def test_an_edition_is_the_count_of_its_own_cases(players: Cast, region: bool) -> None:
    year_of_cases(players, closing=True)
    staff = office(players)
    clerk = person("ming", "明", staff.players.civil, Role.CLERK)
    receipt = Receipt(Channel.IN_PERSON, date(2025, 3, 3))
    # a unit below, with a number that holds a comma
    below: dict[str, Any] = {"number": "民,政〔2025〕1号", "by": clerk, "at": moment(date(2025, 3, 3))}
    intake.register(staff.players.civil, application(), receipt, **below)
    edition = filed(staff, region=region)
    lines = list(edition.case_lines())
    agencies = annual.agencies_of(staff.players.dongshan, region=region)
    assert not annual.recount(edition).differences(annual.matrix_of(agencies, YEAR))
    assert len(lines) == edition.made_with["cases"] == (4 if region else 3)
    assert ("230406-MZ,民,政〔2025〕1号,natural_person,new,carried_out" in lines) is region
    registered_in_order = Case.objects.order_by("pk").values_list("agency__code", "number")
    assert [line[:2] for line in map(annual.Line.read, lines)] == sorted(
        (row for row in registered_in_order if region or row[0] == "230406"), key=lambda row: row[0]
    )
    for row, column in itertools.product(("new", "carried_in", "total", "refused_5"), ("total", "business")):
        counted = [line for line in map(annual.Line.read, lines) if line.stands_in(row, column)]
        assert len(counted) == annual.recount(edition).figure(row, column)
    assert [part["code"] for part in edition.parts] == (["230406", "230406-MZ"] if region else [])
    assert not annual.faults_of(edition)
    assert set(edition.made_with["readings"]["230406"]) >= {"late_notice_restarts", "report_grace_days"}
    assert {"year": 2025, "number": "国办发明电〔2024〕12号"} in edition.made_with["calendars"]


def test_what_was_filed_stays_filed_in_every_form(staff: Office, tmp_path: Path) -> None:
    edition = filed(staff)
    kept = {form: printed(tmp_path, form, edition=1) for form in FORMATS}
    registered(staff.players, on=date(2025, 12, 1))  # registered late, in the next year
    staff.players.dongshan.name = "东山区人民政府"
    staff.players.dongshan.save()
    assert {form: printed(tmp_path, form, edition=1) for form in FORMATS} == kept
    assert json.loads(kept["json"]) == edition.content
    assert json.loads(printed(tmp_path, "json", edition=None)) != edition.content
    for form in ("html", "md"):
        assert f"第1版，2026年1月20日签发，校验值（SHA-256）{edition.digest}" in kept[form].decode()


def printed(folder: Path, form: str, *, edition: int | None, code: str = "230406") -> bytes:
    place = folder / f"report.{form}"
    call_command("annual_report", YEAR, agency=code, format=form, output=place, edition=edition)
    return place.read_bytes()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"edition": 2}, "没有第2版。已有：1"),
        ({"edition": 0}, "没有第0版"),
        ({"edition": 1, "region": True}, "还没有签发过"),
        ({"edition": 1, "agency": "999"}, "没有代码为“999”的机关"),
        ({"edition": 1, "format": "odt"}, "还不能输出odt"),
    ],
)
def test_an_edition_that_is_not_there_is_refused_by_the_command(
    staff: Office, given: dict[str, Any], says: str
) -> None:
    filed(staff)
    with pytest.raises(CommandError, match=says):
        call_command("annual_report", YEAR, **({"agency": "230406"} | given), stdout=StringIO())


TAMPERING: dict[str, Callable[[ReportEdition], dict[str, Any]]] = {
    "a figure": lambda e: {"content": json.dumps(e.content).replace('"granted": [0', '"granted": [1')},
    "the text": lambda e: {"content": json.dumps({**e.content, "sections": {"1": "别的话"}})},
    "a case left out": lambda e: {"packed_cases": ReportEdition.pack(list(e.case_lines())[1:])},
    "a case put elsewhere": lambda e: {
        "packed_cases": ReportEdition.pack(line.replace("carried_out", "granted") for line in e.case_lines())
    },
    "another case in its place": lambda e: {
        "packed_cases": ReportEdition.pack(line.replace("-00001,", "-00009,") for line in e.case_lines())
    },
    "no line at all": lambda e: {"packed_cases": ReportEdition.pack(["nothing"])},
    "bytes cut off": lambda e: {"packed_cases": bytes(e.packed_cases)[:-9]},
    "bytes of something else": lambda e: {"packed_cases": b"x" * 40},
    "no form at all": lambda e: {"content": "{}"},
    "the digest": lambda e: {"digest": "0" * 64},
}


def test_whoever_changes_a_filed_report_behind_the_program_is_found(staff: Office) -> None:
    edition = filed(staff)
    call_command("verify_reports", stdout=StringIO())
    for what, tamper in TAMPERING.items():
        ((name, value),) = tamper(edition).items()
        said = StringIO()
        with undone():
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE casework_reportedition SET {name} = %s", [value])
            with pytest.raises(CommandError, match="1版与签发时不符"):
                call_command("verify_reports", stdout=said)
        assert "230406 2025，第1版" in said.getvalue(), what


def test_an_edition_cannot_be_changed_through_the_program(staff: Office) -> None:
    edition = filed(staff)
    with pytest.raises(TypeError):
        edition.save()
    with pytest.raises(TypeError):
        edition.delete()
    with pytest.raises(TypeError):
        ReportEdition.objects.update(digest="")


def test_the_filed_edition_is_the_newest_published_else_the_newest_signed(staff: Office) -> None:
    agency = staff.players.dongshan

    def number() -> int | None:
        found = annual.filed_edition(agency, YEAR)
        return found.number if found else None

    assert number() is None
    report = checked(staff, begun(staff))
    signed(staff, report)
    assert number() == 1
    verbs.send_back(report, remark="再改。", version=report.version, by=staff.li, at=AT)
    signed(staff, checked(staff, report))
    assert number() == 2
    published(staff, report)
    verbs.reopen(report, reason="漏登。", version=report.version, by=staff.li, at=AT)
    registered(staff.players, on=date(2025, 12, 1))
    signed(staff, checked(staff, report))
    assert number() == 2  # what is public stands until the next is public
    published(staff, report)
    assert number() == 3
    assert annual.filed_edition(agency, YEAR, region=True) is None
    assert list(report.editions.values_list("number", "reason")) == [(1, ""), (2, "再改。"), (3, "漏登。")]


def test_last_year_as_filed_is_what_this_year_is_held_against(staff: Office) -> None:
    """R5 against what was filed, not against what the records say now (law.md 7.2)."""
    filed(staff)
    registered(staff.players, on=date(2025, 12, 1))
    report = verbs.begin(staff.players.dongshan, YEAR + 1, by=staff.lu, at=AT)
    said = [each.sentence.zh for each in annual.obstacles(report) if each.weight is Weight.EXPLAIN]
    assert any(sentence.startswith("R5：“自然人”列：本年第二项3≠上年第四项2") for sentence in said)


def test_days_of_grace_are_the_agency_s_own_and_need_a_reason(staff: Office) -> None:
    admin = person("gao", "高理", staff.players.dongshan, Role.AGENCY_ADMINISTRATOR)
    for wanted in ({"report_due_on": "13-01"}, {"report_due_on": "1-26"}, {"report_grace_days": 21}):
        with pytest.raises(Refused):
            change_settings(staff.players.dongshan, wanted, seen=0, reason="通知", by=admin, at=AT)
    change_settings(staff.players.dongshan, {"report_grace_days": 0}, seen=0, reason="本地通知", by=admin, at=AT)
    assert verbs.signing_opens(begun(staff)) == date(2026, 1, 1)


# At once -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_one_does(players: Cast) -> None:
    year_of_cases(players)
    staff = office(players)
    person("li2", "李二", players.dongshan, Role.HEAD)
    checked(staff, begun(staff))
    acts = [
        partial(verbs.sign, AnnualReport.objects.get(), make=annual.frozen, version=1, by=by, at=AT)
        for by in Staff.objects.filter(username__in=["li", "li2"])
    ]
    won, lost = at_once(acts)
    assert (len(won), len(lost), ReportEdition.objects.count()) == (1, 1, 1)
    assert ReportStep.objects.filter(kind="signed").count() == 1
    assert Message.objects.filter(notice="report_step", context__news="to_publish").count() == 1


def test_a_regions_edition_holds_what_each_unit_filed_sent_or_has_on_record(players: Cast) -> None:
    """law.md 7.8: what a unit filed stands, though its records have moved since; a file has no cases, but a table."""
    staff, clerk = office(players), person("chenmin", "陈敏", players.civil, Role.CLERK)
    year_of_cases(players)
    receipt, spring = Receipt(Channel.IN_PERSON, date(2025, 3, 3)), moment(date(2025, 3, 3))
    intake.register(players.civil, application(), receipt, by=clerk, at=spring)
    own = verbs.begin(players.civil, YEAR, by=staff.wei, at=AT)
    verbs.check(own, **making(), remark=NOTE, version=own.version, by=staff.wei, at=AT)
    edition = verbs.sign(own, make=annual.frozen, version=own.version, by=staff.wei, at=AT)
    intake.register(players.civil, application(), receipt, by=clerk, at=AT)  # found after the signature
    town = Agency.objects.create(code="230406-HQ", name="红旗乡人民政府", parent=players.dongshan, outside=True)
    groups = [(ApplicantKind.NATURAL_PERSON, False, Outcome.GRANTED, 7)]
    table = Report(town.code, town.name, YEAR, Matrix.from_groups(YEAR, groups))
    receive_report(town, YEAR, table, Upload("年报.json", b"{}"), by=staff.lu, at=AT)
    whole = filed(staff, region=True)
    assert [(part["code"], part["source"]) for part in whole.parts] == [
        ("230406", "records"),
        ("230406-HQ", "received"),
        ("230406-MZ", "filed"),
    ]
    assert whole.parts[2]["digest"] == edition.digest
    assert whole.content["table3"]["rows"]["new"][-1] == 2 + 7 + 1
    assert len(list(whole.case_lines())) == 4
    assert not annual.faults_of(whole)
    assert not annual.recount(whole).differences(annual.report_of_edition(whole).table3)
