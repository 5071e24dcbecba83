"""``import_ledger``: every row or none, ordinary cases with events, twice the same as once."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from casework.access import visible_to
from casework.actions import intake
from casework.law.history import HEADINGS
from casework.law.states import State
from casework.models import Agency, Applicant, Case, Decision, Event, Extension, Kind, NumberSeries, Supplement
from notifications.models import Message
from tests.cast import Cast, registered, supplemented
from tests.ledgers import WHOLE, as_csv, as_xlsx, give_out, row, still_open, table, take_in, take_in_rows, taken_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office(players: Cast) -> Cast:
    return players


# -- what a row becomes ------------------------------------------------------------------------------------------------


def test_a_row_becomes_an_ordinary_case_with_its_events(tmp_path: Path) -> None:
    assert "1 added, 0 updated, 0 unchanged" in take_in_rows([WHOLE], tmp_path)

    case = Case.objects.get()
    assert (case.number, case.year, case.received_on, case.channel) == (
        "2024-017",
        2024,
        date(2024, 3, 1),
        "signed_mail",
    )
    assert (case.state, case.outcome, case.closed_on) == ("refused", "refused_5", date(2024, 4, 20))
    assert (case.applicant.name, case.applicant.identity_number) == ("张三", "11010519491231002X")
    assert (case.applicant.identity_kind, case.applicant.contact) == ("resident", "13800000000")
    assert case.current_decision is not None
    assert case.current_decision.document_number == "东政公开告〔2024〕17号"
    assert case.current_decision.dispatched_on == date(2024, 4, 20)
    # Restarted by the supplement of 15 March, extended by 10 days: the 30th working day after it.
    assert case.due_on == date(2024, 4, 28)
    assert [(e.kind, e.on, e.due_before, e.due_after) for e in case.events.all()] == [
        (Kind.IMPORTED, date(2024, 3, 1), None, date(2024, 3, 29)),
        (Kind.SUPPLEMENT_REQUESTED, date(2024, 3, 6), date(2024, 3, 29), None),
        (Kind.SUPPLEMENT_RECEIVED, date(2024, 3, 15), None, date(2024, 4, 15)),
        (Kind.EXTENDED, date(2024, 4, 15), date(2024, 4, 15), date(2024, 4, 28)),
        (Kind.DISPATCHED, date(2024, 4, 20), date(2024, 4, 28), date(2024, 4, 28)),
    ]
    assert all(event.for_office().zh and event.for_office().en for event in case.events.all())


def test_the_stored_clock_of_every_case_is_that_of_its_replay(tmp_path: Path) -> None:
    rows = [
        row(number="1"),
        row(number="2", channel="电子邮件", closed_on="2024-06-30"),
        row(number="3", supplement_requested_on="2024-03-05", outcome="other_1", closed_on="2024-05-06"),
        row(number="4", supplement_requested_on="2024-03-20", supplement_received_on="2024-03-28"),
        row(number="5", extension_days=20, closed_on="2024-03-05"),
        row(number="6", supplement_requested_on="2024-03-20", extension_days=3, closed_on="2024-05-06"),
        still_open(number="7", received_on="2026-11-02"),
        still_open(number="8", received_on="2026-10-12", extension_days=15),
        still_open(number="9", received_on="2026-11-02", supplement_requested_on="2026-11-05"),
        still_open(
            number="10",
            received_on="2026-11-02",
            supplement_requested_on="2026-11-05",
            supplement_received_on="2026-11-17",
        ),
        still_open(number="11", received_on="2019-01-02"),
    ]
    assert "11 added" in take_in_rows(rows, tmp_path)
    for case in Case.objects.with_clock_facts():
        assert case.clock_copies(on=date(2026, 11, 18)) == {name: getattr(case, name) for name in Case.CLOCK_COPIES}
        assert case.watch_on is None or case.is_open
    states = {case.number: case.state for case in Case.objects.all()}
    assert (states["7"], states["9"], states["10"]) == (State.RECEIVED, State.SUPPLEMENT_REQUESTED, State.RECEIVED)
    assert Case.objects.get(number="9").period_ends_on == date(2026, 11, 26)
    assert not Case.objects.filter(closed_on=None, watch_on=None).exists()


def test_a_supplement_asked_for_too_late_restarts_nothing_by_the_cautious_reading(tmp_path: Path) -> None:
    late = {"supplement_requested_on": "2024-03-20", "supplement_received_on": "2024-03-28"}
    take_in_rows([row(**late)], tmp_path)
    assert Case.objects.get().due_on == date(2024, 3, 29)
    Agency.objects.filter(code="320800").update(late_notice_restarts=True)
    take_in(as_csv(table([row(**late)])), tmp_path, agency="320800")
    assert Case.objects.get(agency__code="320800").due_on == date(2024, 4, 26)


def test_an_extension_without_a_day_is_taken_for_the_last_lawful_one(tmp_path: Path) -> None:
    rows = [
        row(number="due", extension_days=5, closed_on="2024-04-03"),
        row(number="early", extension_days=5, closed_on="2024-03-08"),
        row(
            number="lapsed",
            extension_days=5,
            supplement_requested_on="2024-03-06",
            outcome="other_1",
            closed_on="2024-05-06",
        ),
        still_open(number="open", received_on="2026-11-10", extension_days=5),
    ]
    take_in_rows(rows, tmp_path)
    days = {extension.case.number: extension.on for extension in Extension.objects.select_related("case")}
    assert days == {
        "due": date(2024, 3, 29),
        "early": date(2024, 3, 8),
        "lapsed": date(2024, 3, 5),
        "open": date(2026, 11, 18),
    }


def test_an_extension_while_nothing_runs_is_refused_with_the_article(tmp_path: Path) -> None:
    rows = [still_open(extension_days=5, supplement_requested_on="2024-03-01")]
    assert re.search(r"^row 2, 延期天数: .*Regulation, art. 33\(2\)\)$", take_in_rows(rows, tmp_path), re.MULTILINE)


def test_nobody_is_told_of_what_happened_long_ago(tmp_path: Path) -> None:
    take_in_rows([WHOLE, still_open(number="2", received_on="2026-11-02")], tmp_path)
    assert not Message.objects.exists()


def test_a_ledger_is_seen_by_the_people_of_its_agency_alone(tmp_path: Path, players: Cast) -> None:
    take_in_rows([WHOLE], tmp_path)
    assert visible_to(players.wang).count() == 1
    assert visible_to(players.zhao).count() == 0


def test_who_imported_stands_in_the_events(tmp_path: Path, players: Cast) -> None:
    take_in_rows([WHOLE], tmp_path, "--by", "wang")
    assert {event.by for event in Event.objects.all()} == {players.wang}
    assert {event.actor for event in Event.objects.all()} == {"staff"}


@pytest.mark.parametrize(
    ("name", "said"), [("zhou", "may not register"), ("zhao", "may not register"), ("nemo", "“nemo”")]
)
def test_only_those_who_register_there_may_import_in_their_name(tmp_path: Path, name: str, said: str) -> None:
    assert said in take_in_rows([WHOLE], tmp_path, "--by", name)
    assert not Case.objects.exists()


# -- again, and changed ------------------------------------------------------------------------------------------------


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    rows = [WHOLE, row(number=""), row(number=""), still_open(number="", received_on="2026-11-02"), row(number="4")]
    assert "5 added" in take_in_rows(rows, tmp_path)
    before = list(Case.objects.order_by("id").values()), Event.objects.count(), list(NumberSeries.objects.values())
    assert "0 added, 0 updated, 5 unchanged" in take_in_rows(rows, tmp_path)
    assert "0 added, 0 updated, 5 unchanged" in take_in(as_xlsx(table(rows)), tmp_path, name="same.xlsx")
    assert before == (
        list(Case.objects.order_by("id").values()),
        Event.objects.count(),
        list(NumberSeries.objects.values()),
    )


def test_equal_rows_without_a_number_are_as_many_applications(tmp_path: Path) -> None:
    twin = row(number="")
    assert "2 added" in take_in_rows([twin, twin], tmp_path)
    assert "1 added, 0 updated, 2 unchanged" in take_in_rows([twin, twin, twin], tmp_path)
    assert "0 added, 0 updated, 1 unchanged" in take_in_rows([twin], tmp_path)


def test_numbers_are_given_out_as_the_desk_gives_them(tmp_path: Path, players: Cast) -> None:
    rows = [row(number=""), row(number="230406-2024-00002"), row(number=""), row(number="", received_on="2023-12-29")]
    printed = take_in_rows(rows, tmp_path)
    assert "rows without a number: 3; each is given one" in printed
    assert list(Case.objects.order_by("id").values_list("number", flat=True)) == [
        "230406-2024-00003",
        "230406-2024-00002",
        "230406-2024-00004",
        "230406-2023-00001",
    ]
    assert registered(players, on=date(2024, 12, 2)).case.number == "230406-2024-00005"


def test_the_desk_goes_on_behind_the_numbers_of_a_ledger(tmp_path: Path, players: Cast) -> None:
    take_in_rows([row(number=f"230406-2024-{n:05d}") for n in (1, 2, 700)], tmp_path)
    assert registered(players, on=date(2024, 12, 2)).case.number == "230406-2024-00701"


def test_changed_facts_amend_the_case_and_an_event_names_them(tmp_path: Path, players: Cast) -> None:
    take_in_rows([still_open(received_on="2024-03-01", note="旧")], tmp_path)
    printed = take_in_rows([WHOLE, row(number="2")], tmp_path, "--by", "li")
    assert "1 added, 1 updated, 0 unchanged" in printed

    case = Case.objects.with_clock_facts().get(number="2024-017")
    assert (case.state, case.outcome, case.due_on, case.version) == ("refused", "refused_5", date(2024, 4, 28), 1)
    assert case.clock_copies(on=date(2026, 11, 18)) == {name: getattr(case, name) for name in Case.CLOCK_COPIES}
    kinds = [event.kind for event in case.events.all()]
    assert kinds == [
        Kind.IMPORTED,
        Kind.SUPPLEMENT_REQUESTED,
        Kind.SUPPLEMENT_RECEIVED,
        Kind.EXTENDED,
        Kind.DISPATCHED,
        Kind.CORRECTED,
    ]
    corrected = case.events.get(kind=Kind.CORRECTED)
    assert corrected.by == players.li
    assert "：补正告知日期、补正收到日期、延期天数、办理结果、答复日期、答复文号、备注。" in corrected.for_office().zh
    assert ": day the supplement was asked for, day the supplement was received, " in corrected.for_office().en
    assert "note" not in corrected.payload["before"]
    assert corrected.payload["before"]["outcome"] == ""
    assert "0 added, 0 updated, 2 unchanged" in take_in_rows([WHOLE, row(number="2")], tmp_path)


def test_an_amendment_can_take_facts_away_again(tmp_path: Path) -> None:
    take_in_rows([WHOLE], tmp_path)
    assert "0 added, 1 updated" in take_in_rows(
        [still_open(contact="", identity_number="91110000600037341L")], tmp_path
    )
    case = Case.objects.get()
    assert (case.state, case.outcome, case.closed_on, case.due_on) == ("received", "", None, date(2024, 3, 29))
    assert case.watch_on == date(2026, 11, 18)
    assert (case.applicant.contact, case.applicant.identity_kind) == ("", "credit_code")
    assert not Supplement.objects.exists()
    assert not Extension.objects.exists()
    assert not Decision.objects.exists()
    assert case.events.last().kind == Kind.CORRECTED  # type: ignore[union-attr]  # there are events


def test_a_column_that_the_ledger_does_not_have_changes_nothing(tmp_path: Path) -> None:
    take_in_rows([WHOLE], tmp_path)
    names = [name for name in HEADINGS if name not in {"identity_number", "note", "extension_days"}]
    assert "1 unchanged" in take_in(as_csv(table([WHOLE], names)), tmp_path)
    assert "1 updated" in take_in(as_csv(table([WHOLE | {"contact": "新"}], names)), tmp_path)
    case = Case.objects.get()
    assert (case.applicant.contact, case.applicant.identity_number, case.note) == (
        "新",
        "11010519491231002X",
        "涉及多个科室",
    )


def test_what_a_ledger_leaves_out_still_has_to_fit(tmp_path: Path) -> None:
    take_in_rows([WHOLE], tmp_path)
    names = [name for name in HEADINGS if name not in {"outcome", "closed_on", "document_number"}]
    printed = take_in(as_csv(table([row(received_on="2024-06-01")], names)), tmp_path)
    assert "row 2, 答复日期: earlier than 收到日期" in printed
    assert Case.objects.get().received_on == date(2024, 3, 1)


def test_a_case_that_was_handled_here_is_not_overwritten(tmp_path: Path, players: Cast) -> None:
    rows = [still_open(number=str(n), received_on="2026-11-02") for n in (1, 2, 3)]
    take_in_rows(rows, tmp_path)
    supplemented(players, Case.objects.get(number="2"), asked=date(2026, 11, 5), answered=date(2026, 11, 9))

    printed = take_in_rows([cells | {"note": "改"} for cells in rows], tmp_path)

    assert "row 3, 登记编号: this case has been handled here and differs in 补正告知日期、补正收到日期、备注" in printed
    assert "1 fault; nothing was stored" in printed
    assert not Case.objects.filter(note="改").exists()
    assert not Event.objects.filter(kind=Kind.CORRECTED).exists()


def test_a_case_of_the_desk_is_unchanged_by_its_own_export(tmp_path: Path, players: Cast) -> None:
    case = registered(players, on=date(2026, 11, 2), email="zhang@example.com", address="东山区1号").case
    intake.read_identity(case, by=players.li, at=case.registered_at)
    assert "1 unchanged" in take_in(give_out(tmp_path, "out.csv"), tmp_path)


def test_reminders_and_looks_are_no_handling(tmp_path: Path, players: Cast) -> None:
    take_in_rows([still_open()], tmp_path)
    case = Case.objects.get()
    intake.read_identity(case, by=players.li, at=case.registered_at)
    assert "1 updated" in take_in_rows([row()], tmp_path)


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"closed_on": "2024-02-01"}, "答复日期: earlier than 收到日期"),
        ({"closed_on": ""}, "答复日期: required with 办理结果"),
        ({"outcome": "", "document_number": ""}, "办理结果: required with 答复日期"),
        ({"outcome": "", "closed_on": ""}, "答复文号: given without 办理结果"),
        (
            {"received_on": "2026-11-19", "outcome": "", "closed_on": "", "document_number": ""},
            "收到日期: in the future",
        ),
        ({"closed_on": "2026-11-19"}, "答复日期: in the future"),
        ({"supplement_received_on": "2024-03-08"}, "补正收到日期: given without 补正告知日期"),
        ({"supplement_requested_on": "2024-02-29"}, "补正告知日期: earlier than 收到日期"),
        (
            {"supplement_requested_on": "2024-03-06", "supplement_received_on": "2024-03-05"},
            "补正收到日期: earlier than 补正告知日期",
        ),
        ({"received_on": "2007-12-31"}, "收到日期: before 2008-01-01"),
        ({"received_on": ""}, "收到日期: blank"),
        ({"channel": ""}, "申请渠道: blank"),
        ({"applicant_kind": "外星人"}, "申请人类型: “外星人” is not a kind of applicant"),
        ({"applicant_name": "  "}, "申请人: blank"),
        ({"content": "\u3000"}, "申请内容: blank"),
        ({"extension_days": "21"}, "延期天数: “21” is not a whole number from 1 to 20"),
        ({"identity_number": "110105194912310021"}, "证件号码: The check digit"),
        ({"outcome": "三(七)总计"}, "办理结果: “三(七)总计” is not a result"),
    ],
)
def test_a_row_that_cannot_be_so_is_named_by_row_and_column(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    printed = take_in_rows([row(number="1"), row(**changes), row(number="3")], tmp_path)
    assert f"row 3, {said}" in printed
    assert "1 fault; nothing was stored." in printed
    assert not Case.objects.exists()
    assert not Applicant.objects.exists()


def test_every_fault_of_a_row_is_told(tmp_path: Path) -> None:
    printed = take_in_rows([row(received_on="?", applicant_name="", extension_days="99")], tmp_path)
    assert [line.split(":")[0] for line in printed.splitlines()[:-1]] == [
        "row 2, 收到日期",
        "row 2, 申请人",
        "row 2, 延期天数",
    ]


def test_fifty_faults_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    printed = take_in_rows([row(number=str(n), closed_on="2024-02-01") for n in range(70)], tmp_path).splitlines()
    assert printed[0] == "row 2, 答复日期: earlier than 收到日期"
    assert printed[49:] == ["row 51, 答复日期: earlier than 收到日期", "and 20 more", "70 faults; nothing was stored."]


def test_faults_are_told_in_chinese_too(tmp_path: Path) -> None:
    printed = take_in_rows([row(closed_on="2024-02-01")], tmp_path, "--lang", "zh")
    assert printed == "第2行，答复日期：早于收到日期\n台账有1处错误，什么也没有保存。\n"


def test_a_number_stands_once_in_a_ledger_and_year(tmp_path: Path) -> None:
    rows = [row(number="1"), row(number="2"), row(number=" １ "), row(number="1", received_on="2023-03-01")]
    assert "4 added" in take_in_rows(rows, tmp_path)
    again = [*rows, row(number="2")]
    assert "row 6, 登记编号: the same as in row 3" in take_in_rows(again, tmp_path)
    assert Case.objects.count() == 4


def test_one_bad_row_of_many_stops_them_all(tmp_path: Path) -> None:
    rows = [row(number=str(n)) for n in range(2500)]
    rows[2400]["closed_on"] = "2024-02-30"
    assert "row 2402, 答复日期: there is no day “2024-02-30”" in take_in_rows(rows, tmp_path)
    assert not Case.objects.exists()


def test_what_the_law_wants_and_the_ledger_does_not_show_is_only_pointed_out(tmp_path: Path) -> None:
    odd = row(number="3", supplement_requested_on="2024-03-05", supplement_received_on="2024-03-21")
    printed = take_in_rows([row(outcome="三(四)3"), row(number="2", outcome="other_1"), odd], tmp_path)
    missing = "the ledger does not show “One supplement on file” (Regulation, art. 30)"
    assert f"please check: row 2, 办理结果: {missing}" in printed
    assert "please check: row 3, 办理结果:" in printed
    assert "please check: row 4, 答复日期: earlier than 补正收到日期" in printed
    assert "3 added" in printed


def test_an_agency_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "no agency with the code “999”" in take_in(as_csv(table([WHOLE])), tmp_path, agency="999")


# -- trying, and answering programs ------------------------------------------------------------------------------------


def test_a_dry_run_says_everything_and_stores_nothing(tmp_path: Path) -> None:
    take_in_rows([row(number="1"), row(number="2")], tmp_path)
    before = list(Case.objects.values()), Event.objects.count(), list(NumberSeries.objects.values())
    rows = [row(number="1"), row(number="2", note="改"), row(number=""), row(number="4")]
    assert "dry run, nothing stored: 2 to add, 1 to update, 1 unchanged" in take_in_rows(rows, tmp_path, "--dry-run")
    assert before == (list(Case.objects.values()), Event.objects.count(), list(NumberSeries.objects.values()))


def test_programs_get_the_same_answer_as_json(tmp_path: Path) -> None:
    bad = taken_in(as_csv(table([row(closed_on="2024-02-01")])), tmp_path)
    assert (bad["stored"], bad["fault_count"]) == (False, 1)
    assert bad["faults"] == [{"row": 2, "column": "closed_on", "heading": "答复日期", "text": "earlier than 收到日期"}]
    good = taken_in(as_csv([[*line, "x"] for line in table([row(), row(number="")])]), tmp_path)
    assert (good["stored"], good["rows"], good["added"], good["numbered"]) == (True, 2, 2, 1)
    assert good["unknown_columns"] == ["x"]
    assert "error" in taken_in(b"", tmp_path)


def test_a_hundred_days_of_applications_stand_in_as_many_rows(tmp_path: Path) -> None:
    """More rows than one chunk, of several years, some amended and some without a number."""
    rows = [
        row(
            number="" if n % 7 == 0 else str(n),
            received_on=(date(2022, 1, 4) + timedelta(days=n % 1000)).isoformat(),
            closed_on=(date(2022, 1, 20) + timedelta(days=n % 1000)).isoformat(),
        )
        for n in range(2100)
    ]
    assert "2100 added" in take_in_rows(rows, tmp_path)
    changed = [cells | {"note": "改"} if cells["number"].endswith("3") else cells for cells in rows]
    count = sum(cells["number"].endswith("3") for cells in rows)
    assert f"0 added, {count} updated, {2100 - count} unchanged" in take_in_rows(changed, tmp_path)
    assert Case.objects.count() == 2100
