"""Twenty at once: one winner, one event, and for everybody else a sentence that says what to do."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from casework.access import Verb
from casework.actions import (
    approve,
    clock,
    consult,
    decide,
    deliver,
    excess,
    extension,
    fee,
    files,
    intake,
    mailroom,
    send,
)
from casework.actions.files import Upload
from casework.actions.letters import void_letter
from casework.law.clock import Channel, Party, Receipt
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import (
    Applicant,
    Case,
    Conflict,
    Consultation,
    Decision,
    Delivery,
    DispatchMode,
    Document,
    DocumentKind,
    Draft,
    Event,
    Extension,
    FeeNotice,
    Letter,
    NumberSeries,
    Supplement,
)
from casework.models.querycode import matches, new_code
from notifications.models import Message
from tests.casework.together import at_once
from tests.cast import FEE, PAID, Cast, application, cleared, moment, proposed, registered, signed

pytestmark = pytest.mark.django_db(transaction=True)

RECEIVED, TODAY = date(2026, 11, 2), date(2026, 11, 10)
Act = Callable[[Case], Event]


def on_pages_of_their_own(*acts: Act) -> tuple[list[Event], list[Refused]]:
    """Each has read the case before anybody acts."""
    return at_once([partial(act, case) for act, case in [(act, Case.objects.get()) for act in acts]])


def assert_one_winner(acts: int, events: int, results: list[Event], refused: list[Refused]) -> Event:
    assert (len(results), len(refused)) == (1, acts - 1)
    assert Event.objects.count() == events + 1
    for refusal in refused:
        assert refusal.sentence.zh.endswith("。")
        assert refusal.sentence.en.endswith(".")
        assert not isinstance(refusal, Conflict) or "请刷新页面" in refusal.sentence.zh
    return results[0]


# -- deciding ---------------------------------------------------------------------------------------------------------


def decisions(players: Cast) -> list[Act]:
    return [
        lambda case: approve.sign(case, by=players.li, at=moment(TODAY)),
        lambda case: approve.send_back(case, remark="重写", by=players.li, at=moment(TODAY)),
        lambda case: decide.withdraw(case, on=TODAY, by=None, at=moment(TODAY)),
        lambda case: decide.withdraw(case, on=TODAY, by=players.wang, at=moment(TODAY), statement="撤回"),
        lambda case: extension.extend(case, working_days=5, reason="忙", on=TODAY, by=players.li, at=moment(TODAY)),
    ]


@pytest.mark.parametrize("first", range(5))
def test_twenty_who_decide_at_once_give_one_decision(players: Cast, first: int) -> None:
    case = registered(players, on=RECEIVED).case
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    cleared(players, case, on=TODAY)
    events, acts = Event.objects.count(), decisions(players)
    winner = assert_one_winner(20, events, *on_pages_of_their_own(*(acts[first:] + acts[:first]) * 4))
    stored, decision = Case.objects.get(), Decision.objects.get()
    assert stored.state == {
        "signed": "signed",
        "sent_back": "received",
        "withdrawn": "terminated",
        "extended": "in_review",
    }.get(winner.kind)
    assert (decision.signed_at is not None) == (winner.kind == "signed")
    assert (decision.returned_at is not None) == (winner.kind == "sent_back")
    assert (stored.closed_on is not None) == (winner.kind == "withdrawn")
    assert Extension.objects.count() == (winner.kind == "extended")


def test_twenty_who_send_the_reply_send_it_once(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=TODAY)
    events = Event.objects.count()

    def post(number: int) -> Act:
        return lambda case: deliver.dispatch(
            case, mode=DispatchMode.POST, postal_number=f"EA{number}", on=TODAY, by=players.wang, at=moment(TODAY)
        )

    assert_one_winner(20, events, *on_pages_of_their_own(*map(post, range(20))))
    assert (Case.objects.get().state, Case.objects.get().closed_on) == ("disclosed", TODAY)
    assert Decision.objects.get().dispatched_on == TODAY


def test_twenty_who_post_the_notice_or_declare_it_void_do_one_thing(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    letter = send.prepare(case, Verb.REQUEST_SUPPLEMENT, unclear="请说明。", by=players.wang, at=moment(RECEIVED))
    on_pages = [Letter.objects.select_related("case__agency").get(pk=letter.pk) for _ in range(20)]

    def post(one: Letter) -> object:
        return send.send(
            one, mode=DispatchMode.POST, postal_number="XA1", on=RECEIVED, by=players.wang, at=moment(RECEIVED, 11)
        )

    def void(one: Letter) -> object:
        return void_letter(one, reason="印错", by=players.li, at=moment(RECEIVED, 11))

    results, refused = at_once([partial(act, one) for act, one in zip([post, void] * 10, on_pages, strict=True)])
    assert (len(results), len(refused)) == (1, 19)
    sent = Delivery.objects.count()
    assert sent + Letter.objects.exclude(voided_at=None).count() == 1
    assert Supplement.objects.count() == sent


def test_the_citizen_withdraws_while_the_head_signs(players: Cast) -> None:
    for _ in range(5):
        case = registered(players, on=RECEIVED).case
        proposed(players, case, Outcome.GRANTED, on=TODAY)
        cleared(players, case, on=TODAY)
        mine, theirs = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
        results, refused = at_once(
            [
                partial(decide.withdraw, mine, on=TODAY, by=None, at=moment(TODAY)),
                partial(approve.sign, theirs, by=players.li, at=moment(TODAY)),
            ]
        )
        assert [type(refusal) for refusal in refused] == [Conflict]
        won = Case.objects.get(pk=case.pk)
        assert won.state == ("signed" if results[0].kind == "signed" else "terminated")
        assert (won.decisions.get().signed_at is not None) == (won.state == "signed")


def test_an_extension_on_an_old_page_does_not_reopen_what_is_being_sent(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    cleared(players, case, on=TODAY)
    old_page = Case.objects.get()
    approve.sign(case, by=players.li, at=moment(TODAY))
    results, refused = at_once(
        [
            lambda: extension.extend(old_page, working_days=5, reason="忙", on=TODAY, by=players.li, at=moment(TODAY)),
            lambda: deliver.dispatch(case, mode=DispatchMode.ONLINE, on=TODAY, by=players.wang, at=moment(TODAY)),
        ]
    )
    assert [event.kind for event in results] == ["dispatched"]
    assert [type(refusal) for refusal in refused] == [Conflict]
    assert not Extension.objects.exists()


# -- facts ------------------------------------------------------------------------------------------------------------


def in_any_of_two_ways(first: Act, second: Act) -> None:
    events = Event.objects.count()
    assert_one_winner(20, events, *on_pages_of_their_own(*[first, second] * 10))


def test_a_supplement_that_comes_online_and_on_paper_counts_once(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    clock.request_supplement(case, unclear="请说明名称。", on=RECEIVED, by=players.wang, at=moment(RECEIVED))
    in_any_of_two_ways(
        lambda case: clock.receive_supplement(case, answer="网上补正", on=TODAY, by=None, at=moment(TODAY)),
        lambda case: clock.receive_supplement(
            case, answer="书面补正", channel="in_person", on=TODAY, by=players.wang, at=moment(TODAY)
        ),
    )
    supplement = Supplement.objects.get()
    assert (supplement.answer, supplement.channel) in {("网上补正", "online"), ("书面补正", "in_person")}


def test_one_supplement_is_asked_for(players: Cast) -> None:
    registered(players, on=RECEIVED)
    in_any_of_two_ways(
        lambda case: clock.request_supplement(case, unclear="一", on=TODAY, by=players.wang, at=moment(TODAY)),
        lambda case: clock.request_supplement(case, unclear="二", on=TODAY, by=players.chen, at=moment(TODAY)),
    )
    assert Supplement.objects.count() == 1


def test_a_fee_is_asked_for_and_paid_once(players: Cast) -> None:
    registered(players, on=RECEIVED)
    in_any_of_two_ways(
        lambda case: fee.notify_fee(case, **FEE, on=TODAY, by=players.wang, at=moment(TODAY)),
        lambda case: fee.notify_fee(case, **FEE, on=TODAY, by=players.chen, at=moment(TODAY)),
    )
    in_any_of_two_ways(
        lambda case: fee.record_payment(case, on=TODAY, **PAID, by=players.wang, at=moment(TODAY)),
        lambda case: fee.record_payment(case, on=TODAY, **PAID, by=players.chen, at=moment(TODAY)),
    )
    assert FeeNotice.objects.get().paid_on == TODAY


def test_reasons_are_asked_for_and_recorded_once(players: Cast) -> None:
    registered(players, on=RECEIVED)
    in_any_of_two_ways(
        lambda case: excess.ask_reasons(case, why="三百件", on=TODAY, by=players.wang, at=moment(TODAY)),
        lambda case: excess.ask_reasons(case, why="太多", on=TODAY, by=players.chen, at=moment(TODAY)),
    )
    in_any_of_two_ways(
        lambda case: excess.record_reasons(case, answer="研究", on=TODAY, by=players.wang, at=moment(TODAY)),
        lambda case: excess.record_reasons(case, answer="诉讼", on=TODAY, by=players.chen, at=moment(TODAY)),
    )


def opinion(players: Cast, consultation: Consultation, said: str) -> Event:
    return consult.record_opinion(
        consultation, answered_on=TODAY, consents=None, opinion=said, by=players.wang, at=moment(TODAY)
    )


def test_an_opinion_is_recorded_once_though_each_reads_the_case_for_itself(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    consult.consult(
        case, party=Party.THIRD_PARTY, name="某公司", sent_on=RECEIVED, by=players.wang, at=moment(RECEIVED)
    )
    events = Event.objects.count()
    read = [Consultation.objects.get() for _ in range(20)]
    outcome = at_once([partial(opinion, players, each, f"意见{n}") for n, each in enumerate(read)])
    assert_one_winner(20, events, *outcome)
    assert Consultation.objects.get().answered_on == TODAY


def test_an_opinion_read_before_another_recorded_it_does_not_overwrite(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    consult.consult(
        case, party=Party.THIRD_PARTY, name="某公司", sent_on=RECEIVED, by=players.wang, at=moment(RECEIVED)
    )
    mine, theirs = Consultation.objects.get(), Consultation.objects.get()
    opinion(players, theirs, "同意")
    with pytest.raises(Conflict):
        opinion(players, mine, "不同意")  # its case is read only now, with the version that the other left
    assert Consultation.objects.get().opinion == "同意"


def test_a_case_read_again_while_another_signs_cannot_be_sent_back(players: Cast) -> None:
    """Reading again takes two queries; what lies between them must not be mixed."""
    case = registered(players, on=RECEIVED).case
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    cleared(players, case, on=TODAY)
    other, reads = Case.objects.get(), list[str]()

    def sign_between(execute: Any, sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if not reads:
            reads.append(sql)
            approve.sign(other, by=players.li, at=moment(TODAY))
        return result

    with connection.execute_wrapper(sign_between):
        case.refresh_from_db()
    with pytest.raises(Refused):
        approve.send_back(case, remark="重写", by=players.li, at=moment(TODAY))
    assert Case.objects.get().state == "signed"


# -- filing -----------------------------------------------------------------------------------------------------------


def test_twenty_submissions_of_one_draft_make_one_application(players: Cast, tmp_path: Path) -> None:
    code = new_code()
    draft = Draft.open(agency=players.dongshan, at=moment(TODAY))
    filed = application(email="zhang@example.com", uploads=(Upload("证明.txt", b"proof"),))
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        results, refused = at_once(
            [
                partial(intake.submit, each, filed, query_code=code, at=moment(TODAY))
                for each in [Draft.objects.get(pk=draft.pk) for _ in range(20)]
            ]
        )
    assert not refused
    case = Case.objects.get()
    assert {result.case.number for result in results} == {"230406-2026-00001"}
    assert {result.event.pk for result in results} == {Event.objects.get().pk}
    assert all(matches(result.query_code, case.query_code_hash) for result in results)
    assert Draft.objects.get().case == case
    assert (Applicant.objects.count(), Document.objects.count()) == (1, 1)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    assert Message.objects.filter(notice="application_received").count() == 1
    assert NumberSeries.objects.get().last == 1


def register(players: Cast, number: str = "") -> str:
    receipt = Receipt(Channel.IN_PERSON, TODAY)
    made = intake.register(players.dongshan, application(), receipt, by=players.wang, at=moment(TODAY), number=number)
    return made.case.number


def test_twenty_registrations_have_twenty_numbers_without_a_gap(players: Cast) -> None:
    results, refused = at_once([lambda: register(players)] * 20)
    assert not refused
    assert sorted(results) == [f"230406-2026-{n:05d}" for n in range(1, 21)]
    assert NumberSeries.objects.get().last == 20


def test_a_number_typed_by_twenty_serves_one_and_the_others_are_told(players: Cast) -> None:
    results, refused = at_once([lambda: register(players, "收〔2026〕1号")] * 20)
    assert results == ["收〔2026〕1号"]
    assert {(str(refusal), refusal.field) for refusal in refused} == {
        ("登记编号“收〔2026〕1号”在本年度已经用过。", "number")
    }


def test_numbers_typed_ahead_of_the_series_do_not_stop_it(players: Cast) -> None:
    ahead = [f"230406-2026-{n:05d}" for n in range(1, 11)]
    results, refused = at_once([partial(register, players, number) for typed in ahead for number in (typed, "")])
    assert len(results) == len(set(results)) == Case.objects.count()
    assert len(results) + len(refused) == 20
    assert {refusal.field for refusal in refused} <= {"number"}
    assert len(results) >= 10  # whoever typed none has one


def test_one_file_sent_twice_at_once_is_kept_once(players: Cast, tmp_path: Path) -> None:
    """Within one act the case's row is held; attaching outside one still meets the database's own rule."""
    case = registered(players, on=RECEIVED).case

    def attach() -> int:
        with transaction.atomic():
            mine = Case.objects.select_for_update().get(pk=case.pk)
            upload = Upload("证明.txt", b"proof")
            return files.attach(mine, upload, DocumentKind.REPLY, by=players.wang, at=moment(TODAY)).pk

    with override_settings(MEDIA_ROOT=str(tmp_path)):
        results, refused = at_once([attach] * 20)
    assert not refused
    assert set(results) == {Document.objects.get().pk}


# -- taking in --------------------------------------------------------------------------------------------------------


def test_one_register_form_sent_twenty_times_at_once_makes_one_case(players: Cast) -> None:
    """Two requests of one clerk can be past every look before either has stored anything."""
    receipt = Receipt(Channel.IN_PERSON, TODAY)
    act = partial(
        intake.register, players.dongshan, application(), receipt, key="one-form", by=players.wang, at=moment(TODAY)
    )
    made, refused = at_once([act] * 20)
    assert not refused
    assert {registration.case.pk for registration in made} == {Case.objects.get().pk}
    assert len([registration for registration in made if registration.query_code]) == 1
    assert Applicant.objects.count() == 1
    assert Event.objects.count() == 1


def test_the_same_key_of_another_clerk_is_another_form(players: Cast) -> None:
    receipt = Receipt(Channel.IN_PERSON, TODAY)
    for clerk in (players.wang, players.chen):
        intake.register(players.dongshan, application(), receipt, key="one-form", by=clerk, at=moment(TODAY))
    assert Case.objects.count() == 2


def test_twenty_who_register_one_piece_of_mail_make_one_case(players: Cast) -> None:
    arrival = mailroom.log_arrival(
        players.dongshan,
        arrived_on=TODAY,
        channel=Channel.SIGNED_MAIL,
        received_by="收发室",
        by=players.wang,
        at=moment(TODAY),
    )
    receipt = Receipt(Channel.SIGNED_MAIL, TODAY)
    act = partial(
        intake.register, players.dongshan, application(), receipt, arrival=arrival, by=players.wang, at=moment(TODAY)
    )
    made, refused = at_once([act] * 20)
    assert (len(made), {type(refusal) for refusal in refused}) == (1, {Conflict})
    arrival.refresh_from_db()
    assert arrival.case == Case.objects.get()
