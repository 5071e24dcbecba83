"""The queue narrowed down, turned round, kept under a name, handed out and taken out."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from casework.actions import clock, intake
from casework.actions.filters import delete_filter, restore_filter, save_filter
from casework.desk import queue
from casework.desk.filters import HASTE_WORDS, Haste
from casework.desk.urgency import urgency_of
from casework.law.calendar import published
from casework.law.clock import Channel, Receipt
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.refusals import Refused
from casework.models import Case, Event, Kind, SavedFilter, Staff, TakenOut
from tests.cast import RESIDENT_NUMBER, Cast, application, closed, moment, registered
from tests.conftest import AS_OF

TODAY = AS_OF.date()


def ago(n: int) -> date:
    return published().subtract_workdays(TODAY, n) if n else TODAY


def numbers(page: str) -> list[str]:
    return re.findall(r'class="number">([^<]+)<', page)


def shown(client: Client, **asked: str) -> list[str]:
    answer = client.get("/desk/", {"show": "all", **asked})
    assert answer.status_code == 200
    return numbers(answer.content.decode())


@pytest.fixture
def office(players: Cast) -> dict[str, Case]:
    """Cases that differ in everything by which the queue can be narrowed."""
    cases = {
        "late": registered(players, on=ago(25), name="甲").case,
        "today": registered(players, on=ago(20), name="乙").case,
        "soon": registered(players, on=ago(16), name="丙").case,
        "calm": registered(players, on=ago(2), name="丁").case,
        "waiting": registered(players, on=ago(3), name="戊").case,
        "closed": registered(players, on=ago(5), name="己").case,
    }
    clock.request_supplement(cases["waiting"], unclear="请说明。", on=TODAY, by=players.wang, at=moment(TODAY))
    closed(players, cases["closed"], Outcome.GRANTED, on=TODAY)
    intake.assign(cases["calm"], clerk=players.chen, division="法制科", by=players.li, at=moment(TODAY))
    Case.objects.filter(pk=cases["soon"].pk).update(clerk=None)
    business = application(applicant_kind=ApplicantKind.BUSINESS, name="庚公司", identity_kind="", identity_number="")
    cases["mailed"] = intake.register(
        players.dongshan, business, Receipt(Channel.SIGNED_MAIL, ago(1)), by=players.wang, at=moment(TODAY)
    ).case
    return cases


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"haste": "late"}, {"late"}),
        ({"haste": "today"}, {"today"}),
        ({"haste": "soon"}, {"soon"}),
        ({"haste": "calm"}, {"calm", "mailed"}),
        ({"haste": "waiting"}, {"waiting"}),
        ({"state": "supplement_requested"}, {"waiting"}),
        ({"clerk": "none"}, {"soon"}),
        ({"clerk": "me"}, {"late", "today", "waiting", "closed", "mailed"}),
        ({"division": "法制科"}, {"calm"}),
        ({"division": "none"}, {"late", "today", "soon", "waiting", "closed", "mailed"}),
        ({"channel": "signed_mail"}, {"mailed"}),
        ({"kind": "business"}, {"mailed"}),
        ({"received_from": f"{ago(3)}", "received_to": f"{ago(2)}"}, {"calm", "waiting"}),
        ({"due_from": f"{TODAY}", "due_to": f"{TODAY}"}, {"today"}),
        ({"q": "庚公"}, {"mailed"}),
        ({"kind": "business", "haste": "late"}, set()),
    ],
)
def test_each_filter_finds_what_it_says(
    office: dict[str, Case], wang: Client, asked: dict[str, str], found: set[str]
) -> None:
    assert set(shown(wang, **asked)) == {office[name].number for name in found}


def test_urgency_by_the_database_is_urgency_by_the_replay(office: dict[str, Case], wang: Client) -> None:
    for haste in Haste:
        for number in shown(wang, haste=haste.value):
            look = urgency_of(Case.objects.get(number=number), on=TODAY).look
            assert look == haste.value, number


def test_urgencies_are_counted_and_lead_to_their_cases(office: dict[str, Case], wang: Client) -> None:
    hastes = wang.get("/desk/?show=open").context["hastes"]
    assert [(each.haste, each.count) for each in hastes] == list(zip(HASTE_WORDS, (1, 1, 1, 2, 1), strict=True))
    for each in hastes:
        assert len(numbers(wang.get("/desk/" + each.address).content.decode())) == each.count
    narrowed = wang.get("/desk/?show=open&kind=business&haste=late").context["hastes"]
    assert [each.count for each in narrowed] == [0, 0, 0, 1, 0]


@pytest.mark.parametrize(
    "asked", [{"state": "x"}, {"clerk": "x"}, {"received_from": "gestern"}, {"division": "科" * 81}]
)
def test_what_nobody_offered_is_said_and_narrows_nothing(
    office: dict[str, Case], wang: Client, asked: dict[str, str]
) -> None:
    answer = wang.get("/desk/", {"show": "all", **asked})
    assert answer.status_code == 200
    assert "有问题需要改正" in answer.content.decode()
    assert len(numbers(answer.content.decode())) == len(office)


@pytest.mark.parametrize("column", queue.ORDERS)
@pytest.mark.parametrize("sign", ["", "-"])
def test_every_column_turns_both_ways_and_every_case_comes_once(
    office: dict[str, Case], wang: Client, monkeypatch: pytest.MonkeyPatch, column: str, sign: str
) -> None:
    whole = shown(wang, sort=sign + column)
    assert len(whole) == len(office)
    monkeypatch.setattr(queue, "PAGE", 2)
    address, leafed = f"/desk/?show=all&sort={sign}{column}", []
    while address:
        answer = wang.get(address)
        leafed += numbers(answer.content.decode())
        address = "/desk/" + answer.context["next"] if answer.context["next"] else ""
    assert leafed == whole


@pytest.mark.parametrize(
    ("sort", "attribute"),
    [("number", "number"), ("received", "received_on"), ("applicant", "applicant.name"), ("due", "due_on")],
)
def test_a_column_stands_in_its_order(office: dict[str, Case], wang: Client, sort: str, attribute: str) -> None:
    def value(number: str) -> object:
        found: object = Case.objects.get(number=number)
        for name in attribute.split("."):
            found = getattr(found, name)
        return found

    up = [each for number in shown(wang, sort=sort) if (each := value(number)) is not None]
    down = [each for number in shown(wang, sort=f"-{sort}") if (each := value(number)) is not None]
    assert up == sorted(up, key=str)
    assert down == sorted(down, key=str, reverse=True)


@pytest.mark.parametrize("after", ["state.x.1", "-due.gestern.3", "clerk..1", "number.\x00.1", "received.2026-01-01.9"])
def test_a_cursor_of_another_order_begins_at_the_first_page(office: dict[str, Case], wang: Client, after: str) -> None:
    assert len(shown(wang, sort="applicant", after=after)) == len(office)


def test_a_filter_is_kept_shared_renamed_deleted_and_had_back(
    players: Cast, wang: Client, at_desk: Callable[[Staff], Client]
) -> None:
    query = "show=open&haste=late"
    wang.post("/desk/filters/", {"name": "要抓紧的", "query": query, "shared": players.dongshan.pk})
    found = SavedFilter.objects.get()
    assert found.query == query
    chen, zhao = at_desk(players.chen), at_desk(players.zhao)
    assert "要抓紧的" in chen.get("/desk/").content.decode()
    assert "要抓紧的" not in zhao.get("/desk/").content.decode()
    for stranger in (chen, zhao):
        for deed in ("rename", "delete", "restore"):
            assert stranger.post(f"/desk/filters/{found.pk}/{deed}/", {"name": "x"}).status_code == 404
    wang.post(f"/desk/filters/{found.pk}/rename/", {"name": "逾期"})
    assert SavedFilter.objects.get().name == "逾期"
    wang.post(f"/desk/filters/{found.pk}/delete/")
    assert "逾期</a>" not in chen.get("/desk/").content.decode()
    assert "撤销删除" in wang.get("/desk/filters/").content.decode()
    wang.post(f"/desk/filters/{found.pk}/restore/")
    assert 'href="?show=open&amp;haste=late">逾期</a>' in chen.get("/desk/").content.decode()


def test_a_filter_of_ones_own_is_nobody_elses(players: Cast, wang: Client, at_desk: Callable[[Staff], Client]) -> None:
    wang.post("/desk/filters/", {"name": "自己看的", "query": "show=open"})
    assert "自己看的" not in at_desk(players.chen).get("/desk/").content.decode()


def test_names_are_one_a_person_and_undo_ends_after_a_week(players: Cast, wang: Client) -> None:
    at = moment(TODAY)
    first = save_filter("逾期", "haste=late", by=players.wang, at=at)
    answer = wang.post("/desk/filters/", {"name": "逾期", "query": "haste=soon"})
    assert "同名的筛选" in answer.content.decode()
    save_filter("逾期", "haste=late", by=players.chen, at=at)
    delete_filter(first, by=players.wang, at=at)
    save_filter("逾期", "haste=soon", by=players.wang, at=at)
    with pytest.raises(Refused):
        restore_filter(first, by=players.wang, at=at)
    first.refresh_from_db()
    with pytest.raises(Refused):
        restore_filter(first, by=players.wang, at=at + timedelta(days=8))


def test_only_what_the_queue_knows_is_kept_in_a_filter(players: Cast, wang: Client) -> None:
    wang.post("/desk/filters/", {"name": "x", "query": "show=open&next=//evil.example&after=due.2026-01-01.1"})
    assert SavedFilter.objects.get().query == "show=open"


def ticked(*cases: Case) -> list[str]:
    return [f"{case.pk}:{case.version}" for case in cases]


def test_handing_out_first_says_what_can_be_moved_and_what_not(
    players: Cast, office: dict[str, Case], li: Client
) -> None:
    for case in office.values():
        case.refresh_from_db()
    page = li.post("/desk/hand_out/", {"case": ticked(*office.values())}).content.decode()
    able, unable = page.split("不能交办的 1 件")
    assert "可以交办的 6 件" in able
    assert office["closed"].number in unable
    assert "本件现在的状态是" in unable
    assert not Event.objects.filter(kind=Kind.ASSIGNED, case=office["late"]).exists()


def test_each_case_moves_by_itself_and_the_page_says_what_became_of_it(
    players: Cast, office: dict[str, Case], li: Client
) -> None:
    for case in office.values():
        case.refresh_from_db()
    late, calm, soon = office["late"], office["calm"], office["soon"]
    stale = ticked(late)
    intake.assign(late, clerk=players.wang, division="公开科", by=players.li, at=moment(TODAY))
    answer = li.post(
        "/desk/hand_out/",
        {"case": [*stale, *ticked(calm, soon)], "clerk": players.chen.pk, "division": "", "confirmed": "1"},
    )
    page = answer.content.decode()
    assert [case.number for case in answer.context["done"]] == [soon.number]
    assert {each.case.number for each in answer.context["refused"]} == {late.number, calm.number}
    assert "刚刚被别人处理过" in page
    assert "本来就由陈晨承办" in page
    assert Case.objects.get(pk=soon.pk).clerk == players.chen
    assert Case.objects.get(pk=late.pk).clerk == players.wang
    assert Case.objects.get(pk=calm.pk).division == "法制科"
    assert Event.objects.filter(kind=Kind.ASSIGNED, case=soon).count() == 1


def test_nobody_moves_what_they_cannot_see_or_may_not(
    players: Cast, office: dict[str, Case], at_desk: Callable[[Staff], Client]
) -> None:
    given = {"case": ticked(office["late"]), "clerk": players.chen.pk, "confirmed": "1"}
    assert at_desk(players.zhao).post("/desk/hand_out/", given).status_code == 302
    page = at_desk(players.zhou).post("/desk/hand_out/", given).content.decode()
    assert "需要的角色" in page
    assert Case.objects.get(pk=office["late"].pk).clerk == players.wang
    assert at_desk(players.li).post("/desk/hand_out/", {"case": ["x", "", "9" * 19]}).status_code == 302


def test_what_is_taken_out_is_what_is_shown_without_identities_and_formulas(
    players: Cast, office: dict[str, Case], wang: Client
) -> None:
    evil = registered(players, on=ago(25), name="=cmd|'/c calc'!A1").case
    answer = wang.get("/desk/queue.csv?show=all&haste=late")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["登记编号"] for row in rows} == {office["late"].number, evil.number}
    assert all(row["申请人"].startswith(("甲", "'=cmd")) for row in rows)
    assert RESIDENT_NUMBER not in text
    book = b"".join(wang.get("/desk/queue.xlsx?show=all&haste=late").streaming_content)  # type: ignore[attr-defined]
    assert RESIDENT_NUMBER.encode() not in book
    cells = [cell for row in load_workbook(io.BytesIO(book)).active for cell in row]  # type: ignore[union-attr]
    assert len({cell.row for cell in cells}) == 3
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert wang.get("/desk/queue.pdf").status_code == 404


def test_who_took_what_out_is_on_record_for_good(players: Cast, office: dict[str, Case], wang: Client) -> None:
    b"".join(wang.get("/desk/queue.csv?show=open&haste=late").streaming_content)  # type: ignore[attr-defined]
    taken = TakenOut.objects.get()
    assert (taken.by, taken.form, taken.cases, taken.query) == (players.wang, "csv", 1, "show=open&haste=late")
    for act in (taken.save, taken.delete):
        with pytest.raises(TypeError):
            act()


def test_another_agencys_cases_are_never_taken_out(
    office: dict[str, Case], players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    answer = at_desk(players.zhao).get("/desk/queue.csv?show=all")
    assert b"".join(answer.streaming_content).decode().count("\n") == 1  # type: ignore[attr-defined]
