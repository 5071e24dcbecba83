"""Every address of the desk has a rule: who gets in, and that another's case does not exist."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from casework.access import ReportAct, Verb
from casework.actions import assist
from casework.actions.correction import file_request
from casework.actions.files import Upload, attach
from casework.actions.materials import add_materials
from casework.actions.notes import write_note
from casework.actions.proposals import propose_by_officer
from casework.actions.receive import receive_report
from casework.actions.redact import ask_release, make_file
from casework.actions.registers import record
from casework.actions.send import prepare
from casework.desk.acts import ACTS
from casework.desk.forms.correction import FORMS
from casework.exports import FORMATS, PICTURED
from casework.law.matrix import Matrix
from casework.law.registers import Register
from casework.law.report import Report
from casework.models import (
    Agency,
    ApiToken,
    Arrival,
    Audience,
    Case,
    DocumentKind,
    Evidence,
    Material,
    Proposal,
    PublishedReply,
    PublishedVersion,
    RecordCorrection,
    Release,
    Role,
    Staff,
    StockCount,
    WebhookEndpoint,
)
from tests import cast, correcting, papers
from tests.cast import Cast, moment, registered
from tests.conftest import AS_OF
from tests.disputing import disputed


class Reach(Enum):
    """Who gets an answer."""

    ANYBODY = "the door itself"
    STAFF = "everybody who has logged in; what they see is theirs"
    CASE = "those who may read the case; for all others there is none"
    ADMINISTRATOR = "agency and system administrators"
    DELEGATION = "whom the delegation, or whose the filter is; for all others there is none"
    OFFICERS = "heads and agency administrators"
    AGENCY_ADMINISTRATOR = "administrators of an agency"
    HEAD = "heads, of their own agencies"
    AUDITOR = "auditors"
    SYSTEM = "system administrators alone"
    MERGER = "system administrators, and supervisors of a region for what is in it"
    OFFICE = "administrators of the agency; for all others there is nothing"
    REGION = "region supervisors and report editors from above; for all others there is no region"
    FIGURES = "those who may read the agency's figures; for all others there are none"


@dataclass(frozen=True)
class Rule:
    reach: Reach
    method: str = "get"
    arguments: Callable[[Case], list[dict[str, Any]]] = lambda case: [{}]


def of_case(case: Case) -> list[dict[str, Any]]:
    return [{"pk": case.pk}]


def of_mail(case: Case) -> list[dict[str, Any]]:
    """A piece of mail that the mail room of the case's agency has logged."""
    logged = Arrival.objects.filter(agency=case.agency).first() or Arrival.objects.create(
        agency=case.agency,
        arrived_on=AS_OF.date(),
        channel="signed_mail",
        sender="张三",
        received_by="收发室",
        logged_at=moment(AS_OF.date()),
    )
    return [{"pk": logged.pk}]


def of_dispute(case: Case, *, step: bool = False) -> list[dict[str, Any]]:
    """Reconsideration against the case's agency, and the step in it that is the notice."""
    found = case.disputes.first()
    assert found is not None
    return [{"pk": found.pk} | ({"step_pk": found.steps.get().pk} if step else {})]


def of_record(case: Case) -> list[dict[str, Any]]:
    return [{"pk": case.pk, "material_pk": each.pk} for each in Material.objects.filter(document__case=case)]


def of_year(case: Case) -> dict[str, Any]:
    return {"code": case.agency.code, "year": case.year}


def of_agency(case: Case) -> list[dict[str, Any]]:
    return [{"code": case.agency.code}]


def of_person(case: Case) -> list[dict[str, Any]]:
    return [{"pk": Staff.objects.get(username="wang").pk}]


def of_document(case: Case) -> list[dict[str, Any]]:
    return [{"code": case.agency.code, "kind": "refusal"}]


def of_received(case: Case) -> int:
    """A report that was received as a file from a unit of the region."""
    unit = Agency.objects.get(code="230406-MZ")
    content = Report(unit.code, unit.name, case.year, Matrix.empty(case.year))
    upload = Upload("年报.json", b"{}")
    return receive_report(unit, case.year, content, upload, by=None, at=moment(AS_OF.date())).report.pk


