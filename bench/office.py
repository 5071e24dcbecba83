"""One office with 200,000 cases, as no county has: its queue, its search and its workload, and how fast it is indexed.

Words stand in the texts by fixed arithmetic: some in every one, 绿化 in one of 97, 涵养 in one of 9,973.
"""

import time
from collections.abc import Iterator
from functools import partial
from typing import Final

from django.db import connection
from django.test import Client

from casework import access
from casework.desk.filters import search
from casework.models import Agency, Appointment, Case, Kind, Role, Staff
from casework.wordsearch.cases import index_waiting

from . import build
from .measure import Result, count, within

SIZE: Final = 200_000
CLERKS: Final = 30
#: Milliseconds of the server for a page of the desk; of the first page of a search by a Chinese word for its queries.
PAGE: Final = 150
SEARCH: Final = 20
_THINGS: Final = ("道路", "学校", "医院", "河道", "公园", "社区", "厂房", "桥梁", "市场", "水库", "农村公路")
_PAPERS: Final = ("预算", "决算", "验收报告", "会议纪要", "合同", "批复", "环评报告", "补偿标准", "规划图")

PAGES: Final = {
    "queue": "?show=open",
    "queue, closed": "?show=closed",
    "queue by applicant": "?show=open&sort=applicant",
    "queue by clerk, all": "?show=all&sort=-clerk",
    "queue by state, all": "?show=all&sort=state",
    "queue by receipt, all": "?show=all&sort=-received",
    "queue by number, all": "?show=all&sort=number",
    "queue of a clerk and kind": "?show=all&clerk=none&kind=natural_person",
    "queue, urgent": "?show=open&haste=soon",
    "search, every text": "?q=材料",
    "search, one in 97": "?q=绿化",
    "search, one in 9,973": "?q=涵养",
    "search, one character": "?q=涵",
    "search, two words": "?q=绿化 验收",
    "search, Latin letters": "?q=PPP",
    "search, a number": "?q=B123456",
    "search, a name": "?q=申请人77777",
    "search, nothing": "?q=鸿鹄之志",
    "search by applicant": "?q=绿化&sort=applicant",
    "workload": "workload/",
    "today's page": "today/",
}


def content_of(number: str) -> str:
    """What a case asks for, as an SQL expression of its number."""
    return (
        f"'请提供' || {build.chosen(_THINGS, f'{number} % 11')} || '改造项目第' || {number} || '号的' || "
        f"{build.chosen(_PAPERS, f'{number} % 9')} || '和有关材料' || "
        f"CASE WHEN {number} % 97 = 0 THEN '，含绿化' ELSE '' END || "
        f"CASE WHEN {number} % 9973 = 0 THEN '，水源涵养' ELSE '' END || "
        f"CASE WHEN {number} % 499 = 0 THEN '，ppp合同' ELSE '' END"
    )


def furnish(size: int = SIZE) -> Agency:
    """The office and its cases, all with their words, clerks and ways; ``build.clear`` takes it away."""
    office = build.build(size, agencies=1)
    Agency.objects.filter(pk=office.pk).update(second_factor_roles=[])  # whoever is measured has none
    head = Staff.objects.get(username=f"{office.code}-head")
    clerks = [Staff.objects.create(username=f"bench-clerk-{n}", name=f"承办人{n}") for n in range(CLERKS)]
    Appointment.objects.bulk_create(Appointment(staff=clerk, agency=office, role=Role.CLERK) for clerk in clerks)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE casework_case SET "
            f"clerk_id = CASE WHEN id % 11 = 0 THEN NULL ELSE {clerks[0].pk} + id % {CLERKS} END, "
            f"content = {content_of('id')}"
        )
        kinds = (Kind.PROPOSED, Kind.REVIEWED, Kind.SECRECY_CLEARED, Kind.SIGNED, Kind.DISPATCHED)
        for kind in kinds:
            cursor.execute(_EVENTS[connection.vendor].format(kind=kind.value, head=head.pk))
    return office


#: As the verbs write them, but for what the sentence says.
_EVENT: Final = (
    'INSERT INTO casework_event (case_id, kind, "on", at, actor, by_id, payload) '
    "SELECT id, '{{kind}}', closed_on, {moment}, 'staff', {{head}}, '{{{{}}}}' "
    "FROM casework_case WHERE closed_on IS NOT NULL"
)
_EVENTS: Final = {
    "postgresql": _EVENT.format(moment="closed_on::timestamptz"),
    "sqlite": _EVENT.format(moment="closed_on || ' 02:00:00'"),
}


def run(size: int = SIZE) -> Iterator[Result]:
    """The office is there already, of this size."""
    began = time.perf_counter()
    while index_waiting():
        pass
    rate = size / (time.perf_counter() - began)
    yield count("cases indexed by their words", connection.vendor, rate, 500, "a second", "≥ 500", holds=rate >= 500)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    client = Client()
    client.force_login(Staff.objects.get(username="bench-head"))
    empty = partial(client.get, "/desk/?show=returned")
    for name, address in PAGES.items():
        yield within(
            PAGE,
            f"{name}, {size} cases in one office",
            connection.vendor,
            partial(_opened, client, f"/desk/{address}"),
            empty,
            note="floor: an empty tray",
        )
    head = Staff.objects.get(username="bench-head")
    for word in ("绿化", "涵养", "材料"):
        yield within(
            SEARCH,
            f"keys of the first page of a search for {word}, {size} cases in one office",
            connection.vendor,
            partial(_first_page, head, word),
            partial(list, Case.objects.order_by("-pk").values_list("pk")[:31]),
            note="floor: the newest 31",
        )


def _opened(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)


def _first_page(head: Staff, word: str) -> list[int]:
    found = search(access.visible_to(head), word, user=head)
    return list(found.order_by("-pk").values_list("pk", flat=True)[:31])


def measured(size: int) -> Iterator[Result]:
    """On an empty database."""
    size = min(size, SIZE)
    furnish(size)
    yield from run(size)
