"""Secrets in messages: stored sealed, opened when the message is worded. ``{% load sealed %}``."""

from cryptography.exceptions import InvalidTag
from django import template

from casework.models.consultation import LINK
from casework.models.sealing import unseal

register = template.Library()


@register.filter
def unsealed(value: str) -> str:
    """The token of a link; nothing, where its key is gone or the message was tampered with."""
    try:
        return unseal(bytes.fromhex(value), LINK)
    except (ValueError, LookupError, InvalidTag):
        return ""
