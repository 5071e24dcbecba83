"""An applicant rates a reply: once, changed for a while, and never of any effect on the case."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case, Rating

from .record import clean

LONGEST_COMMENT: Final = 1000


def rate_reply(case: Case, *, satisfaction: int, comment: str = "", at: datetime) -> Rating:
    """Store what the applicant thinks of the reply; a second time changes it while that is open.

    No event is written: a rating is no part of the file, and nobody who handles the case is told.
    """
    decision = case.current_decision
    if decision is None or decision.dispatched_on is None or case.is_open:
        raise Refused(Text("收到答复以后才能评价。", "A reply can be rated once you have it."))
    if satisfaction not in range(1, 6):
        raise Refused(Text("请选择满意程度。", "Choose how satisfied you are."), field="satisfaction")
    comment = clean(comment, "comment", longest=LONGEST_COMMENT, required=False)
    try:
        with transaction.atomic():
            kept = Rating.objects.select_for_update().filter(decision=decision).first()
            if kept is None:
                return Rating.objects.create(decision=decision, satisfaction=satisfaction, comment=comment, at=at)
            if (kept.satisfaction, kept.comment) == (satisfaction, comment):
                return kept
            if not kept.may_change(at):
                raise Refused(
                    Text("评价满30天以后不能再改。", "A rating can be changed for 30 days; that time has passed.")
                )
            kept.satisfaction, kept.comment, kept.changed_at = satisfaction, comment, at
            kept.save(update_fields=["satisfaction", "comment", "changed_at"])
            return kept
    except IntegrityError:  # another window was as quick: the second press changes what the first has stored
        return rate_reply(case, satisfaction=satisfaction, comment=comment, at=at)
