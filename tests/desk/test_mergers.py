"""Mergers at the desk: what follows is read before it is recorded, and a mistake is taken back while it can be."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from casework.actions import report as report_verbs
from casework.actions.merge import merge_agency, undo_merger
from casework.actions.prose import write_sections
from casework.annual import end_of
from casework.annual.mergers import Mergers
from casework.law.refusals import Refused
from casework.models import Agency, AnnualReport, Role, SettingChange, Staff
from casework.models.awaited import awaited
from tests.cast import Cast, moment, person, registered
from tests.conftest import AS_OF

pytestmark = pytest.mark.django_db

PAGE, TODAY = "/desk/annual/mergers/", AS_OF.date()
YEAR = TODAY.year
FORM = {"old": "230406-MZ", "new": "230406", "on": f"{YEAR}年3月2日"}
SURE = FORM | {"seen": "1", "sure": "on"}


@pytest.fixture
def supervisor(players: Cast) -> Staff:
    return person("long", "龙督", players.dongshan, Role.REGION_SUPERVISOR)


@pytest.fixture
def client(supervisor: Staff, at_desk: Callable[[Staff], Client]) -> Client:
    return at_desk(supervisor)


def gone(players: Cast) -> tuple[str | None, date | None]:
    civil = Agency.objects.select_related("successor").get(pk=players.civil.pk)
    return civil.successor.code if civil.successor else None, civil.succeeded_on


def test_what_follows_is_shown_before_anything_is_recorded(players: Cast, client: Client) -> None:
    players.wang.appointments.create(agency=players.civil, role=Role.CLERK)
    players.wang.__dict__.pop("_roles", None)
    for on in (date(YEAR - 1, 12, 30), TODAY):
        registered(players, on=on, agency=players.civil)
    AnnualReport.objects.begun(players.civil, YEAR, region=False, by=players.wang, at=AS_OF)
    page = client.post(PAGE, FORM).content.decode()
    assert f"自{YEAR}年起，年度报告由东山区人民政府办公室一并编写" in page
    assert f"由{YEAR - 1}年结转的1件" in page
    assert "还在办理的2件留在原机关名下" in page
    assert f"已经开始编写的{YEAR}年报告不能再核对、签发" in page
    assert "以后不能撤销" in page
    assert gone(players) == (None, None)
    assert "有问题需要改正" in client.post(PAGE, FORM | {"seen": "1"}).content.decode()
    assert gone(players) == (None, None)
    assert client.post(PAGE, SURE).status_code == 302
    assert gone(players) == ("230406", date(YEAR, 3, 2))
    listed = client.get(PAGE).content.decode()
    assert "东山区民政局" in listed
    assert f"{PAGE}230406-MZ/undo/" in listed
    assert client.post(PAGE, SURE).status_code == 200  # once is enough
    assert SettingChange.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"on": "昨天"}, "不是日期", id="no day"),
        pytest.param({"on": ""}, "必填", id="nothing"),
        pytest.param({"on": "2099-01-01"}, "还没有到", id="to come"),
        pytest.param({"old": "230406"}, "不能并入自己", id="into itself"),
        pytest.param({"new": "320800"}, "请选择列出的机关", id="of another region"),
        pytest.param({"old": "<b>"}, "请选择列出的机关", id="nonsense"),
    ],
)
def test_what_cannot_be_is_refused_on_the_page(
    players: Cast, client: Client, changes: dict[str, str], said: str
) -> None:
    for form in (FORM, SURE):
        assert said in client.post(PAGE, form | changes).content.decode()
    assert gone(players) == (None, None)


def test_a_supervisor_merges_within_the_region_and_nobody_else_does(players: Cast, supervisor: Staff) -> None:
    facts: dict[str, Any] = {"on": TODAY, "at": AS_OF}
    with pytest.raises(Refused, match="需要的角色"):
        merge_agency(players.civil, players.elsewhere, by=supervisor, **facts)
    administrator = person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    with pytest.raises(Refused, match="需要的角色"):
        merge_agency(players.civil, players.dongshan, by=administrator, **facts)
    merge_agency(players.civil, players.dongshan, by=supervisor, **facts)


def test_a_mistake_is_taken_back_and_the_past_still_knows_it(players: Cast, supervisor: Staff, client: Client) -> None:
    merge_agency(players.civil, players.dongshan, on=TODAY, by=supervisor, at=AS_OF)
    undo = f"{PAGE}230406-MZ/undo/"
    assert client.post(undo, {"reason": "选错了机关", "sure": ""}).status_code == 200
    assert gone(players)[0]
    assert client.post(undo, {"reason": "选错了机关", "sure": "on"}).status_code == 302
    assert gone(players) == (None, None)
    assert client.get(undo).status_code == 404
    newest = SettingChange.objects.first()
    assert newest is not None
    assert (newest.after, newest.reason) == ({"successor": None, "on": None}, "选错了机关")
    assert players.civil in Agency.objects.open_to_applications()
    with pytest.raises(Refused, match="没有并入别的机关"):
        undo_merger(players.civil, reason="再来", by=supervisor, at=AS_OF)


def test_at_every_moment_the_mergers_then_on_record_are_known(players: Cast, supervisor: Staff) -> None:
    first, second, third = (moment(date(2026, 3, day)) for day in (2, 9, 16))
    merge_agency(players.civil, players.dongshan, on=date(2026, 3, 1), by=supervisor, at=first)
    undo_merger(players.civil, reason="日期不对", by=supervisor, at=second)
    merge_agency(players.civil, players.dongshan, on=date(2026, 2, 1), by=supervisor, at=third)
    known = [Mergers.known(end_of(date(2026, 3, day))).rows for day in (1, 2, 8, 9, 15, 16)]
    old, new = players.civil.pk, players.dongshan.pk
    march, february = {old: (date(2026, 3, 1), new)}, {old: (date(2026, 2, 1), new)}
    assert known == [{}, march, march, {}, {}, february]
    assert Mergers.known().rows == february


def test_once_the_successor_has_reported_for_both_it_stays(players: Cast, supervisor: Staff) -> None:
    from tests.casework.test_mergers_between_years import filed

    merge_agency(players.civil, players.dongshan, on=date(2025, 7, 1), by=supervisor, at=moment(date(2026, 1, 5)))
    filed(players, players.dongshan, at=moment(date(2026, 1, 20)))
    with pytest.raises(Refused, match="2025年年度报告已经把东山区民政局计算在内"):
        undo_merger(players.civil, reason="误登", by=supervisor, at=moment(date(2026, 2, 1)))


# Its reports ---------------------------------------------------------------------------------------------------------


def test_an_organ_that_is_gone_begins_and_writes_no_report_of_the_years_since(
    players: Cast, supervisor: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    wei = person("wei", "魏民", players.civil, Role.HEAD, Role.REPORT_EDITOR)
    merge_agency(players.civil, players.dongshan, on=date(2025, 7, 1), by=supervisor, at=AS_OF)
    said = "东山区民政局已于2025年7月1日并入东山区人民政府办公室，2025年起的年度报告由东山区人民政府办公室一并编写"
    for year in (2025, 2026):
        with pytest.raises(Refused, match=said):
            report_verbs.begin(players.civil, year, by=wei, at=AS_OF)
        with pytest.raises(Refused, match=said):
            write_sections(players.civil, year, {"1": "……"}, version=0, by=wei, at=AS_OF)
    client = at_desk(wei)
    page = client.get("/desk/annual/230406-MZ/2025/report/").content.decode()
    assert said in page
    assert "开始编写年度报告" not in page
    assert client.post("/desk/annual/230406-MZ/2025/report/begin/", {"version": 0}).status_code == 404
    assert report_verbs.begin(players.civil, 2024, by=wei, at=AS_OF).pk


def test_a_draft_begun_before_the_merger_is_checked_by_nobody(players: Cast, supervisor: Staff) -> None:
    wei = person("wei", "魏民", players.civil, Role.HEAD, Role.REPORT_EDITOR)
    report = report_verbs.begin(players.civil, 2025, by=wei, at=AS_OF)
    merge_agency(players.civil, players.dongshan, on=date(2025, 7, 1), by=supervisor, at=AS_OF)
    with pytest.raises(Refused, match="一并编写"):
        report_verbs.check(report, found=lambda _: [], digest=lambda _: "", version=report.version, by=wei, at=AS_OF)
    report.refresh_from_db()
    assert report.state == "draft"


def test_the_year_before_the_merger_is_still_owed(players: Cast, supervisor: Staff) -> None:
    """Merged in March, the organ owes its report on the year before until it is published (条例 49)."""
    on = date(2026, 3, 20)
    for merged_on, owed in ((date(2026, 3, 2), True), (date(2025, 12, 31), False)):
        merge_agency(players.civil, players.dongshan, on=merged_on, by=supervisor, at=moment(on))
        civil = Agency.objects.get(pk=players.civil.pk)
        assert bool(awaited([civil], on=on)) is owed, merged_on
        undo_merger(players.civil, reason="换一天", by=supervisor, at=moment(on))
    Agency.objects.filter(pk=players.civil.pk).update(successor=players.dongshan)  # on a day that nobody has recorded
    assert not awaited([Agency.objects.get(pk=players.civil.pk)], on=on)
