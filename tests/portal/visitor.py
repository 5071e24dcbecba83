"""A visitor of the portal who types, presses and reads; nothing is reached but through the pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from casework.models import Case
from tests import cast

PERSON = {
    "name": "张三",
    "identity_kind": "resident",
    "identity_number": cast.RESIDENT_NUMBER,
    "phone": "13800138000",
    "email": "",
    "address": "",
}
ORGANISATION = {
    "name": "东山区惠民法律服务所",
    "identity_kind": "credit_code",
    "identity_number": cast.CREDIT_CODE,
    "contact_person": "李四",
    "phone": "0469-8223344",
    "email": "",
    "address": "",
}
WHAT = {"subject": "", "content": "申请公开2025年东山区老旧小区改造项目清单及资金安排。"}
HOW = {"wanted_form": "electronic", "wanted_way": "online", "told_by": "", "email": "", "address": ""}


@dataclass
class Visitor:
    """A browser without scripts."""

    client: Client = field(default_factory=Client)
    path: str = "/"

    def get(self, address: str, **query: Any) -> HttpResponse:
        return self.client.get(address, query, follow=True)  # type: ignore[return-value]

    def send(self, address: str, typed: Mapping[str, Any]) -> HttpResponse:
        """Press the button; where the browser ends up is in ``path``."""
        response: Any = self.client.post(address, typed, follow=True)
        self.path = response.request["PATH_INFO"]
        return response  # type: ignore[no-any-return]

    def choose(self, agency: str = "230406") -> str:
        """Choose an office; the address of the draft that this opens."""
        self.send("/apply/", {"agency": agency})
        return self.path.removesuffix("kind/")

    def filled(self, agency: str = "230406", **changes: Any) -> str:
        """A draft of a natural person that lacks nothing; its address."""
        draft = self.choose(agency)
        self.send(draft + "kind/", {"applicant_kind": "natural_person"})
        for step, answers in (("who", PERSON), ("what", WHAT), ("how", HOW)):
            self.send(f"{draft}{step}/", {name: changes.get(name, value) for name, value in answers.items()})
        return draft

    def applied(self, **changes: Any) -> tuple[Case, str]:
        """An application that has been sent, and its query code as the receipt shows it."""
        receipt = self.send(self.filled(**changes) + "check/", {})
        return Case.objects.latest("pk"), shown_code(receipt)

    def opens(self, case: Case, code: str) -> HttpResponse:
        return self.send("/follow/", {"number": case.number, "code": code})


def shown_code(receipt: HttpResponse) -> str:
    found = re.search(r'id="query-code">\s*([0-9A-Z-]+)', text(receipt))
    assert found, "the receipt shows no query code"
    return found[1]


def text(response: HttpResponse) -> str:
    """The page as it was sent, with entities read."""
    return unescape(response.content.decode())


def words(response: HttpResponse) -> str:
    """What a reader sees: no tags, one space between words."""
    page = re.sub(r"<(script|style|head)\b.*?</\1>", " ", text(response), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
