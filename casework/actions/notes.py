"""Internal notes on a case: written once, struck with a reason, never sent anywhere. No act on the case itself."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from casework.access import READS_CASES, AgencyAct, check_may_for_agency, may_strike
from casework.actions.record import clean
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case, CaseNote, Staff
from casework.models.note import LONGEST_NOTE
from casework.notices import tell_mentioned


def write_note(case: Case, text: str, *, mentioned: Iterable[Staff] = (), by: Staff, at: datetime) -> CaseNote:
    """Put a note beside the file; colleagues who are named in it hear so in the house, without its words."""
    check_may_for_agency(by, AgencyAct.WRITE_NOTES, case.agency)
    people = {person.pk: person for person in mentioned if person.pk != by.pk}
    for person in people.values():
        if not person.is_active or not person.holds(case.agency_id, *READS_CASES):
            raise Refused(
                Text("{name}不能查看本件，不能提醒。", "{name} may not read this case, so can't be mentioned.").format(
                    name=person.get_full_name()
                ),
                field="mentioned",
            )
    words = clean(text, "text", longest=LONGEST_NOTE)
    with transaction.atomic():
        note = CaseNote.objects.create(case=case, text=words, author=by, at=at)
        note.mentioned.set(people.values())
        tell_mentioned(note, people.values(), at=at)
    return note


def strike_note(note: CaseNote, *, reason: str, by: Staff, at: datetime) -> CaseNote:
    """Cross a note out, by its author or a head; struck again it stays as it was struck first."""
    if not may_strike(by, note):
        raise Refused(Text("备注由写的人或者负责人划去。", "A note is struck by its author or by a head."))
    words = clean(reason, "reason", longest=300, lines=False)
    if not note.strike(by=by, at=at, reason=words):
        raise Refused(
            Text("这条备注已经被{name}划去。", "{name} has struck this note already.").format(
                name=note.struck_by.get_full_name() if note.struck_by else "—"
            )
        )
    return note
