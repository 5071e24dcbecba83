"""Every address of the desk × every role × whose it is × method, against the rules written down in ``matrix.toml``.

The addresses are read from the resolver and the answers from the site; the expectations from the table alone. It holds
who gets in, not what the pages look like: they are not drawn here, which is why ten thousand of them take a minute.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from casework.access import Verb
from casework.actions import assist, delegate, intake, mailroom
from casework.actions.files import Upload, attach
from casework.actions.materials import add_materials
from casework.actions.notes import write_note
from casework.actions.proposals import propose_by_officer
from casework.actions.receive import receive_report
from casework.actions.redact import ask_release, make_file
from casework.actions.registers import record
from casework.actions.send import prepare
from casework.desk.acts import ACTS
from casework.law.clock import Channel
from casework.law.matrix import Matrix
from casework.law.outcomes import Outcome
from casework.law.registers import Register
from casework.law.report import Report
from casework.models import (
    Agency,
    ApiToken,
    Appointment,
    Audience,
    CalendarEdition,
    Case,
    DocumentKind,
    Material,
    PublishedReply,
    PublishedVersion,
    Recomputation,
    Role,
    SavedFilter,
    Staff,
    WebhookEndpoint,
)
from tests import filing, papers
from tests.cast import Cast, cast, moment, person, proposed, registered
from tests.conftest import AS_OF
from tests.correcting import filed
from tests.disputing import disputed

TABLE: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text(encoding="utf-8"))
GROUPS: Final[dict[str, list[str]]] = TABLE["groups"]
ROLES: Final = GROUPS["everybody"]
#: Who has not logged in, and who has left and still holds the cookie.
OUTSIDERS: Final = ("visitor", "left")
METHODS: Final = ("GET", "POST")
#: Whose the thing in the address is.
RELATIONS: Final = {
    "nothing": ("own",),
    "case": ("own", "colleague", "elsewhere", "absent"),
    "agency": ("own", "below", "elsewhere", "absent"),
}
NOBODY_HAS: Final = 987_654_321
TODAY: Final = AS_OF.date()


# The rules -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """One row of the table."""

    methods: str
    who: frozenset[str]
    of: str = "nothing"
    shut: int = 404
    posts: frozenset[str] | None = None
    unposted: int = 403
    act: frozenset[str] | None = None
    below: frozenset[str] = frozenset()
    everywhere: frozenset[str] = frozenset()

    def expects(self, who: str, relation: str, method: str) -> str:
        """``in``, or the status that this person hears."""
        if method not in self.methods.split():
            return "405"
        if who in OUTSIDERS:
            return "302 to the door"
        if relation != "own" and self.shut == 403 and who not in self.who:
            return "403"
        if relation == "absent" or (relation == "elsewhere" and who not in self.everywhere):
            return "404"
        if relation == "below" and who not in self.below | self.everywhere:
            return "404"
        if who not in self.who:
            return str(self.shut)
        if self.act is not None and who not in self.act:
            return "403"
        if method == "POST" and self.posts is not None and who not in self.posts:
            return str(self.unposted)
        return "in"


def group(name: str | list[str]) -> frozenset[str]:
    return frozenset(name if isinstance(name, list) else GROUPS.get(name, [name]))


def rules() -> dict[str, Rule]:
    """A rule for each address, and one for each act, by the name of the address or ``act:`` and the verb."""
    found = {}
    for name, row in TABLE["routes"].items():
        groups = {key: group(row[key]) for key in ("who", "posts", "act", "below", "everywhere") if key in row}
        found[name] = Rule(**{**row, **groups})
    for name, sub in (("act", "acts"), ("report_act", "report_acts")):
        for deed, who in TABLE[sub].items():
            found[f"{name}:{deed}"] = replace(found[name], act=group(who))
    return found


def patterns() -> Iterator[URLPattern]:
    """Every address below ``desk/``, read from the resolver."""
    for face in get_resolver().url_patterns:
        if isinstance(face, URLResolver) and str(face.pattern).startswith("desk/"):
            for pattern in face.url_patterns:
                assert isinstance(pattern, URLPattern)
                assert pattern.name, f"{pattern} has no name"
                yield pattern


def routes() -> set[str]:
    """Their names, but for the doors."""
    return {str(pattern.name) for pattern in patterns()} - set(TABLE["doors"]["routes"])


# The office ----------------------------------------------------------------------------------------------------------


@dataclass
class Things:
    """What the addresses name: one case with all that hangs on it, and the agency that has it."""

    agency: str
    case: Case
    year: int = 2025
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """The people, and what belongs to whom."""

    people: dict[str, Staff]
    things: dict[str, Things]


def built(players: Cast, *, clerk: Staff | None = None, edition: bool = False) -> Things:
    """A case of the first agency of the cast with everything that an address can name."""
    at, on = moment(TODAY), TODAY
    by, agency = players.wang, players.dongshan
    case = registered(players, on=on, agency=agency).case
    if clerk is not None:
        intake.assign(case, clerk=clerk, by=by, at=at)
    document = attach(case, Upload("申请书.txt", b"text"), DocumentKind.APPLICATION, by=None, at=at)
    prepare(case, Verb.REQUEST_SUPPLEMENT, unclear="请说明年度。", by=by, at=at)
    dispute = disputed(players, case, on=on)
    assist.request_assistance(
        case, name="财务科", question="请提供清单。", due_on=on, by=by, at=at, uploads=(Upload("摘要.txt", b"look"),)
    )
    asked = case.assistances.get()
    arrival = mailroom.log_arrival(
        agency, arrived_on=on, channel=Channel.SIGNED_MAIL, sender="张三", received_by="收发室", by=by, at=at
    )
    hook = WebhookEndpoint(agency=agency, url="https://example.com/", topics=["arrived"], created_at=at)
    hook.rotate("whsec_" + "A" * 43 + "=", at=at)
    hook.save()
    token = ApiToken(
        agency=agency, name="平台", scopes=["matrix"], made_by=by, made_at=at, expires_at=at + timedelta(days=9)
    )
    token.mint()
    token.save()
    reviewer = Staff.objects.create(username=f"away-{case.pk}", name="外出")
    Appointment.objects.create(staff=reviewer, agency=agency, role=Role.HEAD)
    away = delegate.delegate(
        agency, role=Role.HEAD, person=reviewer, deputy=by, from_on=on, until_on=on, by=reviewer, at=at
    )
    letter = case.letters.get()
    note = write_note(case, text="已电话询问。", by=by, at=at)
    kept = SavedFilter.objects.create(owner=by, name=f"我的{case.pk}", query="", made_at=at)
    material, release = of_records(case, players, at=at)
    correction = filed(players, on=on, agency=agency)
    proposal = propose_by_officer(case, by=by, at=at)
    drafted = registered(players, on=on, agency=agency).case
    proposed(players, drafted, Outcome.GRANTED, on=on)
    return Things(
        agency.code,
        case,
        kwargs={
            "case": case.pk, "document": document.pk, "letter": letter.pk, "drafted": drafted.pk, "dispute": dispute.pk,
            "step": dispute.steps.get().pk, "assistance": asked.pk, "file": asked.attached.get().pk,
            "arrival": arrival.pk, "hook": hook.pk, "token": token.pk,
            "delegation": away.pk, "note": note.pk, "filter": kept.pk,
            "material": material, "release": release, "publication": of_everybody(drafted, by, at=at),
            "correction": correction.pk, "evidence": correction.evidence.get().pk, "proposal": proposal.pk,
        },
    )  # fmt: skip


def of_everybody(case: Case, by: Staff, *, at: datetime) -> int:
    """A publication that is proposed; whose reply it is makes no difference to who gets in."""
    reply = PublishedReply.objects.create(case=case, agency=case.agency)
    PublishedVersion.objects.create(
        reply=reply, number=1, title="清单", summary="已经提供。", topic="city", proposed_by=by, proposed_at=at
    )
    return reply.pk


def of_records(case: Case, players: Cast, *, at: datetime) -> tuple[int, int]:
    """A record on the file, and the file made of it."""
    add_materials(case, (Upload("清单.pdf", papers.pdf()),), by=players.wang, at=at)
    material = Material.objects.get(document__case=case)
    release = ask_release(material, Audience.APPLICANT, by=players.wang, at=at)
    make_file(release.pk, at=at)
    return material.pk, release.pk


def of_agency(things: Things, players: Cast, editor: Staff, head: Staff) -> None:
    """What hangs on an agency: an entry of a register, a signed report, a report that one of its units sent."""
    facts = {"kind": "regulations", "year": 2020, "number": 0, "source": "清理"}
    things.kwargs["entry"] = record(players.dongshan, Register.STOCKS, facts, by=editor, at=moment(TODAY)).pk
    staff = filing.Office(players, editor, head, head)
    report = filing.begun(staff)
    filing.checked(staff, report)
    filing.signed(staff, report)
    unit = Agency.objects.create(code=f"{things.agency}-XX", name="下属单位", parent=players.dongshan, outside=True)
    content = Report(unit.code, unit.name, things.year, Matrix.empty(things.year))
    received = receive_report(unit, things.year, content, Upload("年报.json", b"{}"), by=None, at=moment(TODAY))
    things.kwargs |= {"unit": unit.code, "received": received.report.pk}
    merged = Agency.objects.create(
        code=f"{things.agency}-YY",
        name="并入的单位",
        parent=players.dongshan,
        successor=players.dongshan,
        succeeded_on=TODAY,
    )
    things.kwargs["merged"] = merged.code
    clerk = person(f"c-{things.agency}", "办", players.dongshan, Role.CLERK)
    things.kwargs |= {"person": clerk.pk, "appointment": clerk.appointments.get().pk}


@pytest.fixture(scope="module")
def world(kept: None) -> World:
    players = cast()
    people = {
        role: person(f"m-{role}", role, players.dongshan, Role(role)) for role in ROLES if role != "nobody"
    }  # fmt: skip
    people["nobody"] = Staff.objects.create(username="m-nobody", password="!")
    people["left"] = person("m-left", "离职", players.dongshan, Role.HEAD)
    below = replace(players, dongshan=players.civil)
    elsewhere = replace(players, dongshan=players.elsewhere, wang=players.zhao, li=players.zhao)
    for role in (Role.CLERK, Role.HEAD):
        Appointment.objects.create(staff=players.wang, agency=players.civil, role=role)
    things = {
        "own": built(players, clerk=people["clerk"]),
        "colleague": built(players),
        "below": built(below),
        "elsewhere": built(elsewhere),
    }
    for relation, each in (("own", players), ("below", below), ("elsewhere", elsewhere)):
        editor = person(f"e-{relation}", "编", each.dongshan, Role.REPORT_EDITOR, Role.REGION_SUPERVISOR)
        head = person(f"h-{relation}", "签", each.dongshan, Role.HEAD)
        of_agency(things[relation], each, editor, head)
    edition = CalendarEdition.objects.create(
        year=2026, number="测政办发〔2026〕1号", published_on=date(2026, 1, 5), region="999999",
        off=[{"from": "2026-03-03", "to": "2026-03-03", "name": "三月三"}], make_up=[],
        source="form", content_hash="0" * 64, applied_at=moment(TODAY), applied_by=players.li,
    )  # fmt: skip
    Recomputation.objects.create(edition=edition, finished_at=moment(TODAY))
    things["own"].kwargs["edition"] = edition.pk
    things["colleague"].kwargs |= things["own"].kwargs | things["colleague"].kwargs
    return World(people, things)


def address(name: str, deed: str, things: Things, *, absent: bool) -> str:
    """The address with the thing filled in; ``absent``: with one that nobody has."""
    own = dict.fromkeys(things.kwargs, NOBODY_HAS) | {"unit": "999999"} if absent else things.kwargs
    code = "999999" if absent else things.agency
    parameters: Mapping[str, Any] = FILLED.get(name, {})
    filled: dict[str, Any] = {}
    for parameter, what in parameters.items():
        filled[parameter] = own[what[1:]] if isinstance(what, str) and what.startswith("=") else what
    wanted = parameters_of(name)
    if "code" in wanted:
        filled.setdefault("code", code)
    if "year" in wanted:
        filled.setdefault("year", things.year)
    if "pk" in wanted:
        filled.setdefault("pk", own["case"])
    if deed:
        filled["verb" if name == "act" else "deed"] = deed
    if name == "report_act" and deed == "begin":
        filled["year"] = things.year - 1  # of this year's there is one already
    space = "" if name.startswith(("mfa_", "account_reauthenticate")) else "desk:"
    return reverse(f"{space}{name}", kwargs=filled) + ("?region=1" if name == "pictures_of_units" else "")


def parameters_of(name: str) -> set[str]:
    """What stands in the address of that name."""
    pattern = next(each.pattern for each in patterns() if each.name == name)
    return {*pattern.converters, *pattern.regex.groupindex}


#: How the parameters are filled where ``pk``, ``code`` and ``year`` do not say it: ``=`` takes it from the things.
FILLED: Final[dict[str, dict[str, Any]]] = {
    "person": {"pk": "=person"},
    "appoint": {"pk": "=person"},
    "dismiss": {"pk": "=person", "appointment_pk": "=appointment"},
    "account_deed": {"pk": "=person", "deed": "unlock"},
    "series": {"place": 0},
    "text": {"place": "counter"},
    "today_row": {"key": "late"},
    "take_out": {"form": "csv"},
    "rename_filter": {"pk": "=filter"},
    "delete_filter": {"pk": "=filter"},
    "restore_filter": {"pk": "=filter"},
    "undo_merger": {"code": "=merged"},
    "strike_note": {"note_pk": "=note"},
    "publication": {"pk": "=publication"},
    "clear_publication": {"pk": "=publication"},
    "decide_publication": {"pk": "=publication"},
    "return_publication": {"pk": "=publication"},
    "revoke_publication": {"pk": "=publication"},
    "material": {"material_pk": "=material"},
    "material_page": {"material_pk": "=material", "number": 1},
    "material_original": {"material_pk": "=material"},
    "released_file": {"release_pk": "=release"},
    "end_delegation": {"pk": "=delegation"},
    "change_webhook": {"pk": "=hook", "deed": "ping"},
    "webhook_log": {"pk": "=hook"},
    "revoke_token": {"pk": "=token"},
    "assistance": {"pk": "=assistance"},
    "assistance_paper": {"pk": "=assistance"},
    "assistance_file": {"pk": "=assistance", "document_pk": "=file"},
    "arrival": {"pk": "=arrival"},
    "hand_over": {"pk": "=arrival"},
    "close_arrival": {"pk": "=arrival"},
    "calendar_year": {"year": 2026},
    "edition": {"pk": "=edition"},
    "document": {"document_pk": "=document"},
    "letter": {"pk": "=drafted", "form": "pdf"},
    "stored_letter": {"letter_pk": "=letter", "form": "pdf"},
    "template": {"kind": "refusal"},
    "end_template": {"kind": "refusal"},
    "export_letters": {"form": "csv"},
    "void_letter": {"pk": "=letter"},
    "correction": {"pk": "=correction"},
    "correction_receipt": {"pk": "=correction"},
    "correction_evidence": {"pk": "=correction", "file_pk": "=evidence"},
    "correction_identity": {"pk": "=correction"},
    "correction_act": {"pk": "=correction", "deed": "refuse"},
    "proposal": {"pk": "=proposal"},
    "decide_proposal": {"pk": "=proposal", "deed": "decline"},
    "dispute": {"pk": "=dispute"},
    "dispute_stage": {"pk": "=dispute"},
    "disputed_places": {"pk": "=dispute"},
    "correct_dispute": {"pk": "=dispute", "step_pk": "=step"},
    "strike_out_dispute": {"pk": "=dispute", "step_pk": "=step"},
    "reopen_dispute": {"pk": "=dispute"},
    "table2_cell": {"row": "regulations", "column": "made"},
    "entries": {"register": "stocks"},
    "export_register": {"register": "stocks", "form": "csv"},
    "add_entry": {"register": "stocks"},
    "import_register": {"register": "stocks"},
    "register_sheet": {"register": "stocks", "form": "csv"},
    "entry": {"register": "stocks", "pk": "=entry"},
    "correct_entry": {"register": "stocks", "pk": "=entry"},
    "strike_entry": {"register": "stocks", "pk": "=entry"},
    "doubt": {"key": "overdue"},
    "download": {"form": "json"},
    "edition_of": {"number": 1},
    "edition_file": {"number": 1, "form": "json"},
    "edition_cell": {"number": 1, "row": "new", "column": "total"},
    "compare_edition": {"number": 1},
    "pictures_report": {"form": "docx"},
    "cell": {"row": "new", "column": "total"},
    "dispute_cell": {"group": "direct_suit", "column": "total"},
    "export_region": {"form": "csv"},
    "region_unit": {"unit": "=unit"},
    "receive_report": {"unit": "=unit"},
    "region_outside": {"unit": "=unit"},
    "received_file": {"pk": "=received"},
    "withdraw_received": {"pk": "=received"},
    "region_cell": {"row": "new", "column": "total"},
}


# The answers ---------------------------------------------------------------------------------------------------------


def heard(answer: HttpResponseBase) -> str:
    """What an answer means for whoever asked. An act that is theirs, but not possible now, counts as theirs."""
    if answer.status_code == 302 and answer.headers["Location"].startswith("/desk/login/"):
        return "302 to the door"
    if answer.status_code == 403:
        judged = (getattr(answer, "context_data", None) or {}).get("answer")
        about_roles = judged is None or judged.reason.zh.startswith("需要的角色")
        return "403" if about_roles else "in"
    return "in" if answer.status_code in (200, 302, 400, 409, 422) else str(answer.status_code)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Pages are decided upon and not drawn; the local mailbox is there."""
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    settings.EMAIL_FILE_PATH = "nowhere"


