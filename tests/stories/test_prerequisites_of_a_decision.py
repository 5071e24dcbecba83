"""Given a decision of any of the 21 codes, it is neither proposed nor signed before the law's prerequisite is there."""

from datetime import date

import pytest

from casework.actions import approve, clock, consult, decide, deliver, fee
from casework.law.clock import Party
from casework.law.matrix import place
from casework.law.outcomes import OUTCOMES, Outcome
from casework.law.refusals import Refused
from casework.models import Case, Decision, DispatchMode
from tests.cast import EARLIER, FEE, Cast, cleared, found_unreasonable, moment, registered, statements

pytestmark = pytest.mark.django_db

RECEIVED, EARLY, TODAY = date(2026, 9, 1), date(2026, 9, 2), date(2026, 11, 10)

#: From law.md 6.2 and design section 4, by hand: code, ground, the state that closes it, what has to be stated, and the
#: fact that has to be on file with its article.
CODES: list[tuple[str, str, str, set[str], str, str]] = [
    ("granted", "provided", "disclosed", {"route"}, "", ""),
    ("granted", "already_public", "disclosed", {"route"}, "", ""),
    ("partial", "", "partially_disclosed", {"route", "reasons"}, "", ""),
    ("refused_1", "", "refused", {"reasons", "separability", "legal_basis", "classified_by"}, "", ""),
    ("refused_2", "", "refused", {"reasons", "separability", "legal_basis"}, "", ""),
    ("refused_3", "national_security", "refused", {"reasons", "separability"}, "", ""),
    ("refused_3", "public_security", "refused", {"reasons", "separability"}, "", ""),
    ("refused_3", "economic_security", "refused", {"reasons", "separability"}, "", ""),
    ("refused_3", "social_stability", "refused", {"reasons", "separability"}, "", ""),
    ("refused_4", "trade_secret", "refused", {"reasons", "separability"}, "consultation", "条例 15、32"),
    ("refused_4", "privacy", "refused", {"reasons", "separability"}, "consultation", "条例 15、32"),
    ("refused_5", "personnel", "refused", {"reasons", "separability"}, "", ""),
    ("refused_5", "logistics", "refused", {"reasons", "separability"}, "", ""),
    ("refused_5", "workflow", "refused", {"reasons", "separability"}, "", ""),
    ("refused_6", "discussion", "refused", {"reasons", "separability"}, "", ""),
    ("refused_6", "draft", "refused", {"reasons", "separability"}, "", ""),
    ("refused_6", "consultation_letter", "refused", {"reasons", "separability"}, "", ""),
    ("refused_6", "request_report", "refused", {"reasons", "separability"}, "", ""),
    ("refused_7", "", "refused", {"reasons", "separability"}, "", ""),
    ("refused_8", "", "refused", {"reasons", "route"}, "", ""),
    ("unavailable_1", "not_existing", "unavailable", {"reasons", "search_record"}, "", ""),
    ("unavailable_1", "other_body", "unavailable", {"reasons", "competent_body"}, "", ""),
    ("unavailable_2", "", "unavailable", {"reasons"}, "", ""),
    ("unavailable_3", "", "unavailable", {"reasons"}, "supplement", "条例 30"),
    ("not_processed_1", "", "not_processed", {"reasons", "route"}, "", ""),
    ("not_processed_2", "", "not_processed", {"reasons", "earlier_reply"}, "", ""),
    ("not_processed_3", "", "not_processed", {"reasons", "route"}, "", ""),
    ("not_processed_4", "", "not_processed", {"reasons"}, "reasons_asked", "条例 35"),
    ("not_processed_5", "", "not_processed", {"reasons", "earlier_reply"}, "", ""),
    ("other_1", "", "terminated", {"reasons"}, "supplement_lapsed", "条例 30"),
    ("other_2", "", "terminated", {"reasons"}, "fee_lapsed", "国办函〔2020〕109号 6"),
    ("other_3", "", "terminated", {"reasons"}, "", ""),
]
IDS = [f"{code}-{ground}" if ground else code for code, ground, *_ in CODES]
NEEDING_A_FACT = [row for row in CODES if row[4]]


def put_on_file(players: Cast, case: Case, fact: str) -> None:
    """The fact that a decision waits for, by the verb that records it."""
    by, at = players.wang, moment(EARLY)
    if fact == "consultation":
        # Its 15 working days were over on 23 September.
        consult.consult(case, party=Party.THIRD_PARTY, name="某公司", sent_on=EARLY, delivered_on=EARLY, by=by, at=at)
    elif fact in ("supplement", "supplement_lapsed"):
        clock.request_supplement(case, unclear="请说明名称。", days=5, on=EARLY, by=by, at=at)
        if fact == "supplement":
            clock.receive_supplement(case, answer="还是不清楚。", on=EARLY, by=by, at=at)
    elif fact == "reasons_asked":
        found_unreasonable(players, case, on=EARLY)
    elif fact == "fee_lapsed":
        fee.notify_fee(case, **FEE, on=EARLY, delivered_on=EARLY, by=by, at=at)