def of_register(case: Case, *more: str) -> list[dict[str, Any]]:
    """Two registers of the agency, by year or by form of file; with ``pk`` an entry."""
    if "pk" in more:
        facts = {"kind": "regulations", "year": 2020, "number": 0, "source": "清理"}
        stock = StockCount.objects.first() or record(
            case.agency, Register.STOCKS, facts, by=Staff.objects.get(username="wang"), at=moment(AS_OF.date())
        )
        return [{"code": case.agency.code, "register": "stocks", "pk": stock.pk}]
    year = {"year": case.year} if "year" in more else {}
    form = {"form": "csv"} if "form" in more else {}
    return [{"code": case.agency.code, "register": name, **year, **form} for name in ("publications", "stocks")]


def of_note(case: Case) -> list[dict[str, Any]]:
    """An internal note on the case by its clerk."""
    by = Staff.objects.get(username="wang")
    note = case.internal_notes.first() or write_note(case, "请核对地点。", by=by, at=moment(AS_OF.date()))
    return [{"pk": case.pk, "note_pk": note.pk}]


def of_publication(case: Case) -> list[dict[str, Any]]:
    """A publication of the case that is proposed."""
    by, at = Staff.objects.get(username="wang"), moment(AS_OF.date())
    reply, made = PublishedReply.objects.get_or_create(case=case, defaults={"agency": case.agency})
    if made:
        words = {"title": "清单", "summary": "已经提供。", "topic": "city"}
        PublishedVersion.objects.create(reply=reply, number=1, **words, proposed_by=by, proposed_at=at)
    return [{"pk": reply.pk}]


def of_correction(case: Case) -> list[dict[str, Any]]:
    """A request of Zhang San to correct what the case's agency records of them."""
    found = RecordCorrection.objects.first()
    if found is None:
        at = moment(AS_OF.date())
        found = file_request(case.agency, correcting.request(), query_code=correcting.CODE, at=at)
    return [{"pk": found.pk}]


def of_proposal(case: Case) -> list[dict[str, Any]]:
    """What the case asks for, proposed for publication by its clerk."""
    by = Staff.objects.get(username="wang")
    found = Proposal.objects.first() or propose_by_officer(case, by=by, at=moment(AS_OF.date()))
    return [{"pk": found.pk}]


