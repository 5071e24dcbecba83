"""协办 at the desk: asked from the page of the case, answered on a page that shows the question and nothing else."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.actions import assist
from casework.actions.files import Upload, attach
from casework.desk.forms.assist import RequestAssistanceForm
from casework.law.outcomes import Outcome
from casework.models import Assistance, Case, DocumentKind, Role, Staff
from tests.cast import Cast, closed, moment, person, registered

TODAY = date(2026, 11, 18)
QUESTION = "请提供2025年改造资金清单。"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november_18")]


@pytest.fixture
def min_(players: Cast) -> Staff:
    """Clerk of the Civil Affairs Bureau, a sister unit in which nobody may read Dongshan's cases."""
    return person("min", "闵政", players.civil, Role.CLERK)


@pytest.fixture
def case(players: Cast) -> Case:
    made = registered(players, on=date(2026, 11, 9)).case
    attach(made, Upload("身份证.txt", b"110105"), DocumentKind.APPLICATION, by=None, at=moment(TODAY))
    return made


def ask(wang: Client, case: Case, **answers: object) -> str:
    fresh = Case.objects.get(pk=case.pk)
    given = {"name": "财务科", "question": QUESTION, "due_on": "2026-11-25", "version": fresh.version} | answers
    return wang.post(f"/desk/cases/{case.pk}/request_assistance/", given).content.decode()


def page_of(client: Client, one: Assistance, *, status: int = 200) -> str:
    answer = client.get(f"/desk/assistance/{one.pk}/")
    assert answer.status_code == status
    return answer.content.decode()


def test_the_form_says_that_the_clock_goes_on_and_what_the_other_side_sees(wang: Client, case: Case) -> None:
    page = wang.get(f"/desk/cases/{case.pk}/request_assistance/").content.decode()
    assert "答复期限不停止、不延长" in page
    assert "看不到申请人和本件的其他内容" in page
    assert 'value="2026-11-25"' in page  # five working days from today


@pytest.mark.parametrize(
    ("received_on", "proposed"),
    [
        (date(2026, 11, 9), date(2026, 11, 25)),  # due on 7 December: the agency's five days
        (date(2026, 10, 28), date(2026, 11, 24)),  # due on the 25th: the working day before
        (date(2026, 10, 21), TODAY),  # due today
        (date(2026, 10, 12), TODAY),  # overdue
    ],
)
def test_the_day_that_is_proposed_lies_before_the_last_day_for_the_reply(
    players: Cast, received_on: date, proposed: date
) -> None:
    case = registered(players, on=received_on).case
    form = RequestAssistanceForm(case=case, by=players.wang, on=TODAY)
    assert form.proposed_day() == proposed


def test_an_agency_sets_its_own_days(players: Cast, case: Case) -> None:
    case.agency.assistance_days = 2
    assert RequestAssistanceForm(case=case, by=players.wang, on=TODAY).proposed_day() == date(2026, 11, 20)


