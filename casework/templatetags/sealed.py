"""Secrets in messages: stored sealed, opened when the message is worded. ``{% load sealed %}``."""

from cryptography.exceptions import InvalidTag
from django import template

from casework.models.account import CODE
from casework.models.consultation import LINK
from casework.models.invitation import INVITED
from casework.models.sealing import unseal

register = template.Library()


@register.filter
def unsealed(value: str) -> str:
    """The token of a consultation's link; nothing, where its key is gone or the message was tampered with."""
    return _opened(value, LINK)


@register.filter
def invited(value: str) -> str:
    """The same of the link of an invitation."""
    return _opened(value, INVITED)


@register.filter
def unsealed_code(value: str) -> str:
    """The same of the digits of a code."""
    return _opened(value, CODE)


def _opened(value: str, purpose: str) -> str:
    try:
        return unseal(bytes.fromhex(value), purpose)
    except (ValueError, LookupError, InvalidTag):
        return ""