RULES = {
    "publications": Rule(Reach.STAFF),
    "publication": Rule(Reach.CASE, arguments=of_publication),
    "clear_publication": Rule(Reach.CASE, arguments=of_publication),
    "decide_publication": Rule(Reach.CASE, arguments=of_publication),
    "return_publication": Rule(Reach.CASE, arguments=of_publication),
    "revoke_publication": Rule(Reach.CASE, arguments=of_publication),
    "propose_to_publish": Rule(Reach.CASE, arguments=of_case),
    "requests": Rule(Reach.STAFF),
    "assistance": Rule(Reach.CASE, arguments=lambda case: [{"pk": a.pk} for a in case.assistances.all()]),
    "assistance_paper": Rule(Reach.CASE, arguments=lambda case: [{"pk": a.pk} for a in case.assistances.all()]),
    "assistance_file": Rule(
        Reach.CASE,
        arguments=lambda case: [
            {"pk": a.pk, "document_pk": d.pk} for a in case.assistances.all() for d in a.attached.all()
        ],
    ),
    "login": Rule(Reach.ANYBODY),
    "logout": Rule(Reach.ANYBODY, "post"),
    "queue": Rule(Reach.STAFF),
    "take_out": Rule(Reach.STAFF, arguments=lambda case: [{"form": "csv"}, {"form": "xlsx"}]),
    "hand_out": Rule(Reach.STAFF, "post"),
    "filters": Rule(Reach.STAFF),
    "rename_filter": Rule(Reach.DELEGATION, arguments=lambda case: [{"pk": 1}]),
    "delete_filter": Rule(Reach.DELEGATION, "post", lambda case: [{"pk": 1}]),
    "restore_filter": Rule(Reach.DELEGATION, "post", lambda case: [{"pk": 1}]),
    "workload": Rule(Reach.STAFF),
    "write_note": Rule(Reach.CASE, arguments=of_case),
    "strike_note": Rule(Reach.CASE, arguments=of_note),
    "today": Rule(Reach.STAFF),
    "today_row": Rule(Reach.STAFF, arguments=lambda case: [{"key": "late"}]),
    "register": Rule(Reach.STAFF),
    "roles": Rule(Reach.STAFF),
    "account": Rule(Reach.STAFF),
    "administration": Rule(Reach.ADMINISTRATOR),
    "people": Rule(Reach.ADMINISTRATOR),
    "new_person": Rule(Reach.ADMINISTRATOR),
    "person": Rule(Reach.ADMINISTRATOR, arguments=of_person),
    "appoint": Rule(Reach.ADMINISTRATOR, "post", of_person),
    "dismiss": Rule(Reach.ADMINISTRATOR, arguments=lambda case: [of_person(case)[0] | {"appointment_pk": 1}]),
    "account_deed": Rule(Reach.ADMINISTRATOR, arguments=lambda case: [of_person(case)[0] | {"deed": "unlock"}]),
    "new_agency": Rule(Reach.SYSTEM),
    "import_chart": Rule(Reach.SYSTEM),
    "close_agency": Rule(Reach.SYSTEM, arguments=of_agency),
    "agency": Rule(Reach.OFFICE, arguments=of_agency),
    "numbering": Rule(Reach.OFFICE, arguments=of_agency),
    "series": Rule(Reach.OFFICE, arguments=lambda case: [of_agency(case)[0] | {"place": 0}]),
    "texts": Rule(Reach.OFFICE, arguments=of_agency),
    "text": Rule(Reach.OFFICE, arguments=lambda case: [of_agency(case)[0] | {"place": "counter"}]),
    "invitation": Rule(Reach.ANYBODY, arguments=lambda case: [{"token": "x" * 32}]),
    "door": Rule(Reach.OFFICE, arguments=of_agency),
    "password": Rule(Reach.STAFF),
    "unsent": Rule(Reach.STAFF),
    "delegations": Rule(Reach.STAFF),
    "end_delegation": Rule(Reach.DELEGATION, "post", lambda case: [{"pk": 1}]),
    "inbox": Rule(Reach.STAFF),
    "read": Rule(Reach.STAFF, "post"),
    "mailbox": Rule(Reach.STAFF),
    "preferences": Rule(Reach.STAFF),
    "undeliverable": Rule(Reach.OFFICERS),
    "send_undeliverable": Rule(Reach.OFFICERS, "post"),
    "webhooks": Rule(Reach.AGENCY_ADMINISTRATOR),
    "webhook_log": Rule(
        Reach.AGENCY_ADMINISTRATOR, arguments=lambda case: [{"pk": e.pk} for e in WebhookEndpoint.objects.all()]
    ),
    "tokens": Rule(Reach.AGENCY_ADMINISTRATOR),
    "revoke_token": Rule(
        Reach.AGENCY_ADMINISTRATOR, arguments=lambda case: [{"pk": e.pk} for e in ApiToken.objects.all()]
    ),
    "change_webhook": Rule(
        Reach.AGENCY_ADMINISTRATOR,
        "post",
        lambda case: [{"pk": e.pk, "deed": deed} for e in WebhookEndpoint.objects.all() for deed in ("ping", "rotate")],
    ),
    "case": Rule(Reach.CASE, arguments=of_case),
    "receipt": Rule(Reach.CASE, arguments=of_case),
    "receipt_pdf": Rule(Reach.CASE, arguments=of_case),
    "ratings": Rule(Reach.HEAD),
    "audit": Rule(Reach.AUDITOR),
    "export_audit": Rule(Reach.AUDITOR),
    "paper": Rule(Reach.CASE, arguments=of_case),
    "arrivals": Rule(Reach.STAFF),
    "arrival": Rule(Reach.CASE, arguments=of_mail),
    "hand_over": Rule(Reach.CASE, "post", of_mail),
    "close_arrival": Rule(Reach.CASE, "post", of_mail),
    "document": Rule(
        Reach.CASE, arguments=lambda case: [{"pk": case.pk, "document_pk": d.pk} for d in case.documents.all()]
    ),
    "materials": Rule(Reach.CASE, arguments=of_case),
    "material": Rule(Reach.CASE, arguments=of_record),
    "material_original": Rule(Reach.CASE, arguments=of_record),
    "material_page": Rule(Reach.CASE, arguments=lambda case: [each | {"number": 1} for each in of_record(case)]),
    "released_file": Rule(
        Reach.CASE,
        arguments=lambda case: [
            {"pk": case.pk, "release_pk": r.pk} for r in Release.objects.filter(material__document__case=case)
        ],
    ),
    "letter": Rule(
        Reach.CASE,
        arguments=lambda case: [{"pk": case.pk, "form": form} for form in ("pdf", "docx") if case.decisions.exists()],
    ),
    "service_sheet": Rule(Reach.CASE, arguments=of_case),
    "stored_letter": Rule(
        Reach.CASE,
        arguments=lambda case: [
            {"pk": case.pk, "letter_pk": letter.pk, "form": form}
            for letter in case.letters.all()
            for form in ("pdf", "docx")
        ],
    ),
    "identity": Rule(Reach.CASE, "post", of_case),
    "propose": Rule(Reach.CASE, arguments=of_case),
    "offer_link": Rule(Reach.CASE, arguments=of_case),
    "ledger": Rule(Reach.STAFF),
    "export": Rule(Reach.STAFF, "post"),
    "editions": Rule(Reach.ADMINISTRATOR),
    "calendar_year": Rule(Reach.ADMINISTRATOR, arguments=lambda case: [{"year": 2026}]),
    "edition": Rule(Reach.ADMINISTRATOR, arguments=lambda case: [{"pk": 1}]),
    "write_edition": Rule(Reach.SYSTEM),
    "preview_edition": Rule(Reach.ADMINISTRATOR, "post"),
    "apply_edition": Rule(Reach.ADMINISTRATOR, "post"),
    "settings": Rule(Reach.OFFICE),
    "settings_of": Rule(Reach.OFFICE, arguments=of_agency),
    "templates": Rule(Reach.OFFICE),
    "templates_of": Rule(Reach.OFFICE, arguments=of_agency),
    "template": Rule(Reach.OFFICE, arguments=of_document),
    "end_template": Rule(Reach.OFFICE, "post", of_document),
    "letters": Rule(Reach.STAFF),
    "letters_of": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case)]),
    "export_letters": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case) | {"form": "csv"}]),
    "void_letter": Rule(Reach.FIGURES, arguments=lambda case: [{"code": case.agency.code, "pk": 1}]),
    "registers": Rule(Reach.STAFF),
    "registers_of": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case)]),
    "spared": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case)]),
    "table2_cell": Rule(
        Reach.FIGURES, arguments=lambda case: [of_year(case) | {"row": "regulations", "column": "made"}]
    ),
    "entries": Rule(Reach.FIGURES, arguments=lambda case: of_register(case, "year")),
    "export_register": Rule(Reach.FIGURES, arguments=lambda case: of_register(case, "year", "form")),
    "add_entry": Rule(Reach.FIGURES, arguments=of_register),
    "import_register": Rule(Reach.FIGURES, arguments=of_register),
    "register_sheet": Rule(Reach.FIGURES, arguments=lambda case: of_register(case, "form")),
    "entry": Rule(Reach.FIGURES, arguments=lambda case: of_register(case, "pk")),
    "correct_entry": Rule(Reach.FIGURES, arguments=lambda case: of_register(case, "pk")),
    "strike_entry": Rule(Reach.FIGURES, arguments=lambda case: of_register(case, "pk")),
    "mergers": Rule(Reach.MERGER),
    "undo_merger": Rule(Reach.MERGER, arguments=lambda case: [{"code": case.agency.code}]),
    "figures": Rule(Reach.STAFF),
    "table": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case)]),
    "doubt": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case) | {"key": "overdue"}]),
    "counted": Rule(Reach.CASE, arguments=of_case),
    "prose": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case)]),
    "fees": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case)]),
    "download": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case) | {"form": form} for form in FORMATS]),
    "reports": Rule(Reach.STAFF),
    "report": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case)]),
    "papers": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case)]),
    "report_act": Rule(
        Reach.FIGURES, arguments=lambda case: [of_year(case) | {"deed": act.value} for act in ReportAct]
    ),
    "edition_of": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case) | {"number": 1}]),
    "edition_file": Rule(
        Reach.FIGURES, arguments=lambda case: [of_year(case) | {"number": 1, "form": form} for form in FORMATS]
    ),
    "edition_cell": Rule(
        Reach.FIGURES, arguments=lambda case: [of_year(case) | {"number": 1, "row": "new", "column": "total"}]
    ),
    "compare_edition": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case) | {"number": 1}]),
    "pictures": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case)]),
    "pictures_of_years": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case)]),
    "pictures_of_units": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case)]),
    "pictures_report": Rule(
        Reach.FIGURES, arguments=lambda case: [of_year(case) | {"form": form} for form in PICTURED]
    ),
    "cell": Rule(Reach.FIGURES, arguments=lambda case: [of_year(case) | {"row": "new", "column": "total"}]),
    "region": Rule(Reach.REGION, arguments=lambda case: [of_year(case)]),
    "export_region": Rule(Reach.REGION, arguments=lambda case: [of_year(case) | {"form": "csv"}]),
    "remind_region": Rule(Reach.REGION, "post", lambda case: [of_year(case)]),
    "region_unit": Rule(Reach.REGION, arguments=lambda case: [of_year(case) | {"unit": case.agency.code}]),
    "receive_report": Rule(Reach.REGION, arguments=lambda case: [of_year(case) | {"unit": case.agency.code}]),
    "region_outside": Rule(Reach.REGION, "post", lambda case: [of_year(case) | {"unit": case.agency.code}]),
    "received_file": Rule(Reach.REGION, arguments=lambda case: [of_year(case) | {"pk": of_received(case)}]),
    "withdraw_received": Rule(Reach.REGION, arguments=lambda case: [of_year(case) | {"pk": of_received(case)}]),
    "region_cell": Rule(Reach.REGION, arguments=lambda case: [of_year(case) | {"row": "new", "column": "total"}]),
    "corrections": Rule(Reach.STAFF),
    "register_correction": Rule(Reach.STAFF),
    "correction_receipt": Rule(Reach.CASE, arguments=of_correction),
    "correction": Rule(Reach.CASE, arguments=of_correction),
    "correction_evidence": Rule(
        Reach.CASE, arguments=lambda case: [of_correction(case)[0] | {"file_pk": Evidence.objects.get().pk}]
    ),
    "correction_identity": Rule(Reach.CASE, "post", of_correction),
    "correction_act": Rule(
        Reach.CASE, arguments=lambda case: [of_correction(case)[0] | {"deed": act.value} for act in FORMS]
    ),
    "proposals": Rule(Reach.STAFF),
    "proposal": Rule(Reach.CASE, arguments=of_proposal),
    "decide_proposal": Rule(
        Reach.CASE, "post", lambda case: [of_proposal(case)[0] | {"deed": deed} for deed in ("word", "decline")]
    ),
    "propose_publication": Rule(Reach.CASE, "post", of_case),
    "disputes": Rule(Reach.STAFF),
    "new_dispute": Rule(Reach.STAFF),
    "dispute_case": Rule(Reach.CASE, arguments=of_case),
    "dispute": Rule(Reach.CASE, arguments=of_dispute),
    "dispute_stage": Rule(Reach.CASE, arguments=of_dispute),
    "disputed_places": Rule(Reach.CASE, arguments=of_dispute),
    "correct_dispute": Rule(Reach.CASE, arguments=lambda case: of_dispute(case, step=True)),
    "strike_out_dispute": Rule(Reach.CASE, arguments=lambda case: of_dispute(case, step=True)),
    "reopen_dispute": Rule(Reach.CASE, arguments=of_dispute),
    "dispute_cell": Rule(
        Reach.FIGURES, arguments=lambda case: [of_year(case) | {"group": "direct_suit", "column": "total"}]
    ),
    "act": Rule(Reach.CASE, arguments=lambda case: [{"pk": case.pk, "verb": verb.value} for verb in ACTS]),
}