def cells(rule: Rule) -> Iterator[tuple[str, str]]:
    for relation in RELATIONS[rule.of]:
        for method in METHODS:
            yield relation, method


def asked(client: Client, method: str, where: str, things: Things) -> str:
    """What is heard at an address; whatever an empty form may have done is undone."""
    with transaction.atomic():
        answer = client.get(where) if method == "GET" else client.post(where, {"version": things.case.version})
        said = heard(answer)
        if answer.streaming:
            b"".join(answer)  # a file is read to its end, and so closed
        transaction.set_rollback(True)
    return said


def test_every_address_has_a_rule_and_every_rule_an_address() -> None:
    there, ruled = routes(), set(TABLE["routes"])
    assert there <= ruled, (
        f"no rule for {sorted(there - ruled)}: add a row to [routes] in tests/desk/matrix.toml that says who gets in, "
        "and to FILLED in tests/desk/test_matrix.py what stands in the address"
    )
    assert ruled <= there, f"rules without an address: {sorted(ruled - there)}"
    verbs = {verb.value for verb in ACTS}
    assert verbs == set(TABLE["acts"]), (
        f"[acts] in tests/desk/matrix.toml and the acts differ: {verbs ^ set(TABLE['acts'])}"
    )


def test_every_role_of_the_product_is_a_column() -> None:
    assert set(ROLES) == {role.value for role in Role} | {"nobody"}


