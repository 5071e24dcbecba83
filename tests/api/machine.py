"""A system of another house that holds a token, and what it sends."""

import itertools
import json
from datetime import datetime
from typing import Any

from django.test import Client

from casework.actions import tokens
from casework.models import Agency, Appointment, Role, Scope, Staff
from tests.cast import RESIDENT_NUMBER
from tests.conftest import AS_OF

ROOT = "/api/v1"
_keys = itertools.count(1)

APPLICATION: dict[str, Any] = {
    "applicant_kind": "natural_person",
    "name": "张三",
    "identity_kind": "resident",
    "identity_number": RESIDENT_NUMBER,
    "phone": "13800000000",
    "content": "申请公开2025年东山区老旧小区改造项目清单及资金安排。",
    "wanted_form": "electronic",
    "wanted_way": "online",
}


def administrator(agency: Agency) -> Staff:
    """Holds every role that is needed to give any scope."""
    gao, _new = Staff.objects.get_or_create(username=f"gao-{agency.code}", defaults={"name": "高理", "password": "!"})
    for role in (Role.AGENCY_ADMINISTRATOR, Role.HEAD, Role.REGION_SUPERVISOR):
        Appointment.objects.get_or_create(staff=gao, agency=agency, role=role)
    gao.__dict__.pop("_roles", None)
    return gao


def token_for(
    agency: Agency, *scopes: Scope, region: bool = False, at: datetime = AS_OF, days: int = 30, **more: Any
) -> str:
    """The whole token, as its holder keeps it."""
    given = scopes or tuple(Scope)
    _token, whole = tokens.give(
        agency, name="省政务平台", scopes=given, region=region, days=days, by=administrator(agency), at=at, **more
    )
    return whole


class Machine:
    """Speaks JSON with a token; each POST has a key of its own unless one is named."""

    def __init__(self, token: str, *, language: str = "zh-hans") -> None:
        self.client, self.token, self.language = Client(raise_request_exception=False), token, language

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language}

    def get(self, path: str, headers: Any = None, **query: Any) -> Any:
        return self.client.get(f"{ROOT}{path}", query, headers=self.headers | (headers or {}))

    def post(self, path: str, body: Any, *, key: str | None = None) -> Any:
        keyed = {"Idempotency-Key": f"key-{next(_keys)}" if key is None else key}
        return self.client.post(
            f"{ROOT}{path}", json.dumps(body), content_type="application/json", headers=self.headers | keyed
        )

    def lodge(self, *, key: str | None = None, **changes: Any) -> Any:
        return self.post("/applications", APPLICATION | changes, key=key)