def propose(players: Cast, case: Case, code: str, ground: str, **changed: str) -> None:
    outcome = Outcome(code)
    stated = {key: f"{key}：见说明。" for key in statements(outcome, ground)} | changed
    decide.propose(
        case, outcome=outcome, ground=ground, statements=stated, earlier_on=EARLIER, by=players.wang, at=moment(TODAY)
    )


def test_the_table_names_every_code_and_ground() -> None:
    grounds = {(row.code.value, ground) for row in OUTCOMES.values() for ground in [g.key for g in row.grounds] or [""]}
    assert {(code, ground) for code, ground, *_ in CODES} == grounds
    assert len({code for code, *_ in CODES}) == 21


@pytest.mark.parametrize(("code", "ground", "state", "stated", "fact", "law"), CODES, ids=IDS)
def test_with_its_prerequisite_a_code_closes_the_case_in_its_own_row(
    players: Cast, code: str, ground: str, state: str, stated: set[str], fact: str, law: str
) -> None:
    case = registered(players, on=RECEIVED).case
    put_on_file(players, case, fact)
    propose(players, case, code, ground)
    cleared(players, case, on=TODAY)
    approve.sign(case, by=players.li, at=moment(TODAY))
    deliver.dispatch(case, mode=DispatchMode.ONLINE, on=TODAY, by=players.wang, at=moment(TODAY))
    stored = Case.objects.get()
    assert (stored.state, stored.outcome, stored.closed_on) == (state, code, TODAY)
    assert place(carried_in=False, outcome=Outcome(stored.outcome)) == ("new", code)
    assert set(Decision.objects.get().statements) == stated


@pytest.mark.parametrize(("code", "ground", "state", "stated", "fact", "law"), CODES, ids=IDS)
def test_without_one_of_its_statements_it_is_not_proposed(
    players: Cast, code: str, ground: str, state: str, stated: set[str], fact: str, law: str
) -> None:
    case = registered(players, on=RECEIVED).case
    put_on_file(players, case, fact)
    for key in sorted(stated):
        with pytest.raises(Refused, match="必须填写") as refusal:
            propose(players, Case.objects.get(), code, ground, **{key: " \n"})
        assert refusal.value.field == key
    assert not Decision.objects.exists()


@pytest.mark.parametrize(("code", "ground", "state", "stated", "fact", "law"), NEEDING_A_FACT)
def test_without_its_fact_it_is_not_proposed(
    players: Cast, code: str, ground: str, state: str, stated: set[str], fact: str, law: str
) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="缺少法定前提") as refusal:
        propose(players, case, code, ground)
    assert (refusal.value.law, refusal.value.field) == (law, "outcome")
    assert not Decision.objects.exists()
    assert Case.objects.get().state == "received"


@pytest.mark.parametrize(("code", "ground", "state", "stated", "fact", "law"), NEEDING_A_FACT)
def test_without_its_fact_it_is_not_signed_either(
    players: Cast,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    ground: str,
    state: str,
    stated: set[str],
    fact: str,
    law: str,
) -> None:
    """However the draft came to the head: imported, written by an older release, or with a fact corrected since."""
    case = registered(players, on=RECEIVED).case
    with monkeypatch.context() as unguarded:
        unguarded.setattr(decide, "check_facts", lambda *_, **__: None)
        propose(players, case, code, ground)
    cleared(players, case, on=TODAY)
    with pytest.raises(Refused, match="缺少法定前提") as refusal:
        approve.sign(Case.objects.get(), by=players.li, at=moment(TODAY))
    assert refusal.value.law == law
    assert Case.objects.get().state == "in_review"
    assert Decision.objects.get().signed_at is None


@pytest.mark.parametrize("ground", ["", "weather", "privacy"])
def test_a_code_with_grounds_needs_one_of_its_own(players: Cast, ground: str) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="请选择具体情形"):
        decide.propose(
            case,
            outcome=Outcome.REFUSED_5,
            ground=ground,
            statements=dict.fromkeys(["reasons", "separability"], "见说明。"),
            by=players.wang,
            at=moment(TODAY),
        )


def test_a_code_without_grounds_takes_none(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="请选择具体情形"):
        propose(players, case, "refused_7", "privacy")


def test_a_lapse_must_be_over_on_the_day_of_the_decision(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    put_on_file(players, case, "fee_lapsed")
    until = Case.objects.get().period_ends_on
    assert until == date(2026, 9, 30)
    with pytest.raises(Refused, match="缴费期限已经届满"):
        decide.propose(
            case, outcome=Outcome.OTHER_2, statements={"reasons": "未缴费"}, by=players.wang, at=moment(until, 23)
        )
