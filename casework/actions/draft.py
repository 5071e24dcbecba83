"""What becomes of a draft beside being sent: taken up elsewhere, printed, erased, not needed after all.

The draft is nobody's case yet, so nothing here asks for a role; whoever holds its key or its code may do it.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from casework.law.calendar import day_of
from casework.models import Draft, Searchable, Spared, Staff
from casework.models.draft import new_key, new_reference
from casework.models.querycode import compact, hashed, matches, new_code

RESUMED_FOR: Final = timedelta(days=7)
#: The part of the code that finds the draft; the rest is proven by the slow hash.
_FINDS: Final = 6
_ATTEMPTS: Final = 5


def offer_resume(draft: Draft, *, leave: bool, at: datetime) -> str:
    """A code by which the draft is taken up on another device; an earlier one opens it no more.

    With ``leave`` the draft also gets another key: the addresses that stay behind on this computer open nothing.
    Empty for a draft that was sent.
    """
    for _attempt in range(_ATTEMPTS):
        code = new_code()
        fields = {"resume_key": compact(code)[:_FINDS], "resume_hash": hashed(code), "resume_until": at + RESUMED_FOR}
        try:
            with transaction.atomic():
                open_draft = Draft.objects.filter(pk=draft.pk, case=None)
                changed = open_draft.update(**fields, **({"key": new_key()} if leave else {}))
        except IntegrityError:
            continue  # another draft has this beginning
        return code if changed else ""
    raise RuntimeError("no free beginning of a code in five attempts")


def resumed(typed: str, *, at: datetime) -> Draft | None:
    """The draft that this code opens. A wrong code costs as much time as a right one."""
    key = compact(typed)[:_FINDS]
    draft = Draft.objects.filter(resume_key=key, resume_until__gt=at, case=None).first()
    return draft if matches(typed, draft.resume_hash if draft else "") else None


def put_into_list(draft: Draft, account: Staff) -> None:
    """Into the list of whoever took it up with its code, unless it stands in one."""
    Draft.objects.filter(pk=draft.pk, case=None, account=None).update(account=account)


def give_reference(draft: Draft) -> str:
    """The reference that stands on the printed form; the same one however often it is printed."""
    for _attempt in range(_ATTEMPTS):
        if draft.reference:
            return draft.reference
        try:
            with transaction.atomic():
                Draft.objects.filter(pk=draft.pk, reference=None).update(reference=new_reference())
        except IntegrityError:
            continue  # taken
        draft.refresh_from_db(fields=["reference"])
    return draft.reference or ""


def erase(draft: Draft) -> None:
    """Nothing of it stays, unless it was sent."""
    Draft.objects.filter(pk=draft.pk, case=None).delete()


def spare(draft: Draft, found: Searchable, *, at: datetime) -> bool:
    """What is public answers the applicant: the draft goes, and one more is counted; ``False`` if it had gone."""
    if draft.agency is None:
        return False
    with transaction.atomic():
        _all, gone = Draft.objects.filter(pk=draft.pk, case=None).delete()
        if not gone.get("casework.Draft"):
            return False
        Spared.count(draft.agency, found.source, found.of, found.title, on=day_of(at))
    return True
