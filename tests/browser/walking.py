"""Every page of the site as each person of the demo finds it: by following the links of the pages before it.

A page that no link leads to needs a way of its own in ``WAYS``, and one that is no page a reason in ``NO_PAGES``.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from lxml import html

from casework import demo
from casework.access import Verb
from casework.actions import assist, calendar, consult, mailroom, tokens, webhooks
from casework.actions.consultation_letters import ask as consult_by_letter
from casework.actions.correction import ask
from casework.actions.files import Upload, attach
from casework.actions.filters import save_filter
from casework.actions.merge import merge_agency
from casework.actions.notes import write_note
from casework.actions.officetexts import write_text
from casework.actions.send import prepare
from casework.api.urls import urlpatterns as interface
from casework.demo.office import ROOT
from casework.law.clock import Channel
from casework.law.edition_file import read
from casework.law.officetexts import Place
from casework.models import Acknowledgement, Agency, Case, DispatchMode, Dispute, DocumentKind, RecordCorrection, Staff
from casework.sweeps import tell_of_published
from casework.wordsearch.cases import index_waiting
from tests import correcting
from tests.casework.test_calendar_editions import document
from tests.consulting import COMPANY, SUMMARY
from tests.portal.visitor import Visitor

#: Whose eyes the site is seen with: the district's office role by role, and who holds several elsewhere.
SEATS: Final = (
    "office.clerk1", "office.head", "office.reviewer", "office.secrecy", "office.report", "office.region",
    "office.admin", "office.auditor", "office.system", "minzheng.deputy",
)  # fmt: skip

VISITOR: Final = "visitor"

#: Arguments that make another page of the same address; the others (a case, a year) only fill it differently.
TELLING: Final = {"verb", "deed", "register", "step"}

#: Addresses that show nothing to look at, and why.
NO_PAGES: Final = {
    "healthz": "for machines",
    "readyz": "for machines",
    "metrics": "for machines",
    "portal:language": "takes a form",
    "portal:leave": "takes a form",
    "portal:reports_json": "for machines",
    **dict.fromkeys((f"api:{each.name}" for each in interface if each.name != "docs"), "for machines; tests/api"),
    "desk:logout": "takes a form",
    "desk:correction_identity": "takes a form; tests/desk/test_corrections.py",
    "desk:decide_proposal": "takes a form; tests/portal/test_proposals.py",
    "desk:propose_publication": "takes a form; tests/portal/test_proposals.py",
    "portal:propose_publication": "takes a form; tests/portal/test_proposals.py",
    "portal:support_proposal": "takes a form; tests/portal/test_proposals.py",
    "portal:withdraw_correction": "takes a form; tests/portal/test_correction.py",
    "desk:invitation": "behind a link that is mailed; tests/browser/test_administration.py",
    "desk:read": "takes a form",
    "desk:send_undeliverable": "takes a form",
    "desk:change_webhook": "takes a form",
    "desk:hand_over": "takes a form",
    "desk:close_arrival": "takes a form",
    "desk:identity": "takes a form",
    "desk:export": "takes a form",
    "desk:preview_edition": "takes a form",
    "desk:apply_edition": "takes a form",
    "desk:end_template": "takes a form",
    "desk:end_delegation": "takes a form",
    "desk:remind_region": "takes a form",
    "desk:region_outside": "takes a form",
    "desk:appoint": "takes a form",
    "desk:delete_filter": "takes a form",
    "desk:restore_filter": "takes a form",
    "desk:hand_out": "takes a form",
    "desk:unsent": "takes a form",
    "desk:material_page": "a picture",
    "desk:export_audit": "a file; tests/desk/test_audit.py",
    "portal:given_page": "a picture",
    "portal:replies_feed": "for machines",
    "portal:pause": "takes a form; tests/stories/test_draft_on_another_device.py",
    "portal:erase": "takes a form; tests/stories/test_draft_on_another_device.py",
    "portal:answered": "takes a form; tests/portal/test_before_applying.py",
    "portal:unpair": "takes a form; tests/stories/test_daughter_types_mother_sends.py",
    "portal:paired": "behind six digits; tests/stories/test_daughter_types_mother_sends.py",
    "portal:screen": "behind six digits; tests/stories/test_daughter_types_mother_sends.py",
    **dict.fromkeys(
        (
            "portal:again",
            "portal:code",
            "portal:sign_out",
            "portal:join_account",
            "portal:remove",
            "portal:settings",
            "portal:address",
            "portal:drop_address",
            "portal:sign_out_elsewhere",
            "portal:close",
        ),
        "behind a code that was sent; tests/browser/test_accounts.py",
    ),
    "account_login": "leads to the desk's own log-in",
    **dict.fromkeys(
        (
            "mfa_authenticate",
            "mfa_deactivate_totp",
            "mfa_edit_webauthn",
            "mfa_generate_recovery_codes",
            "mfa_list_webauthn",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_remove_webauthn",
            "mfa_view_recovery_codes",
        ),
        "of a second factor, which nobody of the demo has; tests/desk/test_door.py",
    ),
    **dict.fromkeys(
        (
            "openid_connect_callback",
            "openid_connect_login",
            "socialaccount_login_cancelled",
            "socialaccount_login_error",
            "socialaccount_signup",
        ),
        "of the single sign-on; tests/desk/test_single_sign_on.py",
    ),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """A page as somebody sees it."""

    seat: str
    key: str
    address: str

    @property
    def page(self) -> str:
        """The page itself: its route and what makes another page of it, but nothing of what was asked."""
        match = resolve(urlsplit(self.address).path)
        return " ".join([match.view_name, *(str(value) for name, value in match.kwargs.items() if name in TELLING)])


@dataclass
class Walk:
    """What was seen: which page with whose eyes, what answered badly, and where files lie."""

    sights: list[Sight] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    clients: dict[str, Client] = field(default_factory=dict)
    """Each one's browser, logged in."""
    _shown: set[str] = field(default_factory=set)
    _elements: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))

    def go(self, seat: str, client: Client, *first: str) -> None:
        """Follow every link from here; see a page again only where it has a kind of element for the first time."""
        self.clients[seat] = client
        tried: dict[str, set[str]] = defaultdict(set)
        waiting = list(first)
        while waiting:
            address = waiting.pop(0)
            found = named(address)
            if found is None or (seat != VISITOR and found[0].startswith("portal:")):
                continue
            route, key = found
            self.reached.add(route)
            if is_file(address) or address in tried[key] or len(tried[key]) >= most(seat, route):
                continue
            tried[key].add(address)
            answer: Any = client.get(address)
            if answer.streaming:
                b"".join(answer)  # read to its end, and so closed
                continue
            if answer.status_code == 302:
                waiting.append(urljoin(address, answer.headers["Location"]))
            elif answer.status_code != 200 and address in first:
                self.reached -= {route} - self._shown  # a way for others: here is no page to be seen
            elif answer.status_code != 200:
                self.broken.append(f"{seat}: {address} answers {answer.status_code}")
            elif answer.headers["Content-Type"].startswith("text/html"):
                page: Any = html.fromstring(answer.content)
                waiting += [urljoin(address, link) for a, _name, link, _at in page.iterlinks() if a.tag == "a"]
                elements = {(e.tag, e.get("class", "")) for e in page.iter("*")}
                self._shown.add(route)
                if not elements <= self._elements[key]:
                    self._elements[key] |= elements
                    self.sights.append(Sight(seat, key, address))


