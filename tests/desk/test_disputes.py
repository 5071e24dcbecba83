"""Reconsideration and suits on the desk: from the case to the linked file, without a script."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.law.outcomes import Outcome
from casework.models import Case, Dispute, Staff
from tests.cast import Cast, cleared, proposed, registered
from tests.conftest import AS_OF
from tests.disputing import disputed, refused, told

TODAY = AS_OF.date()
YEAR = TODAY.year


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return " ".join(answer.content.decode().split())


@pytest.fixture
def replied(players: Cast) -> Case:
    return refused(players, received=date(YEAR, 9, 1), replied=date(YEAR, 9, 14))


NOTICE = {
    "kind": "reconsideration",
    "on": TODAY.isoformat(),
    "organ": "鹤岗市人民政府",
    "docket_number": "鹤政复〔2026〕31号",
    "complainant": "张三",
}


def test_from_the_notice_to_the_linked_file(wang: Client, replied: Case) -> None:
    page = text(wang, f"/desk/cases/{replied.pk}/")
    assert f'href="/desk/cases/{replied.pk}/dispute/"' in page
    form = text(wang, f"/desk/cases/{replied.pk}/dispute/")
    assert "复议机关是鹤岗市人民政府，管辖法院是东山区人民法院" in form
    assert 'value="张三"' in form
    answer = wang.post(f"/desk/cases/{replied.pk}/dispute/", NOTICE)
    dispute = Dispute.objects.get()
    assert answer.headers["Location"] == f"/desk/disputes/{dispute.pk}/"
    shown = text(wang, f"/desk/disputes/{dispute.pk}/")
    assert "本机关提交答复、证据的期限" in shown
    assert "逐日文字说明" in shown
    assert "不予公开" in shown or "内部事务" in shown
    assert "鹤岗市人民政府 · 尚未审结" in text(wang, f"/desk/cases/{replied.pk}/").replace("</a>", "")

    for posted in (
        {"stage": "answered", "on": TODAY.isoformat(), "words": "已附证据三份"},
        {"stage": "decided", "on": TODAY.isoformat(), "result": "revoked", "order_by": "2026-12-01"},
    ):
        assert wang.post(f"/desk/disputes/{dispute.pk}/stage/", posted).status_code == 302
    shown = text(wang, f"/desk/disputes/{dispute.pk}/")
    assert "本机关提交答复、证据的期限" not in shown
    assert f'href="/desk/disputes/{dispute.pk}/reopen/"' in shown
    asked = text(wang, f"/desk/disputes/{dispute.pk}/reopen/")
    assert "决定、裁判限定在2026年12月1日以前" in asked
    unsure = wang.post(f"/desk/disputes/{dispute.pk}/reopen/", {"received_on": TODAY.isoformat()})
    assert (unsure.status_code, Case.objects.count()) == (200, 1)
    wang.post(f"/desk/disputes/{dispute.pk}/reopen/", {"received_on": TODAY.isoformat(), "sure": "on"})
    file = Case.objects.latest("pk")
    assert file.is_redecision
    again = text(wang, f"/desk/cases/{file.pk}/")
    assert "不计入表三，原来的年度数字不变" in again
    assert "限定在2026年12月1日以前重新作出答复" in again
    assert f"{replied.number}的答复被纠正，由本件重新答复" in again
    assert f"由{file.number}重新答复" in text(wang, f"/desk/cases/{replied.pk}/")
    assert wang.get(f"/desk/disputes/{dispute.pk}/reopen/").status_code == 200  # nothing more to open: the page itself


def test_one_about_no_case_of_the_system_is_recorded_from_the_list(wang: Client, players: Cast) -> None:
    assert "还没有登记复议、诉讼" in text(wang, "/desk/disputes/")
    without = wang.post("/desk/disputes/new/", NOTICE | {"agency": players.dongshan.pk})
    assert "请写明争议的是什么" in without.content.decode()
    about = {"agency": players.dongshan.pk, "about": "2018年的答复"}
    assert wang.post("/desk/disputes/new/", NOTICE | about).status_code == 302
    assert wang.post("/desk/disputes/new/", NOTICE | about).status_code == 200  # the same number twice
    assert Dispute.objects.get().case is None


def test_the_list_shows_the_nearest_answer_first_and_can_be_narrowed(wang: Client, players: Cast) -> None:
    late = disputed(players, None, on=TODAY - timedelta(days=40))
    near, done = (disputed(players, None, on=TODAY - timedelta(days=days), kind="direct_suit") for days in (8, 3))
    told(players, done, "decided", TODAY, "withdrawn")
    page = text(wang, "/desk/disputes/")
    places = [page.index(f"/desk/disputes/{each.pk}/") for each in (late, near, done)]
    assert places == sorted(places)
    assert "已逾期" in page
    for query, wanted in (
        ("?show=answer", {late, near}),
        ("?show=pending", {late, near}),
        ("?show=decided", {done}),
        ("?show=all&kind=reconsideration", {late}),
        ("?show=nonsense&kind=x", {late, near, done}),
        ("?kind=suit_after_reconsideration", set()),
    ):
        listed = text(wang, "/desk/disputes/" + query)
        assert {int(pk) for pk in re.findall(r'href="/desk/disputes/(\d+)/"', listed)} == {d.pk for d in wanted}, query
    assert "没有这样的复议、诉讼" in text(wang, "/desk/disputes/?kind=suit_after_reconsideration")
    today = text(wang, "/desk/today/")
    assert (
        'href="/desk/disputes/?show=answer">等本机关提交答复的复议、诉讼</a> <span class="tally alarming">2<' in today
    )


def test_a_mistake_is_corrected_with_its_reason_and_both_stay_readable(wang: Client, players: Cast) -> None:
    dispute = disputed(players, None, on=TODAY)
    step = dispute.steps_in_order[0]
    address = f"/desk/disputes/{dispute.pk}/correct/{step.pk}/"
    right = {"on": "2026-11-17", "organ": "鹤岗市政府"}
    assert "请写明更正的理由" in wang.post(address, right).content.decode()
    assert wang.post(address, right | {"reason": "邮戳看错"}).status_code == 302
    page = text(wang, f"/desk/disputes/{dispute.pk}/")
    assert "更正：邮戳看错" in page
    assert "更正以前的登记" in page
    assert wang.get(address).status_code == 404  # the step that was corrected can't be corrected again
    current = Dispute.objects.get().steps_in_order[0]
    struck = f"/desk/disputes/{dispute.pk}/strike_out/{current.pk}/"
    assert wang.post(struck, {"reason": "不是本机关的", "sure": "on"}).status_code == 302
    assert "已经作废，不计入表四" in text(wang, f"/desk/disputes/{dispute.pk}/")


def test_a_refusal_sued_at_once_warns_on_every_page_that_shows_it(wang: Client, players: Cast, replied: Case) -> None:
    dispute = disputed(players, replied, on=TODAY, kind="direct_suit")
    for address in (f"/desk/disputes/{dispute.pk}/", f"/desk/cases/{replied.pk}/"):
        assert "未经复议直接起诉的依法不予立案" in text(wang, address)
    table = text(wang, f"/desk/annual/230406/{YEAR}/")
    assert "直接起诉的，有 1 件的答复应当先申请行政复议" in table
    cell = f"/desk/annual/230406/{YEAR}/disputes/direct_suit/pending/"
    assert f'<a href="{cell}">1</a>' in table
    assert "应当先复议" in text(wang, cell)
    assert wang.get(f"/desk/annual/230406/{YEAR}/disputes/direct_suit/lost/").status_code == 404


@pytest.mark.parametrize(("who", "reads"), [("zhou", True), ("li", True), ("zhao", False)])
def test_who_sees_the_pages_and_who_the_forms(
    players: Cast, at_desk: Callable[[Staff], Client], who: str, reads: bool
) -> None:
    dispute = disputed(players, None, on=TODAY)
    client = at_desk(getattr(players, who))
    assert client.get(f"/desk/disputes/{dispute.pk}/").status_code == (200 if reads else 404)
    form = client.get(f"/desk/disputes/{dispute.pk}/stage/").status_code
    assert form == {"zhou": 403, "li": 200, "zhao": 404}[who]
    assert (str(dispute.pk) in re.findall(r"/desk/disputes/(\d+)/", text(client, "/desk/disputes/"))) == reads


def test_whoever_signs_sees_how_such_replies_fared(
    players: Cast, at_desk: Callable[[Staff], Client], replied: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(players, disputed(players, replied, on=TODAY), "decided", TODAY, "revoked")
    case = registered(players, on=TODAY).case
    proposed(players, case, Outcome.REFUSED_5, on=TODAY)
    cleared(players, case, on=TODAY)
    page = text(at_desk(players.li), f"/desk/cases/{case.pk}/sign/")
    assert "本机关 1 件中 1 件被纠正</li>" in page  # and no percentage of one
    assert "本地区 1 件中 1 件被纠正</li>" in page
    monkeypatch.setattr("casework.models.dispute.FEWEST_FOR_PERCENT", 1)
    assert "本机关 1 件中 1 件被纠正 · 100%" in text(at_desk(players.li), f"/desk/cases/{case.pk}/sign/")


def test_the_pages_cost_the_same_however_many_there_are(wang: Client, players: Cast, replied: Case) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert wang.get(address).status_code == 200
        return len(captured)

    addresses = (
        "/desk/disputes/",
        f"/desk/cases/{replied.pk}/",
        f"/desk/annual/230406/{YEAR}/disputes/direct_suit/total/",
    )
    disputed(players, replied, on=TODAY, kind="direct_suit")
    few = [queries(address) for address in addresses]
    for _n in range(4):
        told(players, disputed(players, replied, on=TODAY, kind="direct_suit"), "answered", TODAY)
    assert [queries(address) for address in addresses] == few
