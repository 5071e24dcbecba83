from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Q, Subquery


def carry_over(apps: Any, schema_editor: Any) -> None:
    """How a reply left and when it arrived stood on the decision; each becomes the first attempt to serve it."""
    decision, delivery = (apps.get_model("casework", name) for name in ("Decision", "Delivery"))
    sent = decision.objects.filter(~Q(mode=""), dispatched_on__isnull=False, deliveries=None)
    rows = []
    for each in sent.prefetch_related("letters").iterator(chunk_size=500):
        by = each.signed_by_id or each.proposed_by_id
        if by is None:  # decided in another system, where nobody of this one sent anything
            continue
        letter = next((letter for letter in each.letters.all() if letter.voided_at is None), None)
        rows.append(
            delivery(
                case_id=each.case_id,
                decision=each,
                letter=letter,
                mode=each.mode,
                postal_number=each.postal_number,
                sent_on=each.dispatched_on,
                sent_by_id=by,
                delivered_on=each.delivered_on,
            )
        )
    delivery.objects.bulk_create(rows, batch_size=500)


def give_attachments(apps: Any, schema_editor: Any) -> None:
    """Attachments of replies belonged to the case; each belongs to the draft that stands, as the case had only one."""
    decision, document = (apps.get_model("casework", name) for name in ("Decision", "Document"))
    standing = decision.objects.filter(case=OuterRef("case"), returned_at=None).values("pk")[:1]
    document.objects.filter(kind="reply", decision=None).update(decision=Subquery(standing))


class Migration(migrations.Migration):
    """Apart from the next, which takes the columns away: PostgreSQL changes no table with rows still being checked."""

    dependencies = [("casework", "0011_earlier_reply")]
    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RunPython(give_attachments, migrations.RunPython.noop),
    ]