#: How many addresses of a page are opened to follow their links, where one is not enough: a case leads to other acts
#: in each of its states.
EXAMPLES: Final = {
    "desk:case": 40, "desk:dispute": 20, "desk:region_unit": 12, "desk:report": 6, "desk:act": 3, "portal:case": 6,
    "portal:next_step": 4, "desk:publication": 4, "desk:correction": 8,
}  # fmt: skip
#: Who opens so many; the others see what is theirs in fewer.
THOROUGH: Final = {VISITOR, "office.clerk1", "office.head"}


def named(address: str) -> tuple[str, str] | None:
    """The route of an address, and the key under which its pages are one page; ``None`` for another site's."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return "nowhere", address
    telling = [str(value) for name, value in match.kwargs.items() if name in TELLING]
    asked = [name for name, value in parse_qsl(parts.query) if value]
    return match.view_name, " ".join([match.view_name, *telling, *sorted(set(asked))])


def most(seat: str, route: str) -> int:
    return EXAMPLES.get(route, 2) if seat in THOROUGH else min(EXAMPLES.get(route, 1), 6)


def is_file(address: str) -> bool:
    return (
        re.search(
            r"\.(pdf|docx|xlsx|csv|json|md|ics|html)$|/(documents|files|released)/\d+/$|/(file|original)/$",
            urlsplit(address).path,
        )
        is not None
    )


def routes() -> Iterator[str]:
    """The names of all addresses of the site."""
    for pattern in get_resolver().url_patterns:
        for each in pattern.url_patterns if isinstance(pattern, URLResolver) else [pattern]:
            assert isinstance(each, URLPattern)
            face = f"{pattern.app_name}:" if isinstance(pattern, URLResolver) and pattern.app_name else ""
            yield f"{face}{each.name}"


def walked(at: datetime) -> Walk:
    """The whole site of the demo."""
    walk = Walk()
    case = visited(walk, at)
    filed = f"{ROOT}/{at.year - 1}/"
    dispute = Dispute.objects.filter(agency__code=ROOT).latest("pk")
    ways = (
        "/desk/today/",
        "/desk/today/late/",
        "/desk/templates/",
        "/desk/settings/",
        "/desk/filters/",
        "/desk/annual/mergers/",
        "/desk/annual/reports/",
        f"/desk/annual/{filed}report/",
        f"/desk/annual/{filed}region/",
        f"/desk/cases/{case.pk}/paper/",
        f"/desk/disputes/{dispute.pk}/reopen/",
    )
    for seat in SEATS:
        client = Client()
        client.force_login(Staff.objects.get(username=seat))
        walk.go(seat, client, "/desk/", *ways)
    return walk


def visited(walk: Walk, at: datetime) -> Case:
    """The visitor's share of it; the case that they filed."""
    visitor = Visitor()
    case, _code = visitor.applied(agency=ROOT)
    receipt = visitor.path
    index_waiting()
    tell_of_published(at=at)
    token = furnish(case, at=at)
    filed = f"{ROOT}/{at.year - 1}/"
    proof = f"/verify/{Acknowledgement.objects.get(case=case).token}/"
    behind = (
        *behind_forms(visitor),
        *asked_to_correct(visitor),
        proof,
        f"/consultation/{token}/",
        f"/reports/{filed}editions/1/",
        "/desk/login/",
    )
    walk.go(VISITOR, visitor.client, "/", receipt, *behind)
    return case