def routes() -> Iterator[str]:
    """The names of all addresses of the desk, read from the resolver."""
    for face in get_resolver().url_patterns:
        if isinstance(face, URLResolver) and face.app_name == "desk":
            for pattern in face.url_patterns:
                assert isinstance(pattern, URLPattern)
                assert pattern.name, f"{pattern} has no name and so no rule"
                yield pattern.name


@pytest.fixture
def addresses(players: Cast) -> Callable[[Reach], list[tuple[str, str]]]:
    """The addresses under a rule, filled in for a case of Dongshan with a file and a letter."""
    case = registered(players, on=AS_OF.date()).case
    attach(case, Upload("申请书.txt", b"text"), DocumentKind.APPLICATION, by=None, at=moment(AS_OF.date()))
    add_materials(case, (Upload("清单.pdf", papers.pdf()),), by=players.wang, at=moment(AS_OF.date()))
    release = ask_release(Material.objects.get(), Audience.APPLICANT, by=players.wang, at=moment(AS_OF.date()))
    make_file(release.pk, at=moment(AS_OF.date()))
    prepare(case, Verb.REQUEST_SUPPLEMENT, unclear="请说明年度。", by=players.wang, at=moment(AS_OF.date()))

    disputed(players, case, on=AS_OF.date())
    assist.request_assistance(
        case,
        name="财务科",
        question="请提供张三说的清单。",
        due_on=AS_OF.date(),
        by=players.wang,
        at=moment(AS_OF.date()),
        uploads=(Upload("摘要.txt", b"what to look for"),),
    )

    def under(*reaches: Reach) -> list[tuple[str, str]]:
        return [
            (RULES[name].method, reverse(f"desk:{name}", kwargs=given))
            for name in routes()
            if RULES[name].reach in reaches
            for given in RULES[name].arguments(case)
        ]

    return under