def test_a_division_is_asked_and_stands_on_the_page_of_the_case(wang: Client, case: Case) -> None:
    ask(wang, case, uploads=SimpleUploadedFile("范围.txt", b"2025"))
    one = Assistance.objects.get()
    assert (one.name, one.due_on, one.agency) == ("财务科", date(2026, 11, 25), None)
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "已经请求协办。答复期限照常计算。" in page
    assert QUESTION in page
    assert "申请人的材料" in page
    assert "范围.txt" not in page.split("申请人的材料")[1].split("</ul>")[0]  # it is none of the applicant's


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "请选择兄弟单位，或者填写科室或者单位的名称。"),
        ({"question": ""}, "请写明需要协办的事项。"),
        ({"due_on": "2026-12-08"}, "内部答复期限不能晚于本件的最迟答复日2026年12月7日"),
        ({"due_on": "2026-11-17"}, "内部答复期限不能早于今天"),
        ({"due_on": "soon"}, "2026"),
        ({"agency": "999999"}, "没有这个单位"),
        ({"addressee": "999999"}, "没有这位同事"),
        ({"version": "7"}, "刚刚被别人处理过"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(
    wang: Client, case: Case, wrong: dict[str, str], sentence: str
) -> None:
    assert sentence in ask(wang, case, **wrong)
    assert not Assistance.objects.exists()


def test_the_sister_unit_sees_the_question_its_files_and_nothing_of_the_applicant(
    players: Cast, wang: Client, case: Case, min_: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    ask(wang, case, agency=players.civil.pk, name="", uploads=SimpleUploadedFile("范围.txt", b"2025"))
    one = Assistance.objects.get()
    client = at_desk(min_)
    assert f"/desk/assistance/{one.pk}/" in client.get("/desk/assistance/").content.decode()
    page, paper = page_of(client, one), client.get(f"/desk/assistance/{one.pk}/paper/").content.decode()
    for text in (page, paper):
        assert '<span class="tally">1<span' in text  # in the navigation
        assert QUESTION in text
        assert "范围.txt" in text
        for secret in ("张三", case.content, "13800000000", "身份证", f"/desk/cases/{case.pk}/"):
            assert secret not in text
    attached = one.attached.get()
    file = client.get(f"/desk/assistance/{one.pk}/documents/{attached.pk}/")
    assert b"".join(file.streaming_content) == b"2025"  # type: ignore[attr-defined]
    others = case.documents.get(kind=DocumentKind.APPLICATION)
    assert client.get(f"/desk/assistance/{one.pk}/documents/{others.pk}/").status_code == 404
    for address in ("", f"documents/{attached.pk}/", "receipt/", "answer_assistance/"):
        assert client.get(f"/desk/cases/{case.pk}/{address}").status_code == 404


def test_anothers_request_does_not_exist(
    players: Cast, wang: Client, case: Case, at_desk: Callable[[Staff], Client], min_: Staff
) -> None:
    ask(wang, case)
    one = Assistance.objects.get()
    for stranger in (players.zhao, min_):
        client = at_desk(stranger)
        page_of(client, one, status=404)
        assert client.post(f"/desk/assistance/{one.pk}/", {"answer": "有。"}).status_code == 404
        assert client.get(f"/desk/assistance/{one.pk}/paper/").status_code == 404
        assert QUESTION not in client.get("/desk/assistance/").content.decode()
    assert Assistance.objects.get().is_open


def test_it_is_answered_with_files_and_the_case_shows_them(
    players: Cast, wang: Client, case: Case, min_: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    ask(wang, case, agency=players.civil.pk, name="")
    one, client = Assistance.objects.get(), at_desk(min_)
    assert "请填写协办意见。" in client.post(f"/desk/assistance/{one.pk}/", {"answer": ""}).content.decode()
    sent = {"answer": "共三笔。", "uploads": SimpleUploadedFile("清单.txt", b"three")}
    assert client.post(f"/desk/assistance/{one.pk}/", sent).status_code == 302
    assert "已经答复，系统会告知承办人。" in page_of(client, one)
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "共三笔。" in page
    (address,) = re.findall(r'href="([^"]+)">清单.txt', page)
    assert b"".join(wang.get(address).streaming_content) == b"three"  # type: ignore[attr-defined]
    again = client.post(f"/desk/assistance/{one.pk}/", {"answer": "第二次。"}).content.decode()
    assert "已经答复或者取消" in again
    assert Assistance.objects.get().answer == "共三笔。"


def test_a_colleague_without_a_part_in_cases_finds_it_in_the_navigation(
    players: Cast, wang: Client, case: Case, at_desk: Callable[[Staff], Client]
) -> None:
    colleague = person("cai", "蔡会计", players.dongshan, Role.REPORT_EDITOR)
    client = at_desk(colleague)
    assert 'href="/desk/assistance/"' not in client.get("/desk/roles/").content.decode()
    ask(wang, case, addressee=colleague.pk)
    one = Assistance.objects.get()
    assert 'href="/desk/assistance/"' in client.get("/desk/roles/").content.decode()
    assert client.post(f"/desk/assistance/{one.pk}/", {"answer": "有。"}).status_code == 302
    assert Assistance.objects.get().answered_by == colleague


def test_the_clerk_records_chases_and_cancels(wang: Client, li: Client, case: Case) -> None:
    for name in ("财务科", "建设科"):
        ask(wang, case, name=name)
    first, second = Assistance.objects.order_by("id")

    def act(client: Client, verb: str, **answers: object) -> str:
        version = Case.objects.get(pk=case.pk).version
        answer = client.post(f"/desk/cases/{case.pk}/{verb}/", {"version": version, **answers}, follow=True)
        return answer.content.decode()

    assert "请选择是哪一项协办。" in act(wang, "chase")
    assert "已经催办。" in act(li, "chase", assistance=first.pk)
    assert "李立催财务科答复协办事项。" in li.get(f"/desk/cases/{case.pk}/").content.decode()
    page = act(wang, "answer_assistance", assistance=first.pk, answer="有三笔。", on="2026-11-18")
    assert "已经登记协办意见。" in page
    assert "请写明取消的理由。" in act(wang, "cancel_assistance", assistance=second.pk)
    assert "已经取消协办。" in act(wang, "cancel_assistance", assistance=second.pk, reason="已经找到。")
    assert "没有等待答复的协办。" in wang.get(f"/desk/cases/{case.pk}/chase/").content.decode()


def test_a_request_of_another_case_cannot_be_acted_on_through_this_one(players: Cast, wang: Client, case: Case) -> None:
    ask(wang, case)
    ask(wang, other := registered(players, on=TODAY).case)
    foreign = Assistance.objects.get(case=other)
    version = Case.objects.get(pk=case.pk).version
    wang.post(
        f"/desk/cases/{case.pk}/cancel_assistance/",
        {"version": version, "assistance": foreign.pk, "reason": "不用了。"},
    )
    assert Assistance.objects.get(pk=foreign.pk).is_open


def test_closed_or_cancelled_the_page_says_that_no_answer_is_wanted(
    players: Cast, wang: Client, case: Case, min_: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    client = at_desk(min_)
    ask(wang, case, agency=players.civil.pk, name="")
    ask(wang, case, agency=players.civil.pk, name="")
    cancelled, left = Assistance.objects.order_by("id")
    cancelled.case = Case.objects.get(pk=case.pk)
    assist.cancel_assistance(cancelled, reason="已经找到。", by=players.wang, at=moment(TODAY))
    assert "取消，不用答复了。" in page_of(client, cancelled)
    closed(players, Case.objects.get(pk=case.pk), Outcome.GRANTED, on=TODAY)
    page = page_of(client, left)
    assert "这件申请已经办结，不用答复了。" in page
    assert "<form" not in page.split("<main")[1]
    assert "没有等您答复的协办" in client.get("/desk/assistance/").content.decode()


def test_the_applicant_sees_nothing_of_it(players: Cast, case: Case) -> None:
    """Neither the files nor the events: what is asked inside stays inside."""
    assist.request_assistance(
        case,
        name="财务科",
        question=QUESTION,
        due_on=TODAY,
        by=players.wang,
        at=moment(TODAY),
        uploads=(Upload("范围.txt", b"2025"),),
    )
    told = [event.for_applicant() for event in case.events.filter(kind__startswith="assistance")]
    assert told == [None]
