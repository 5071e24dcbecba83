"""Run in a process of its own: a database as the first release left it is brought up to now; what became of it."""

import json
from datetime import UTC, date, datetime

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from casework.models import Case

FIRST = [("casework", "0001_initial"), ("notifications", "0001_initial")]
DAY, MOMENT = date(2026, 3, 2), datetime(2026, 3, 2, 2, tzinfo=UTC)
CLOSED, CORRECTED = datetime(2026, 3, 20, 2, tzinfo=UTC), datetime(2026, 4, 1, 2, tzinfo=UTC)


def fill() -> None:
    """One closed case whose reply was posted and received, with a paid fee and an organ consulted."""
    executor = MigrationExecutor(connection)
    executor.migrate(FIRST)
    old = MigrationExecutor(connection).loader.project_state(FIRST).apps

    def make(model: str, **values: object) -> object:
        return old.get_model("casework", model).objects.create(**values)

    agency = make("Agency", code="1", name="某局", path="1/")
    clerk, head = (make("Staff", username=name, password="!") for name in ("clerk", "head"))
    case = make(
        "Case",
        agency=agency,
        number="1-2026-00001",
        year=2026,
        applicant=make("Applicant", name="张三"),
        applicant_kind="natural_person",
        channel="in_person",
        arrived_on=DAY,
        received_on=DAY,
        registered_at=MOMENT,
        content="申请内容",
        state="disclosed",
        outcome="granted",
        closed_on=date(2026, 3, 20),
    )
    make(
        "Decision",
        case=case,
        outcome="granted",
        proposed_by=clerk,
        proposed_at=MOMENT,
        signed_by=head,
        signed_at=MOMENT,
        mode="post",
        postal_number="EX123",
        dispatched_on=date(2026, 3, 20),
        delivered_on=date(2026, 3, 23),
    )
    # Registered as a business of 20 February and closed so; in April kind and day were corrected.
    corrected = {"before": {"applicant_kind": "business", "arrived_on": "2026-02-20"}, "fields": []}
    for kind, at, payload in (("dispatched", CLOSED, {"outcome": "granted"}), ("corrected", CORRECTED, corrected)):
        make("Event", case=case, kind=kind, on=at.date(), at=at, payload=payload)
    make("Document", case=case, kind="reply", name="附件.pdf", size=1, sha256="0" * 64, added_at=MOMENT)
    make("FeeNotice", case=case, notified_on=DAY, period_ends_on=date(2026, 4, 1), amount=200, paid_on=date(2026, 3, 6))
    make("Consultation", case=case, party="other_agency", name="某委", sent_on=DAY)


def upgrade() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def found() -> dict[str, object]:
    """What the models of today read."""
    case = Case.objects.get()
    (delivery,), (fee,), (asked,) = case.deliveries.all(), case.fee_notices.all(), case.consultations.all()
    return {
        "mode": delivery.mode,
        "postal_number": delivery.postal_number,
        "sent_on": str(delivery.sent_on),
        "delivered_on": str(delivery.delivered_on),
        "decision": delivery.decision_id == case.decisions.get().pk,
        "attachments": case.documents.get().decision_id == case.decisions.get().pk,
        "paid": str(fee.paid_amount),
        "party": asked.party,
        "due": str(case.due().due_on),
        "counted": [
            [row.cause, row.applicant_kind, str(row.received_on), str(row.closed_on), row.outcome]
            for row in case.count_changes.all()
        ],
    }


def main() -> None:
    fill()
    upgrade()
    print(json.dumps(found()))
