"""Sealing anew with the first key what older keys have sealed, so that those can be thrown away.

What ends by itself within days is left alone: sessions, texts of forms left open, secrets in messages that wait.
"""

from collections.abc import Iterator
from typing import Any, Final

from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db.models import Model, QuerySet

from casework.models import account, acknowledgement, apitoken, arrival, draft
from casework.models.sealing import is_of_first_key, seal, unseal

#: Every sealed column of the database, and what its values are bound to.
COLUMNS: Final[dict[str, dict[str, str]]] = {
    "casework.Applicant": {"identity_sealed": "identity"},
    "casework.CoApplicant": {"identity_sealed": "identity"},
    "casework.Agent": {"identity_sealed": "identity"},
    "casework.RecordCorrection": {"identity_sealed": "identity"},
    "casework.Acknowledgement": {"sealed": acknowledgement.PURPOSE},
    "casework.Arrival": {"sealed": arrival.PURPOSE},
    "casework.Draft": {"sealed": draft.PURPOSE},
    "casework.ApiAnswer": {"sealed": apitoken.PURPOSE},
    "casework.SignInCode": {"address_sealed": account.ADDRESS},
    "casework.WebhookEndpoint": {"secret_sealed": "webhook", "secret_before_sealed": "webhook"},
}
#: What the second factors of people are bound to; their sealed texts stand in hex in allauth's table.
SECOND_FACTOR: Final = "second-factor"


def reseal() -> tuple[int, int]:
    """Seal anew whatever another key than the first has sealed; how many, and how many no key opens.

    Run again, it finds nothing left. A value that is changed meanwhile was sealed with the first key by whoever
    changed it, and stays as it is.
    """
    done = lost = 0
    for label, columns in COLUMNS.items():
        for column, purpose in columns.items():
            one, other = _reseal_column(apps.get_model(label), column, purpose)
            done, lost = done + one, lost + other
    one, other = _reseal_factors()
    return done + one, lost + other


def _reseal_column(model: type[Model], column: str, purpose: str) -> tuple[int, int]:
    done = lost = 0
    # A plain query set: some of these rows refuse to be changed, and what they say stays the same.
    rows: QuerySet[Any] = QuerySet(model).exclude(**{column: None}).order_by("pk")
    for pk, stored in _in_parts(rows.values_list("pk", column)):
        if not (old := bytes(stored)) or is_of_first_key(old):
            continue
        try:
            fresh = seal(unseal(old, purpose), purpose)
        except (LookupError, InvalidTag):
            lost += 1
            continue
        done += QuerySet(model).filter(**{"pk": pk, column: stored}).update(**{column: fresh})
    return done, lost


def _reseal_factors() -> tuple[int, int]:
    done = lost = 0
    for factor in Authenticator.objects.order_by("pk"):
        fresh = dict(factor.data)
        for key in ("secret", "seed"):
            text = fresh.get(key)
            if not text or is_of_first_key(old := bytes.fromhex(text)):
                continue
            try:
                fresh[key] = seal(unseal(old, SECOND_FACTOR), SECOND_FACTOR).hex()
            except (LookupError, InvalidTag):
                lost += 1
        if fresh != factor.data:
            done += Authenticator.objects.filter(pk=factor.pk, data=factor.data).update(data=fresh)
    return done, lost


def _in_parts(rows: "QuerySet[Any, tuple[int, Any]]", at_once: int = 1000) -> Iterator[tuple[int, Any]]:
    """Every row by its key, a part at a time: nothing is held open while the rows are written."""
    after = 0
    while part := list(rows.filter(pk__gt=after)[:at_once]):
        yield from part
        after = part[-1][0]
