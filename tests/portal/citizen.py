"""A citizen with an account, in a browser without scripts; codes are read from what was written to them."""

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from casework.models import Staff
from notifications.models import Message
from notifications.wording import text_message, worded
from tests.portal.visitor import Visitor

MAIL = "zhang.san@example.com"
PHONE = "13800138000"


def digits_to(address: str) -> str:
    """The digits of the latest code that was sent there."""
    sent = Message.objects.filter(notice="code_wanted", address=address).latest("pk")
    said = text_message(sent) if sent.channel == "sms" else worded(sent).text
    found = re.search(r"\b(\d{6})\b", said)
    assert found, said
    return found[1]


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06}"


@dataclass
class Citizen(Visitor):
    """Somebody who comes in by a code."""

    address: str = MAIL

    def asks(self, address: str = "", **more: Any) -> HttpResponse:
        """Ask for a code to the address."""
        return self.send("/account/sign-in/", {"address": address or self.address, **more})

    def types(self, digits: str = "") -> HttpResponse:
        return self.send("/account/sign-in/code/", {"code": digits or digits_to(self.address)})

    def enters(self) -> HttpResponse:
        self.asks()
        return self.types()

    @property
    def account(self) -> Staff:
        return (
            Staff.applicants.get(email=self.address)
            if "@" in self.address
            else Staff.applicants.get(phone=self.address)
        )
