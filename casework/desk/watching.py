"""What the desk puts on record of itself: who read which personal data, and who was turned away.

Every route of the desk stands in one of the tables below, so that a new page can't forget to say what it shows.
The record is written before the page leaves: where it can't be written, nothing is shown.
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from casework import audit
from casework.desk.door import DESK
from casework.entries import home_of, where
from casework.models import AccessKind, Case, Staff

#: Pages about one person or one file.
READ: Final = frozenset(
    {
        "case",
        "document",
        "materials",
        "material",
        "material_original",
        "released_file",
        "letter",
        "stored_letter",
        "service_sheet",
        "identity",
        "receipt",
        "receipt_pdf",
        "paper",
        "counted",
        "act",
        "propose",
        "offer_link",
        "write_note",
        "strike_note",
        "register",
        "register_correction",
        "assistance",
        "assistance_paper",
        "assistance_file",
        "arrival",
        "hand_over",
        "close_arrival",
        "dispute",
        "dispute_stage",
        "correct_dispute",
        "strike_out_dispute",
        "reopen_dispute",
        "dispute_case",
        "new_dispute",
        "void_letter",
        "correction",
        "correction_act",
        "correction_receipt",
        "correction_evidence",
        "correction_identity",
        "publication",
        "propose_to_publish",
        "clear_publication",
        "decide_publication",
        "return_publication",
        "revoke_publication",
        "disputed_places",
    }
)
#: Pages on which several people's names or applications stand.
LISTED: Final = frozenset(
    {
        "queue",
        "today",
        "today_row",
        "hand_out",
        "requests",
        "arrivals",
        "disputes",
        "cell",
        "edition_cell",
        "dispute_cell",
        "doubt",
        "fees",
        "undeliverable",
        "inbox",
        "mailbox",
        "letters_of",
        "ledger",
        "corrections",
        "publications",
        "proposals",
        "proposal",
    }
)
EXPORTED: Final = frozenset({"take_out", "export", "export_letters"})
AUDITED: Final = frozenset({"audit", "export_audit"})
#: Figures, settings, colleagues, one's own account; ``material_page`` is a picture on ``material``; the inbox and the
#: mailbox page are above.
IMPERSONAL: Final = frozenset(
    {
        "workload",
        "filters",
        "rename_filter",
        "delete_filter",
        "restore_filter",
        "login",
        "logout",
        "account",
        "password",
        "unsent",
        "roles",
        "administration",
        "new_agency",
        "import_chart",
        "agency",
        "close_agency",
        "door",
        "people",
        "new_person",
        "person",
        "appoint",
        "dismiss",
        "account_deed",
        "delegations",
        "end_delegation",
        "read",
        "preferences",
        "send_undeliverable",
        "webhooks",
        "change_webhook",
        "editions",
        "write_edition",
        "preview_edition",
        "apply_edition",
        "calendar_year",
        "edition",
        "settings",
        "settings_of",
        "templates",
        "templates_of",
        "template",
        "end_template",
        "letters",
        "figures",
        "reports",
        "table",
        "download",
        "report",
        "papers",
        "report_act",
        "edition_of",
        "compare_edition",
        "edition_file",
        "prose",
        "mergers",
        "undo_merger",
        "region",
        "export_region",
        "remind_region",
        "region_unit",
        "receive_report",
        "region_outside",
        "received_file",
        "withdraw_received",
        "region_cell",
        "pictures",
        "pictures_of_years",
        "pictures_of_units",
        "pictures_report",
        "registers",
        "registers_of",
        "spared",
        "table2_cell",
        "entries",
        "export_register",
        "add_entry",
        "import_register",
        "register_sheet",
        "entry",
        "correct_entry",
        "strike_entry",
        "ratings",
        "material_page",
        "decide_proposal",
        "propose_publication",
        "invitation",
        "numbering",
        "series",
        "texts",
        "text",
        "tokens",
        "revoke_token",
        "webhook_log",
    }
)
_KINDS: Final = {
    **dict.fromkeys(READ, AccessKind.READ),
    **dict.fromkeys(LISTED, AccessKind.LISTED),
    **dict.fromkeys(EXPORTED, AccessKind.EXPORTED),
    **dict.fromkeys(AUDITED, AccessKind.AUDITED),
}
_TURNED_AWAY: Final = {403: AccessKind.DENIED, 404: AccessKind.MISSING}


class AccessLog:
    """Writes down what the desk showed or refused, under the name of the request that its lines in the log bear too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path.startswith(DESK) and isinstance(getattr(request, "user", None), Staff):
            _note(request, response.status_code)
        return response


def _note(request: HttpRequest, status: int) -> None:
    match = request.resolver_match
    page = match.url_name or "" if match else ""
    kind = _TURNED_AWAY.get(status)
    if kind is None and status == 200:
        kind = _KINDS.get(page)
    if kind is None:
        return
    case: Case | None = getattr(request, "read_case", None) if status == 200 else None
    person = request.user
    assert isinstance(person, Staff)
    audit.record(
        kind,
        at=timezone.now(),
        by=person,
        agency=case.agency_id if case else home_of(person),
        case=case,
        page=page,
        what="" if case and page == "case" else unquote(request.get_full_path()),
        **where(request),
    )
