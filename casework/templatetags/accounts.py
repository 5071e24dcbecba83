"""What was done to an account, as a sentence in the language of the page."""

from django import template

from casework.access import ROLE_WORDS
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
