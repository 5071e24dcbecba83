"""The log-ins and sample cases of the demo as a table for a terminal."""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.conf import settings

from casework.access import ROLE_WORDS
from casework.models import Role

from . import PASSWORD, log_ins, samples


def listing() -> str:
    """Where to go, who to be, and which cases to follow."""
    site = settings.SITE_URL.rstrip("/")
    return "\n".join(
        [
            f"演示账户（口令均为 {PASSWORD}）：{site}/desk/",
            f"Demo log-ins (the password of all is {PASSWORD}): {site}/desk/",
            "",
            *_table([("用户名", "姓名", "机关", "角色 / role"), *_people()]),
            "",
            f"以申请人身份查看（登记编号和查询码）：{site}/follow/",
            f"As an applicant (number and query code): {site}/follow/",
            "",
            *_table([(s.number, s.code, f"{s.standing.zh} / {s.standing.en}") for s in samples()]),
            "",
        ]
    )


def _people() -> Iterator[tuple[str, ...]]:
    """The government's office person by person; each other agency in one line."""
    for agency, group in groupby(log_ins(), key=lambda person: person.agency):
        people = list(group)
        if any(person.roles == (Role.SYSTEM_ADMINISTRATOR,) for person in people):
            for person in people:
                yield person.username, person.name, agency, _said(person.roles)
        else:
            office = people[0].username.partition(".")[0]
            titles = " ".join("." + person.username.partition(".")[2] for person in people)
            yield f"{office}{titles}", "", agency, ""


def _said(roles: tuple[Role, ...]) -> str:
    words = [ROLE_WORDS[role.value] for role in roles]
    return f"{'、'.join(w.zh for w in words)} / {', '.join(w.en for w in words)}"


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Columns as wide as their widest cell; a Han character takes two places."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
