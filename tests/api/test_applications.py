"""An office's own portal lodges an application, follows it, answers the supplement, and gives it up."""

import base64
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.db import connection

from casework.access import follow
from casework.actions import clock
from casework.models import ApiAnswer, Case, Document, Draft, Event, Kind, Lodgement, Scope
from casework.tasks import forget_answers
from tests.api.machine import APPLICATION, Machine, token_for
from tests.cast import CREDIT_CODE, Cast, moment
from tests.conftest import AS_OF

PDF = b"%PDF-1.4\n%%EOF\n"


def test_it_is_registered_on_the_day_it_is_sent_like_one_of_this_site(machine: Machine, players: Cast) -> None:
    answer = machine.lodge(subject="老旧小区改造项目清单")
    assert answer.status_code == 201, answer.content
    said = answer.json()
    case = Case.objects.get()
    assert said["number"] == case.number
    assert said["received_on"] == AS_OF.date().isoformat() == case.received_on.isoformat()  # 条例 31(3)
    assert said["due_on"] == case.due().due_on.isoformat()  # type: ignore[union-attr]
    assert (case.agency, case.channel, case.applicant.name) == (players.dongshan, "online", "张三")
    assert case.applicant.identity_number == APPLICATION["identity_number"]
    assert follow(said["number"], said["query_code"]) == case
    event = case.events.get(kind=Kind.SUBMITTED)
    assert (event.by, event.actor, event.payload["through"]) == (None, "applicant", "省政务平台")
    assert said["receipt"]["digest"] == case.acknowledgement.digest


def test_files_come_with_it(machine: Machine) -> None:
    content = base64.b64encode(PDF).decode()
    answer = machine.lodge(
        attachments=[{"name": "图.pdf", "content_base64": content}],
        authority=[{"name": "委托书.pdf", "content_base64": content}],
        agent={"name": "李四", "scope": "代为申请"},
        fellows=[{"name": "王五"}],
    )
    assert answer.status_code == 201, answer.content
    kinds = {document.kind: document for document in Document.objects.all()}
    assert set(kinds) == {"application", "authority"}
    assert kinds["application"].file.read() == PDF
    kinds["application"].file.close()
    applicant = Case.objects.get().applicant
    assert applicant.acting is not None
    assert applicant.acting.name == "李四"
    assert [other.name for other in applicant.others.all()] == ["王五"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "123"}, "/name"),
        ({"identity_number": "110105194912310021"}, "/identity_number"),
        ({"identity_kind": "credit_code"}, "/identity_kind"),
        ({"phone": ""}, "/phone"),
        ({"phone": "打给我"}, "/phone"),
        ({"email": "没有"}, "/email"),
        ({"wanted_way": "email"}, "/email"),
        ({"wanted_way": "post"}, "/address"),
        ({"wanted_form": "paper"}, "/wanted_way"),
        ({"told_by": "sms", "phone": "0469-8223344"}, "/told_by"),
        (
            {"applicant_kind": "business", "identity_kind": "credit_code", "identity_number": CREDIT_CODE},
            "/contact_person",
        ),
        ({"applicant_kind": "somebody"}, "/applicant_kind"),
        ({"content": " "}, "/content"),
        ({"content": None}, "/content"),
        ({"purpose": "研究"}, "/purpose"),
        ({"attachments": [{"name": "a", "content_base64": "你"}]}, "/attachments/0/content_base64"),
        ({"attachments": [{"name": "a"}]}, "/attachments/0/content_base64"),
        ({"fellows": [{"name": "王五", "contact": 7}]}, "/fellows/0/contact"),
    ],
)
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_stored(
    machine: Machine, changes: dict[str, Any], pointer: str
) -> None:
    answer = machine.lodge(**changes)
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert pointer in [fault["pointer"] for fault in said["errors"]]
    assert not Case.objects.exists()
    assert not ApiAnswer.objects.exists()
    assert not Draft.objects.exists()


def test_the_same_key_gives_the_same_answer_and_another_body_is_a_mistake(machine: Machine) -> None:
    first = machine.lodge(key="a-1")
    again = machine.lodge(key="a-1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotent-Replayed"] == "true"
    other = machine.lodge(key="a-1", content="别的内容。")
    assert other.status_code == 422
    assert other.json()["type"].endswith("key-reused")
    assert machine.lodge(key="a-2").json()["number"] != first.json()["number"]
    assert Case.objects.count() == 2


@pytest.mark.parametrize("key", ["", " ", "有", "a" * 201, "a b"])
def test_without_a_key_nothing_is_written(machine: Machine, key: str) -> None:
    answer = machine.lodge(key=key)
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("no-key")
    assert not Case.objects.exists()


def test_the_code_is_sealed_while_it_is_kept_and_the_key_makes_one_case_for_ever(
    machine: Machine, now: time_machine.Traveller
) -> None:
    first = machine.lodge(key="a-1").json()
    assert first["query_code"].encode() not in bytes(ApiAnswer.objects.get().sealed or b"")
    now.shift(timedelta(hours=25))
    forget_answers()
    assert not ApiAnswer.objects.exists()
    again = machine.lodge(key="a-1")
    assert again.status_code == 200
    assert again.json() == first | {"query_code": None}
    assert Case.objects.count() == 1


