"""Given an application that can't be understood, the office says what lacks and which words (条例 30)."""

from collections.abc import Sequence
from datetime import date

import pytest

from casework.access import Verb
from casework.actions import clock, decide, send
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.states import State
from casework.law.supplement import Lack
from casework.models import Case, DispatchMode, Event, Kind, Supplement
from notifications.models import Message
from tests.casework.test_letters import pdf_text
from tests.cast import Cast, closed, moment, proposed, registered, signed, statements

pytestmark = pytest.mark.django_db

RECEIVED, ASKED, UNTIL, LATER = date(2026, 9, 14), date(2026, 9, 16), date(2026, 10, 13), date(2026, 10, 15)
CONTENT = "申请公开近年来我区有关项目的全部文件。"


@pytest.fixture
def case(players: Cast) -> Case:
    return registered(players, on=RECEIVED, content=CONTENT).case


def asked(
    players: Cast,
    case: Case,
    *,
    lacks: Sequence[str] = (Lack.FORM, Lack.DESCRIPTION),
    excerpts: Sequence[str] = ("近年来", "有关项目"),
) -> Event:
    return clock.request_supplement(
        case,
        lacks=lacks,
        excerpts=excerpts,
        unclear="请写明年度。",
        on=ASKED,
        by=players.wang,
        at=moment(ASKED),
    )


def test_what_lacks_and_which_words_are_unclear_is_on_record(players: Cast, case: Case) -> None:
    asked(players, case)
    supplement = Supplement.objects.get()
    assert supplement.lacks == ["description", "form"]  # in the order of the law
    assert [row.law for row in supplement.lack_rows] == ["条例 29(2)(二)", "条例 29(2)(三)"]
    assert supplement.excerpts == ["近年来", "有关项目"]


@pytest.mark.parametrize("words", ["近几年", "近年来有关", "申请 公开"])
def test_only_the_applicants_own_words_can_be_called_unclear(players: Cast, case: Case, words: str) -> None:
    with pytest.raises(Refused, match=f"申请中没有“{words}”") as refused:
        asked(players, case, excerpts=["近年来", words])
    assert refused.value.field == "excerpts"
    assert not Supplement.objects.exists()


def test_the_law_knows_three_contents_and_no_purpose(players: Cast, case: Case) -> None:
    with pytest.raises(Refused, match="没有“purpose”") as refused:
        asked(players, case, lacks=["purpose"])
    assert (refused.value.field, refused.value.law) == ("lacks", "条例 29(2)")


def test_the_letter_says_all_of_it(players: Cast, case: Case) -> None:
    letter = send.carry_out(
        case,
        Verb.REQUEST_SUPPLEMENT,
        mode=DispatchMode.ONLINE,
        lacks=["description"],
        excerpts=["近年来", "有关项目"],
        unclear="请写明年度和项目的名称。",
        by=players.wang,
        at=moment(ASKED),
    )
    with letter.pdf.open() as pdf:
        text = pdf_text(pdf.read())
    for words in (
        "名称、文号或者便于行政机关查询的其他特征性描述",
        "第二十九条第二款第二项",
        "申请中不明确的文字：“近年来”、“有关项目”。",
        "请写明年度和项目的名称。",
        "最迟于2026年10月13日",
        "视为放弃申请",
    ):
        assert words in text
    assert Supplement.objects.get().excerpts == ["近年来", "有关项目"]


def test_a_second_notice_is_refused(players: Cast, case: Case) -> None:
    asked(players, case)
    clock.receive_supplement(case, answer="2025年。", on=UNTIL, by=None, at=moment(UNTIL))
    with pytest.raises(Refused, match="只能告知一次"):
        asked(players, case)


def test_still_unclear_it_cannot_be_provided_and_the_letter_says_what_remains(players: Cast, case: Case) -> None:
    asked(players, case)
    clock.receive_supplement(case, answer="就是有关项目。", on=UNTIL, by=None, at=moment(UNTIL))
    closed(players, case, Outcome.UNAVAILABLE_3, on=LATER)
    assert Case.objects.get().outcome == Outcome.UNAVAILABLE_3


def test_a_late_notice_is_flagged(players: Cast, case: Case) -> None:
    asked(players, case)
    assert not Supplement.objects.get().was_late
    late = registered(players, on=date(2026, 9, 1)).case
    asked(players, late, excerpts=[])
    assert Supplement.objects.get(case=late).was_late


# A supplement that overtakes its lapse --------------------------------------------------------------------------------


@pytest.mark.parametrize("on", [UNTIL, LATER], ids=["came in time", "came after the period"])
def test_while_its_lapse_awaits_the_signature_it_is_taken_and_the_draft_goes_back(
    players: Cast, case: Case, on: date
) -> None:
    """Nobody who has answered has abandoned the application; the clock starts afresh on the day it came."""
    asked(players, case)
    proposed(players, case, Outcome.OTHER_1, on=LATER)
    clock.receive_supplement(case, answer="2025年。", on=on, by=players.wang, at=moment(date(2026, 10, 16)))
    stored = Case.objects.get()
    assert (stored.state, stored.due_on) == (State.RECEIVED, players.dongshan.calendar.add_workdays(on, 20))
    draft = stored.decisions.get()
    assert draft.returned_at is not None
    assert "不能再视为放弃申请" in draft.remark
    back, arrived = Event.objects.order_by("-pk")[:2][::-1]
    assert (back.kind, back.by, back.for_applicant()) == (Kind.SENT_BACK, None, None)
    assert arrived.kind == Kind.SUPPLEMENT_RECEIVED
    assert Message.objects.filter(notice="sent_back", recipient=players.wang, channel="inbox").count() == 1
    with pytest.raises(Refused, match="补正期限已经届满"):
        proposed(players, stored, Outcome.OTHER_1, on=date(2026, 10, 19))


def test_online_too(players: Cast, case: Case) -> None:
    asked(players, case)
    proposed(players, case, Outcome.OTHER_1, on=LATER)
    clock.receive_supplement(case, answer="2025年。", on=LATER, by=None, at=moment(LATER, 20))
    assert Case.objects.get().state == State.RECEIVED


def test_after_a_late_notice_the_old_date_stays_also_then(players: Cast) -> None:
    case = registered(players, on=date(2026, 9, 1)).case
    due = case.due_on
    asked(players, case, excerpts=[])
    proposed(players, case, Outcome.OTHER_1, on=LATER)
    clock.receive_supplement(case, answer="2025年。", on=LATER, by=None, at=moment(LATER, 20))
    assert Case.objects.get().due_on == due


def test_once_its_lapse_is_signed_it_is_too_late(players: Cast, case: Case) -> None:
    asked(players, case)
    signed(players, case, Outcome.OTHER_1, on=LATER)
    with pytest.raises(Refused, match="已经作出决定"):
        clock.receive_supplement(case, answer="2025年。", on=LATER, by=None, at=moment(LATER, 20))
    assert Case.objects.get().state == State.SIGNED


def test_an_ordinary_draft_is_overtaken_by_nothing(players: Cast, case: Case) -> None:
    decide.propose(
        case,
        outcome=Outcome.GRANTED,
        ground="provided",
        statements=statements(Outcome.GRANTED, "provided"),
        by=players.wang,
        at=moment(ASKED),
    )
    with pytest.raises(Refused, match="不需要补正"):
        clock.receive_supplement(case, answer="2025年。", on=ASKED, by=None, at=moment(ASKED))