def test_every_route_has_a_rule() -> None:
    assert sorted(routes()) == sorted(RULES)


def test_who_has_not_logged_in_is_asked_to(addresses: Callable[..., list[tuple[str, str]]], client: Client) -> None:
    inside = addresses(*(reach for reach in Reach if reach is not Reach.ANYBODY))
    assert len(inside) > 20
    for _method, address in inside:
        for answer in (client.get(address), client.post(address)):
            assert (answer.status_code, answer.headers.get("Location", "").split("?")[0]) in {
                (302, "/desk/login/"),
                (405, ""),
            }, address


def test_for_another_agency_the_case_does_not_exist(
    addresses: Callable[..., list[tuple[str, str]]], players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    client = at_desk(players.zhao)
    for _method, address in addresses(Reach.CASE, Reach.FIGURES, Reach.REGION):
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in (404, 405), address
            assert "张三" not in answer.content.decode()


def test_calendar_editions_are_for_administrators_alone(
    addresses: Callable[..., list[tuple[str, str]]], players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    for person in (players.wang, players.li, players.zhou):
        client = at_desk(person)
        for method, address in addresses(Reach.ADMINISTRATOR, Reach.SYSTEM):
            assert getattr(client, method)(address).status_code == 403, (person, address)


def test_undelivered_messages_are_for_heads_and_administrators_and_webhooks_for_administrators(
    addresses: Callable[..., list[tuple[str, str]]], players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    administrator = cast.person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    allowed = {Reach.OFFICERS: {players.li, administrator}, Reach.AGENCY_ADMINISTRATOR: {administrator}}
    for reach, those in allowed.items():
        for staff in (players.wang, players.li, players.zhou, administrator):
            client = at_desk(staff)
            for method, address in addresses(reach):
                found = getattr(client, method)(address).status_code in (200, 302)
                assert found == (staff in those), (staff, address)


def test_settings_and_templates_are_for_administrators_of_the_agency_alone(
    addresses: Callable[..., list[tuple[str, str]]], players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    elsewhere = cast.person("fremd", "外人", players.elsewhere, Role.AGENCY_ADMINISTRATOR)
    for each in (players.wang, players.li, players.zhou, elsewhere):
        client = at_desk(each)
        for method, address in addresses(Reach.OFFICE):
            answer = getattr(client, method)(address)
            if answer.status_code == 302:
                assert "320800" in answer.headers["Location"]  # the way in leads to one's own
            else:
                assert answer.status_code in (403, 404), (each, address)


def test_what_applicants_think_is_for_heads_alone(
    addresses: Callable[..., list[tuple[str, str]]], players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    administrator = cast.person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    for staff in (players.wang, players.sun, players.li, players.zhou, administrator):
        client = at_desk(staff)
        for method, address in addresses(Reach.HEAD):
            found = getattr(client, method)(address).status_code
            assert found == (200 if staff == players.li else 403), (staff, address)


def test_a_region_is_for_those_who_sum_it(
    addresses: Callable[..., list[tuple[str, str]]], players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    allowed = {
        cast.person("long", "龙督", players.dongshan, Role.REGION_SUPERVISOR),
        cast.person("bai", "白露", players.dongshan, Role.REPORT_EDITOR),
    }
    below = cast.person("xia", "夏编", players.civil, Role.REPORT_EDITOR, Role.REGION_SUPERVISOR)
    for staff in (*allowed, below, players.wang, players.li, players.zhou):
        client = at_desk(staff)
        for method, address in addresses(Reach.REGION):
            answer = getattr(client, method)(address)
            b"".join(answer) if answer.streaming else answer.content  # a file is read to its end, and so closed
            assert answer.status_code in ((200, 302) if staff in allowed else (404,)), (staff, address)


def test_mergers_are_for_system_administrators_and_supervisors(
    addresses: Callable[..., list[tuple[str, str]]], players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    Agency.objects.filter(pk=players.dongshan.pk).update(successor=players.elsewhere, succeeded_on=AS_OF.date())
    allowed = {
        cast.person("long", "龙督", players.dongshan, Role.REGION_SUPERVISOR),
        cast.person("yan", "严格", players.civil, Role.SYSTEM_ADMINISTRATOR),
    }
    administrator = cast.person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    for staff in (*allowed, administrator, players.wang, players.li, players.zhou, players.zhao):
        client = at_desk(staff)
        for method, address in addresses(Reach.MERGER):
            assert getattr(client, method)(address).status_code == (200 if staff in allowed else 403), (staff, address)
    below = at_desk(cast.person("xia", "夏督", players.civil, Role.REGION_SUPERVISOR))
    assert below.get("/desk/annual/mergers/230406/undo/").status_code == 404


def test_whoever_is_inside_gets_their_own_pages(
    addresses: Callable[..., list[tuple[str, str]]], players: Cast, at_desk: Callable[[Staff], Client], settings: Any
) -> None:
    settings.EMAIL_FILE_PATH = "nowhere"
    for person in (players.wang, players.li):
        client = at_desk(person)
        for method, address in addresses(Reach.STAFF):
            answer = getattr(client, method)(address)
            b"".join(answer) if answer.streaming else answer.content  # a file is read to its end, and so closed
            assert answer.status_code in (200, 302), (person, address)


def test_whoever_has_no_role_sees_no_case(players: Cast, at_desk: Callable[[Staff], Client], case: Case) -> None:
    nobody = Staff.objects.create(username="nobody")
    client = at_desk(nobody)
    assert client.get("/desk/").status_code == 200
    assert client.get(f"/desk/cases/{case.pk}/").status_code == 404
    assert client.get("/desk/register/").status_code == 403


def test_pages_are_kept_nowhere(wang: Client, case: Case) -> None:
    for address in ("/desk/", f"/desk/cases/{case.pk}/"):
        assert "no-store" in wang.get(address).headers["Cache-Control"]


def test_an_act_needs_the_token_of_the_page(players: Cast, case: Case) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(players.wang)
    answer = strict.post(f"/desk/cases/{case.pk}/withdraw/", {"version": case.version})
    assert answer.status_code == 403
    assert Case.objects.get().is_open
