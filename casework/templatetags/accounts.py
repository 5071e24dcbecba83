"""What was done to an account, as a sentence in the language of the page."""

from typing import Any

from django import template

from casework.access import ROLE_WORDS, role_words
from casework.law.words import Text
from casework.models import DEEDS, AccountDeed, StaffChange
from casework.models.eventwords import field_words
from casework.templatetags.words import read

register = template.Library()

FACTORS = {
    "totp": Text("动态验证码", "code on the telephone"),
    "webauthn": Text("通行密钥", "passkey"),
    "recovery_codes": Text("恢复码", "recovery codes"),
}
NOTHING = Text("—", "—")


@register.filter
def deed(change: StaffChange) -> str:
    """``{{ change|deed }}``: 任命为东山区民政局承办人。"""
    said = change.payload
    return read(
        DEEDS[AccountDeed(change.kind)].format(
            agency=change.agency.name if change.agency else "—",
            role=ROLE_WORDS.get(said.get("role", ""), NOTHING),
            factor=FACTORS.get(said.get("factor", ""), NOTHING),
            fields=field_words(list(said.get("after", {}))),
        )
    )


@register.filter
def setting(value: Any, field: str) -> str:
    """What a setting was or is, as the record of an agency shows it."""
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part)
    if field == "second_factor_roles":
        return read(role_words(frozenset(value))) or "—"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "—"
    return {None: "—", "": "—", True: "✓", False: "✗"}.get(value, str(value))