def test_what_was_refused_can_be_mended_and_sent_under_the_same_key(machine: Machine) -> None:
    assert machine.lodge(key="a-1", phone="").status_code == 422
    assert machine.lodge(key="a-1").status_code == 201


def test_another_token_of_the_agency_finds_the_same_case(machine: Machine, players: Cast) -> None:
    number = machine.lodge(key="a-1").json()["number"]
    renewed = Machine(token_for(players.dongshan, Scope.FILE))
    assert renewed.lodge(key="a-1").json()["number"] == number
    stranger = Machine(token_for(players.elsewhere, Scope.FILE))
    assert stranger.lodge(key="a-1").json()["query_code"]
    assert Case.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_become_one(players: Cast) -> None:
    token, answers, barrier = token_for(players.dongshan, Scope.FILE), list[tuple[int, str]](), Barrier(2)

    def send() -> None:
        barrier.wait()
        answer = Machine(token).lodge(key="race")
        answers.append((answer.status_code, answer.content.decode()))
        connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1, answers
    assert answers[0][0] == 201
    assert Case.objects.count() == Lodgement.objects.count() == 1


def test_it_is_followed_with_the_why_of_its_date_and_without_personal_data(machine: Machine) -> None:
    lodged = machine.lodge().json()
    answer = machine.get(f"/applications/{lodged['id']}")
    said = answer.json()
    assert said["state"] == "received"
    assert said["clock"]["due_on"] == lodged["due_on"]
    assert said["clock"]["steps"][0]["law"]
    assert [event["kind"] for event in said["events"]] == ["submitted"]
    for secret in ("张三", APPLICATION["identity_number"], "13800000000", lodged["query_code"]):
        assert secret not in answer.content.decode()
    english = Machine(machine.token, language="en").get(f"/applications/{lodged['id']}").json()
    assert english["said"] != said["said"]


def test_a_supplement_is_seen_and_answered_and_the_period_starts_afresh(machine: Machine, players: Cast) -> None:
    lodged = machine.lodge().json()
    path = f"/applications/{lodged['id']}"
    early = machine.post(f"{path}/supplement", {"answer": "即2025年度清单。"})
    assert (early.status_code, early.json()["law"]) == (422, "条例 30")
    on = AS_OF.date()
    case = Case.objects.get()
    clock.request_supplement(case, unclear="请说明所需信息的名称。", on=on, by=players.wang, at=moment(on))
    wanted = machine.get(path).json()
    assert wanted["state"] == "supplement_requested"
    assert wanted["supplement"]["unclear"] == "请说明所需信息的名称。"
    content = base64.b64encode(PDF).decode()
    body = {"answer": "即2025年度清单。", "attachments": [{"name": "图.pdf", "content_base64": content}]}
    answered = machine.post(f"{path}/supplement", body, key="s-1")
    assert answered.status_code == 200, answered.content
    assert answered.json()["state"] == "received"
    assert answered.json()["supplement"] is None
    assert machine.post(f"{path}/supplement", body, key="s-1").json() == answered.json()
    assert Event.objects.filter(kind=Kind.SUPPLEMENT_RECEIVED).count() == 1
    assert Document.objects.get().kind == "supplement"


def test_it_is_withdrawn_once(machine: Machine) -> None:
    lodged = machine.lodge().json()
    path = f"/applications/{lodged['id']}"
    gone = machine.post(f"{path}/withdrawal", {"statement": "已经从别处得到。"})
    assert gone.status_code == 200, gone.content
    assert gone.json()["outcome"] == "other_3"
    assert gone.json()["closed_on"] == AS_OF.date().isoformat()
    again = machine.post(f"{path}/withdrawal", {})
    assert again.status_code == 422
    assert machine.post(f"{path}/supplement", {"answer": "补"}).status_code == 422


def test_the_list_loses_and_doubles_nothing_while_more_come(machine: Machine) -> None:
    ids = [machine.lodge().json()["id"] for _ in range(5)]
    first = machine.get("/applications", limit=2).json()
    ids.append(machine.lodge().json()["id"])
    found, cursor = [row["id"] for row in first["applications"]], first["next"]
    while cursor:
        page = machine.get("/applications", limit=2, cursor=cursor).json()
        found += [row["id"] for row in page["applications"]]
        cursor = page["next"]
    assert found == ids


@pytest.mark.parametrize("cursor", ["x", "MQ:1abcde:" + "A" * 43, "有"])
def test_a_cursor_that_was_not_given_here_opens_nothing(machine: Machine, cursor: str) -> None:
    answer = machine.get("/applications", cursor=cursor)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "cursor"


def test_a_closed_office_takes_nothing(machine: Machine, players: Cast) -> None:
    players.dongshan.successor = players.civil
    players.dongshan.save()
    answer = machine.lodge()
    assert (answer.status_code, answer.json()["law"]) == (422, "条例 27")
