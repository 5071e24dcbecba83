"""State secrets are kept out of the system: only the fact, its basis and who decided stay (law.md 10.7, 保密法 35)."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from django.core import serializers
from django.db import connection

from casework.actions import approve, decide
from casework.actions.files import Upload
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, ClassifiedFinding, Decision, Document, Kind
from notifications.models import Message
from tests.cast import Cast, cleared, moment, registered, reviewed, statements

pytestmark = pytest.mark.django_db

RECEIVED, TODAY = date(2026, 11, 2), date(2026, 11, 3)
SECRET = "代号雪豹的演习定于某日"
FILE = Upload("演习方案.txt", SECRET.encode())
PLAIN = Upload("目录.txt", b"1")


def drafted(players: Cast, *uploads: Upload, kept: tuple[Document, ...] = ()) -> Case:
    case = Case.objects.first() or registered(players, on=RECEIVED).case
    decide.propose(
        case,
        outcome=Outcome.GRANTED,
        ground="provided",
        statements={"route": f"见附件。{SECRET}"},
        uploads=uploads,
        kept=kept,
        by=players.wang,
        at=moment(TODAY),
    )
    return case


def found(players: Cast, case: Case) -> None:
    reviewed(players, case, on=TODAY)
    approve.find_classified(
        case, basis="军事工作国家秘密范围的规定", decided_by="省军区", by=players.qian, at=moment(TODAY, 15)
    )


def everything_stored() -> str:
    """Every row of every table, as text."""
    models = [m for m in Case._meta.apps.get_models() if m._meta.managed and m._meta.db_table in _tables()]
    rows = [serializers.serialize("json", model._default_manager.all()) for model in models]
    return "".join(json.dumps(json.loads(row), ensure_ascii=False) for row in rows)


def _tables() -> set[str]:
    return set(connection.introspection.table_names())


def test_a_draft_found_classified_goes_back_and_leaves_only_fact_basis_and_who_decided(players: Cast) -> None:
    case = drafted(players, FILE, PLAIN)
    paths = [Path(document.file.path) for document in Document.objects.all()]
    assert SECRET in everything_stored()
    found(players, case)
    assert SECRET not in everything_stored()
    assert not any(path.exists() for path in paths), "the bytes are gone from the disk"
    assert not Document.objects.exists()
    decision, finding = Decision.objects.get(), ClassifiedFinding.objects.get()
    assert (Case.objects.get().state, decision.statements, decision.returned_by) == ("received", {}, players.qian)
    assert (finding.basis, finding.decided_by, finding.found_by) == (
        "军事工作国家秘密范围的规定",
        "省军区",
        players.qian,
    )
    assert Message.objects.filter(recipient=players.wang, notice="classified_found").exists()


def test_the_event_names_count_and_digest_and_no_more(players: Cast) -> None:
    case = drafted(players, FILE)
    found(players, case)
    event = case.events.get(kind=Kind.CLASSIFIED_FOUND)
    digest = hashlib.sha256(FILE.content).hexdigest()
    assert event.payload == {"count": 1, "digests": [digest]}
    assert "演习" not in event.for_office().zh
    assert digest in event.for_office().zh
    assert event.for_applicant() is None


def test_the_same_file_is_not_attached_again(players: Cast) -> None:
    case = drafted(players, FILE, PLAIN)
    found(players, case)
    with pytest.raises(Refused, match="不能再次上传") as refusal:
        drafted(players, Upload("换个名字.txt", FILE.content))
    assert (refusal.value.law, refusal.value.field) == ("保密法 35", "files")
    assert Case.objects.get().state == "received"


def test_a_file_that_came_back_earlier_is_removed_from_every_draft(players: Cast) -> None:
    case = drafted(players, FILE)
    approve.send_back(case, remark="再看看。", by=players.sun, at=moment(TODAY))
    drafted(players, kept=tuple(Document.objects.all()))
    (path,) = {Path(document.file.path) for document in Document.objects.all()}
    assert Document.objects.count() == 2
    found(players, Case.objects.get())
    assert not Document.objects.exists()
    assert not path.exists()


def test_what_the_applicant_sent_stays(players: Cast) -> None:
    case = registered(players, on=RECEIVED, uploads=(Upload("申请书.txt", FILE.content),)).case
    drafted(players, FILE)
    found(players, Case.objects.get(pk=case.pk))
    assert [document.name for document in Document.objects.all()] == ["申请书.txt"]


def test_only_the_secrecy_reviewer_says_so_and_only_at_that_step(players: Cast) -> None:
    case = drafted(players, FILE)
    facts = {"basis": "保密法 13", "decided_by": "省军区", "at": moment(TODAY)}
    with pytest.raises(Refused, match="现在等待的是审核"):
        approve.find_classified(case, by=players.qian, **facts)  # type: ignore[arg-type]
    reviewed(players, case, on=TODAY)
    for other in (players.wang, players.sun, players.li, players.zhou):
        with pytest.raises(Refused, match="不能保密审查"):
            approve.find_classified(case, by=other, **facts)  # type: ignore[arg-type]
    for missing in ("basis", "decided_by"):
        with pytest.raises(Refused, match="必须填写"):
            approve.find_classified(case, by=players.qian, **facts | {missing: " "})  # type: ignore[arg-type]
    assert Document.objects.count() == 1


def test_a_refusal_because_of_a_secret_takes_no_attachment(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="不得上传附件") as refusal:
        decide.propose(
            case,
            outcome=Outcome.REFUSED_1,
            statements=statements(Outcome.REFUSED_1),
            uploads=(PLAIN,),
            by=players.wang,
            at=moment(TODAY),
        )
    assert refusal.value.law == "条例 14、保密法 35"
    assert not Document.objects.exists()
    assert Case.objects.get().state == "received"


def test_a_refusal_because_of_a_secret_says_on_what_basis_and_by_whom_it_was_classified(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    stated = statements(Outcome.REFUSED_1) | {"classified_by": "省军区"}
    for key in ("legal_basis", "classified_by"):
        with pytest.raises(Refused, match="必须填写"):
            decide.propose(
                case, outcome=Outcome.REFUSED_1, statements=stated | {key: ""}, by=players.wang, at=moment(TODAY)
            )
    decide.propose(case, outcome=Outcome.REFUSED_1, statements=stated, by=players.wang, at=moment(TODAY))
    cleared(players, case, on=TODAY)
    approve.sign(case, by=players.li, at=moment(TODAY, 15))
    assert "该信息由省军区依法确定为国家秘密。" in str(Decision.objects.get().letters.get().content)