def test_the_matrix_has_ten_thousand_cells(capsys: pytest.CaptureFixture[str]) -> None:
    asks = [rule for name, rule in rules().items() if name not in ("act", "report_act")]
    total = sum(1 for rule in asks for _cell in cells(rule)) * len((*ROLES, *OUTSIDERS))
    with capsys.disabled():
        print(f"\naccess matrix: {len(asks)} addresses, {len((*ROLES, *OUTSIDERS))} people, {total} cells")
    assert total >= 10_000


@pytest.mark.parametrize("who", [*ROLES, *OUTSIDERS])
@pytest.mark.django_db
def test_the_matrix(who: str, world: World, undrawn: None) -> None:
    client = Client()
    if who != "visitor":
        client.force_login(world.people[who])
    if who == "left":
        Staff.objects.filter(pk=world.people[who].pk).update(is_active=False)
    wrong = []
    for name, rule in rules().items():
        if name in ("act", "report_act"):
            continue
        route, _, deed = name.partition(":")
        for relation, method in cells(rule):
            things = world.things["own" if relation == "absent" else relation]
            where = address(route, deed, things, absent=relation == "absent")
            said = asked(client, method, where, things)
            if said != (wanted := rule.expects(who, relation, method)):
                wrong.append(f"{name:24} {relation:10} {method:5} {where}: {said}, and the table says {wanted}")
    assert not wrong, f"{who}:\n" + "\n".join(wrong)
