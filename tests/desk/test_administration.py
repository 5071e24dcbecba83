"""Administration at the desk: agencies, people, roles and the organisation chart, each with its record."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from casework.actions import accounts, agencies
from casework.actions.agencies import Box, UnfitChart
from casework.law.refusals import Refused
from casework.models import AccountDeed, Agency, Appointment, Level, Role, SettingChange, Staff
from casework.models.network import check_networks, inside
from tests import cast
from tests.cast import Cast, registered
from tests.conftest import AS_OF

pytestmark = pytest.mark.django_db


@pytest.fixture
def gao(players: Cast) -> Staff:
    return cast.person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)


@pytest.fixture
def yan(players: Cast) -> Staff:
    return cast.person("yan", "严格", players.dongshan, Role.SYSTEM_ADMINISTRATOR)


def sentence(verb: Callable[..., Any], *facts: Any, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        verb(*facts, **more)
    return refused.value.sentence.zh


# People ---------------------------------------------------------------------------------------------------------------


def test_an_account_is_made_at_the_desk_and_its_password_shown_once(
    players: Cast, gao: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    client = at_desk(gao)
    facts: dict[str, Any] = {"username": "xin", "name": "新来", "agency": players.dongshan.pk, "way": "password"}
    facts["roles"] = ["clerk", "reviewer"]
    page = client.post("/desk/administration/people/new/", facts)
    made = Staff.objects.get(username="xin")
    password = page.context["password"]
    assert made.check_password(password)
    assert made.initial_until == timezone.now() + timedelta(days=7)
    assert [row.kind for row in made.changes.order_by("pk")] == ["added", "appointed", "appointed"]
    assert {(a.role, a.given_by) for a in made.appointments.all()} == {("clerk", gao), ("reviewer", gao)}
    own = client.get(f"/desk/administration/people/{made.pk}/").content.decode()
    assert password not in own
    assert "高理" in own


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "WANG"}, "已经有人使用"),
        ({"username": "a b"}, "合法"),
        ({"name": " "}, "请填写姓名"),
        ({"roles": []}, "至少选择一个角色"),
        ({"roles": ["system_administrator"]}, "没有这个角色"),  # not offered to an agency's administrator
        ({"email": "nowhere"}, "写法不对"),
    ],
)
def test_what_an_account_needs(
    players: Cast, gao: Staff, at_desk: Callable[[Staff], Client], wrong: dict[str, Any], said: str
) -> None:
    facts = {"username": "xin", "name": "新来", "agency": players.dongshan.pk, "roles": ["clerk"], "way": "password"}
    facts |= wrong
    page = at_desk(gao).post("/desk/administration/people/new/", facts)
    assert said in page.content.decode()
    assert not Staff.objects.filter(username__in=["xin", "a b"]).exists()


def test_nobody_gives_or_takes_their_own_roles(players: Cast, gao: Staff, yan: Staff) -> None:
    done: dict[str, Any] = {"at": AS_OF}
    for by in (gao, yan):
        for verb in (accounts.appoint, accounts.dismiss):
            assert "自己" in sentence(verb, by, players.dongshan, "head", by=by, **done)
        for act in (accounts.deactivate, accounts.give_password, accounts.reset_second_factor, accounts.unlock):
            assert "自己" in sentence(act, by, by=by, **done)


def test_an_agency_administrator_keeps_their_own_people_alone(players: Cast, gao: Staff, yan: Staff) -> None:
    done: dict[str, Any] = {"by": gao, "at": AS_OF}
    assert "需要的角色" in sentence(accounts.appoint, players.wang, players.civil, "clerk", **done)
    assert "系统管理员" in sentence(accounts.appoint, players.wang, players.dongshan, "system_administrator", **done)
    assert "系统管理员" in sentence(accounts.appoint, players.wang, players.dongshan, "region_supervisor", **done)
    for act in (accounts.give_password, accounts.deactivate, accounts.reset_second_factor):
        assert "只能由系统管理员管理" in sentence(act, players.zhao, **done)
        assert "只能由系统管理员管理" in sentence(act, yan, **done)  # else a password would be a ladder
    Appointment.objects.create(staff=players.wang, agency=players.elsewhere, role=Role.CLERK)
    assert "只能由系统管理员管理" in sentence(accounts.give_password, players.wang, **done)
    assert accounts.give_password(players.wang, by=yan, at=AS_OF)


def test_a_role_is_given_and_taken_with_its_record(
    players: Cast, gao: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    client = at_desk(gao)
    page = f"/desk/administration/people/{players.wang.pk}/"
    client.post(f"{page}appoint/", {"agency": players.dongshan.pk, "role": "report_editor"})
    held = players.wang.appointments.get(role="report_editor")
    assert (held.given_by, held.given_at) == (gao, timezone.now())
    take = f"{page}dismiss/{held.pk}/"
    assert "请勾选" in client.post(take).content.decode()
    assert client.post(take, {"sure": "on"}).status_code == 302
    assert not players.wang.appointments.filter(role="report_editor").exists()
    assert [row.kind for row in players.wang.changes.all()] == [AccountDeed.DISMISSED, AccountDeed.APPOINTED]
    assert "免去东山区人民政府办公室年报编辑。" in client.get(page).content.decode()


def test_who_is_deactivated_is_out_with_the_next_page(
    players: Cast, gao: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    registered(players, on=AS_OF.date())
    wang, client = at_desk(players.wang), at_desk(gao)
    assert wang.get("/desk/").status_code == 200
    address = f"/desk/administration/people/{players.wang.pk}/deactivate/"
    assert "还承办1件" in client.get(address).content.decode()
    assert client.post(address, {"sure": "on"}).status_code == 302
    assert wang.get("/desk/").status_code == 302
    client.post(address.replace("deactivate", "reactivate"), {"sure": "on"})
    assert [row.kind for row in players.wang.changes.all()] == [AccountDeed.REACTIVATED, AccountDeed.DEACTIVATED]


def test_a_list_of_people_asks_as_much_of_the_database_for_three_as_for_forty(
    players: Cast, yan: Staff, at_desk: Callable[[Staff], Client], django_assert_max_num_queries: Any
) -> None:
    for n in range(40):
        cast.person(f"p{n}", f"人{n}", players.civil, Role.CLERK, Role.REVIEWER)
    client = at_desk(yan)
    client.get("/desk/administration/people/")
    with django_assert_max_num_queries(30):
        page = client.get("/desk/administration/people/").content.decode()
    assert "人39" in page


def test_a_system_administrator_keeps_everybody_and_sees_no_case(
    players: Cast, yan: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    case = registered(players, on=AS_OF.date()).case
    client = at_desk(yan)
    assert client.get(f"/desk/administration/people/{players.zhao.pk}/").status_code == 200
    assert client.get(f"/desk/cases/{case.pk}/").status_code == 404
    for address in ("/desk/administration/", f"/desk/administration/people/{players.wang.pk}/"):
        assert case.number not in client.get(address).content.decode()


# Agencies -------------------------------------------------------------------------------------------------------------


def test_an_agency_is_made_changed_closed_and_opened_again(
    players: Cast, yan: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    client = at_desk(yan)
    facts = {"code": "230406-JY", "name": "东山区教育局", "parent": players.dongshan.pk, "level": "department"}
    assert client.post("/desk/administration/agencies/new/", facts).status_code == 302
    made = Agency.objects.get(code="230406-JY")
    page = f"/desk/administration/agencies/{made.code}/"
    assert "还没有填写" in client.get(page).content.decode()
    client.post(page, {"name": "东山区教育和体育局", "parent": "", "level": "county"})
    made.refresh_from_db()
    assert (made.name, made.parent, made.path) == ("东山区教育和体育局", None, "230406-JY/")
    client.post(f"{page}close/", {"on": AS_OF.date().isoformat(), "sure": "on"})
    made.refresh_from_db()
    assert made.closed_on == AS_OF.date()
    assert made not in Agency.objects.open_to_applications()
    assert "已经停用，不能任命" in sentence(accounts.appoint, players.wang, made, "clerk", by=yan, at=AS_OF)
    client.post(f"{page}close/")
    assert Agency.objects.get(code=made.code).closed_on is None
    kept = [(row.field, row.before, row.after) for row in made.setting_changes.order_by("pk")]
    assert kept[1] == ("name", "东山区教育局", "东山区教育和体育局")
    assert [field for field, _b, _a in kept] == ["created", "name", "parent", "level", "closed_on", "closed_on"]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"code": "230406"}, "已经有机关使用"),
        ({"code": "a b"}, "代码只能有"),
        ({"name": ""}, "请填写名称"),
        ({"level": ""}, "请选择层级"),
    ],
)
def test_what_an_agency_needs(
    players: Cast, yan: Staff, at_desk: Callable[[Staff], Client], facts: dict[str, str], said: str
) -> None:
    given = {"code": "X-1", "name": "某局", "parent": "", "level": "department"} | facts
    assert said in at_desk(yan).post("/desk/administration/agencies/new/", given).content.decode()
    assert Agency.objects.count() == 3


def test_an_agency_with_open_cases_or_others_below_is_not_closed(players: Cast, yan: Staff) -> None:
    done: dict[str, Any] = {"on": AS_OF.date(), "by": yan, "at": AS_OF}
    assert "下面还有机关" in sentence(agencies.close_agency, players.dongshan, **done)
    registered(players, on=AS_OF.date())
    assert "1件申请没有办结" in sentence(agencies.close_agency, players.dongshan, **done)


def test_no_agency_stands_below_itself(players: Cast, yan: Staff) -> None:
    facts = {"name": players.dongshan.name, "level": "county", "by": yan, "at": AS_OF}
    assert "自己或者其下级" in sentence(agencies.change_agency, players.dongshan, parent=players.civil, **facts)


# The doors of an agency -----------------------------------------------------------------------------------------------


def test_networks_are_written_down_and_shut_nobody_out_by_accident(
    players: Cast, gao: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    client, page = at_desk(gao), "/desk/administration/agencies/230406/door/"
    facts: dict[str, Any] = {"networks": "10.20.3.4/16\n2001:DB8::/32", "second_factor_roles": ["clerk", "head"]}
    refused = client.post(page, facts, REMOTE_ADDR="192.0.2.7")
    assert "192.0.2.7不在其中" in refused.content.decode()
    players.dongshan.refresh_from_db()
    assert players.dongshan.networks == []
    assert client.post(page, facts | {"sure": "on"}, REMOTE_ADDR="192.0.2.7").status_code == 302
    players.dongshan.refresh_from_db()
    assert players.dongshan.networks == ["10.20.0.0/16", "2001:db8::/32"]
    assert players.dongshan.second_factor_roles == ["clerk", "head"]
    assert client.get(page, REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get(page, REMOTE_ADDR="10.20.9.9").status_code == 200
    first = SettingChange.objects.filter(agency=players.dongshan).earliest("pk")
    assert (first.field, first.before, first.after) == ("networks", [], ["10.20.0.0/16", "2001:db8::/32"])


@pytest.mark.parametrize("network", ["10.20", "999.1.1.1/8", "10.0.0.0/33", "hello", "10.0.0.0/8;drop"])
def test_what_is_no_network_is_said(
    players: Cast, gao: Staff, at_desk: Callable[[Staff], Client], network: str
) -> None:
    page = at_desk(gao).post("/desk/administration/agencies/230406/door/", {"networks": network})
    assert "不是网段" in page.content.decode()


@given(st.ip_addresses().map(str), st.lists(st.ip_addresses().map(str), max_size=3), st.integers(0, 32))
@settings(max_examples=200)
def test_an_address_is_inside_as_its_bits_say(address: str, bases: list[str], bits: int) -> None:
    import ipaddress

    networks = [str(ipaddress.ip_network(f"{base}/{bits}", strict=False)) for base in bases]
    check_networks(networks)

    def same(base: str) -> bool:
        one, other = ipaddress.ip_address(address), ipaddress.ip_address(base)
        shift = one.max_prefixlen - bits
        return one.version == other.version and int(one) >> shift == int(other) >> shift

    mapped = getattr(ipaddress.ip_address(address), "ipv4_mapped", None)
    if mapped is None:
        assert inside(address, networks) == any(map(same, bases))


# The organisation chart -----------------------------------------------------------------------------------------------

CHART = """代码,名称,上级代码,层级
230406-JY-1,第一中学,230406-JY,部门
230406-JY,东山区教育局,230406,
230406-MZ,东山区民政局,230406,部门
"""


def upload(client: Client, content: bytes, name: str = "机构.csv", **more: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/desk/administration/agencies/import/", {"file": file, **more})


def test_a_chart_is_looked_at_and_then_taken_in(players: Cast, yan: Staff, at_desk: Callable[[Staff], Client]) -> None:
    client = at_desk(yan)
    preview = upload(client, CHART.encode(), dry_run="on").content.decode()
    assert "将建立2个机关，1个原来就有" in preview
    assert Agency.objects.count() == 3
    assert upload(client, CHART.encode()).status_code == 302
    school = Agency.objects.get(code="230406-JY-1")
    assert school.path == "230406/230406-JY/230406-JY-1/"
    assert upload(client, CHART.encode()).status_code == 302  # again: nothing new
    assert Agency.objects.count() == 5


def test_a_workbook_says_the_same(players: Cast, yan: Staff, at_desk: Callable[[Staff], Client]) -> None:
    book, file = Workbook(), io.BytesIO()
    assert book.active is not None
    for line in CHART.splitlines():
        book.active.append(line.split(","))
    book.save(file)
    assert upload(at_desk(yan), file.getvalue(), "机构.xlsx").status_code == 302
    assert Agency.objects.filter(level=Level.DEPARTMENT).count() == 3


@pytest.mark.parametrize(
    ("boxes", "faults"),
    [
        ([Box(2, "A", "甲", "B"), Box(3, "B", "乙", "A")], {2: "不能确定", 3: "不能确定"}),
        ([Box(2, "A", "甲"), Box(3, "a", "乙")], {3: "重复"}),
        ([Box(2, "A", "甲", "Z")], {2: "没有代码为“Z”的上级"}),
        ([Box(2, "", "甲")], {2: "没有代码"}),
        ([Box(2, "A", "")], {2: "不能只有空格"}),
        ([Box(2, "A B", "甲")], {2: "代码只能有"}),
        ([Box(2, "230406-MZ", "别的名称", "230406")], {2: "不修改已有的机关"}),
        ([Box(2, "OK", "好"), Box(3, "A", "甲", "Z"), Box(4, "B B", "乙")], {3: "没有代码为", 4: "代码只能有"}),
    ],
)
def test_a_chart_with_a_fault_stores_nothing(
    players: Cast, yan: Staff, boxes: list[Box], faults: dict[int, str]
) -> None:
    with pytest.raises(UnfitChart) as unfit:
        agencies.take_chart(boxes, by=yan, at=AS_OF)
    assert [fault.row for fault in unfit.value.faults] == list(faults)
    for fault in unfit.value.faults:
        assert faults[fault.row] in fault.sentence.zh
    assert Agency.objects.count() == 3
    assert not SettingChange.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "空的"),
        ("名称\n甲\n".encode(), "a.csv", "缺"),
        (CHART.encode("gb18030"), "a.csv", "GB"),
        (b"PK\x03\x04junk", "a.xlsx", "XLSX"),
        (CHART.encode(), "a.pdf", "CSV 或者 XLSX"),
        ("代码,名称,层级\nA,甲,宇宙级\n".encode(), "a.csv", "不认识"),
    ],
)
def test_a_file_that_is_no_chart(
    players: Cast, yan: Staff, at_desk: Callable[[Staff], Client], content: bytes, name: str, said: str
) -> None:
    answer = upload(at_desk(yan), content, name)
    assert answer.status_code == 200
    assert "有问题需要改正" in answer.content.decode()
    assert Agency.objects.count() == 3


def test_administration_begins_on_one_page(players: Cast, gao: Staff, at_desk: Callable[[Staff], Client]) -> None:
    page = at_desk(gao).get("/desk/administration/").content.decode()
    for part in ("administration/people/", "settings/230406/", "templates/230406/", "calendar/"):
        assert f'href="/desk/{part}"' in page