def behind_forms(visitor: Visitor) -> Iterator[str]:
    """Pages to which no link leads, but an application typed, or a number with its code."""
    draft = visitor.filled(agency=ROOT)
    yield from (draft + "check/", draft + "what/content/")
    yield visitor.filled(agency=ROOT, content="请答复到 13800138000，申请公开2025年预算。") + "ahead/"
    for sample in demo.samples():
        visitor.opens(Case.objects.get(number=sample.number), sample.code)
        yield visitor.path


def asked_to_correct(visitor: Visitor) -> Iterator[str]:
    """A request to correct one's own record: its receipt, and its page while something is asked for."""
    sent = correcting.typed(visitor.client, agency=ROOT)
    visitor.send("/correction/", sent)
    found = RecordCorrection.objects.latest("pk")
    yield f"/correction/{found.pk}/receipt/"
    ask(found, text="请补充户口簿的扫描件。", by=Staff.objects.get(username="office.clerk1"), at=found.received_at)
    yield f"/correction/{found.pk}/"


def furnish(case: Case, *, at: datetime) -> str:
    """What the demo has none of: mail, a question inside the house, a calendar put in force; a link to answer by."""
    clerk = Staff.objects.get(username="office.clerk1")
    today = at.date()
    mail: dict[str, Any] = {"channel": Channel.SIGNED_MAIL, "received_by": "收发室", "sender": "张三"}
    mailroom.log_arrival(case.agency, arrived_on=today, **mail, by=clerk, at=at)
    attach(case, Upload("申请书.txt", "见附件。".encode()), DocumentKind.APPLICATION, by=None, at=at)
    other, _code = Visitor().applied(agency=ROOT)
    prepare(other, Verb.REQUEST_SUPPLEMENT, unclear="请说明年度。", by=clerk, at=at)
    assist.request_assistance(
        case,
        name="财务科",
        question="请提供清单。",
        uploads=(Upload("摘要.txt", b"what to look for"),),
        due_on=today,
        by=clerk,
        at=at,
    )
    write_note(case, "已电话询问财务科。", by=clerk, at=at)
    administrator = Staff.objects.get(username="office.admin")
    hook, _secret = webhooks.add(
        case.agency, url="https://93.184.216.34/hook", topics=["clock"], by=administrator, at=at
    )
    webhooks.ping(hook, by=administrator, at=at)
    tokens.give(case.agency, name="省政务平台", scopes=["matrix", "report"], days=90, by=administrator, at=at)
    save_filter("临近到期", "haste=soon", by=clerk, at=at)
    keeper = Staff.objects.get(username="office.admin")
    for place in (Place.COUNTER, Place.BEFORE):
        write_text(case.agency, place, zh="二楼3号窗口。", en="Second floor, window 3.", seen=0, by=keeper, at=at)
    system = Staff.objects.get(username="office.system")
    gone = Agency.objects.create(code=f"{ROOT}-OLD", name="东山区旧房管局", parent=case.agency)
    merge_agency(gone, case.agency, on=today, by=system, at=at)
    notice = read(json.dumps(document()).encode())
    calendar.apply(notice, source="file", by=system, at=at)
    consult_by_letter(case, addressees=[COMPANY], summary=SUMMARY, mode=DispatchMode.IN_PERSON, by=clerk, at=at)
    token, _event = consult.offer_link(case.consultations.get(), mail=False, by=clerk, at=at)
    return token
