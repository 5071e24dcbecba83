"""Builders of requests to correct one's own record, always by the verbs."""

import re
from datetime import date
from typing import Any

from django.test import Client

from casework.actions import correction
from casework.actions.files import Upload
from casework.models import Agency, RecordCorrection
from tests.cast import RESIDENT_NUMBER, Cast, moment

CODE = "3467-9ACD-EFGH-JKMN"


def request(**changes: Any) -> correction.Request:
    given: dict[str, Any] = {
        "name": "张三",
        "identity_kind": "resident",
        "identity_number": RESIDENT_NUMBER,
        "phone": "13800138000",
        "email": "zhangsan@example.com",
        "record": "东山区2025年住房补贴发放名单第17行",
        "wrong": "家庭人口写成2人。",
        "right": "家庭人口3人。",
        "grounds": "户口簿和出生证明，证明家庭人口为3人。",
        "evidence": (Upload("户口簿.txt", "户主张三，共3人".encode()),),
    }
    return correction.Request(**given | changes)


def filed(players: Cast, *, on: date, agency: Agency | None = None, **changes: Any) -> RecordCorrection:
    """A request of Zhang San that came online on that day."""
    return correction.file_request(agency or players.dongshan, request(**changes), query_code=CODE, at=moment(on))


def typed(client: Client, *, agency: str = "230406", **changes: str) -> dict[str, str]:
    """The form as a visitor fills it in, with the key that the page gave them."""
    page = client.get("/correction/").content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key, "the form has no key"
    given = request()
    fields = ("name", "identity_kind", "identity_number", "phone", "email", "record", "wrong", "right", "grounds")
    filled = {name: str(getattr(given, name)) for name in fields}
    return filled | {"agency": agency, "address": "", "form_key": key[1]} | changes
