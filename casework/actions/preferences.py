"""What a member of staff chooses for themselves: by which ways, in which hours, in which language they are told."""

from collections.abc import Mapping
from datetime import time

from django.db import transaction

from casework.models import Choice, Preference, Staff


def choose(
    *,
    by: Staff,
    phone: str,
    language: str,
    quiet_from: time,
    quiet_until: time,
    quiet_rest_days: bool,
    choices: Mapping[str, Mapping[str, bool]],
) -> Preference:
    """Keep the choices in place of those before. ``choices``: group → email, sms, daily."""
    hours = {
        "language": language,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "quiet_rest_days": quiet_rest_days,
    }
    with transaction.atomic():
        Staff.objects.filter(pk=by.pk).update(phone=phone)
        preference, _made = Preference.objects.update_or_create(staff=by, defaults=hours)
        for group, ways in choices.items():
            Choice.objects.update_or_create(preference=preference, group=group, defaults=dict(ways))
    return preference
