"""``manage.py clock``: the published format, and a sentence for every kind of bad input."""

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from casework.actions import calendar
from casework.law import clock_json
from casework.law.calendar import published
from casework.law.edition_file import from_document
from casework.law.periods import PeriodKind
from casework.law.refusals import Refused
from casework.management.commands import clock as command
from casework.models import Role
from casework.models.edition import Source
from tests.casework.test_calendar_editions import document as notice_of_2027
from tests.cast import Cast, moment, person

pytestmark = pytest.mark.django_db

RECEIPT = {"channel": "signed_mail", "on": "2025-09-08"}
EXAMPLE: dict[str, Any] = {
    "format": "gongkai.clock/1",
    "receipt": RECEIPT,
    "events": [
        {"kind": "supplement_requested", "on": "2025-09-12"},
        {"kind": "supplement_received", "on": "2025-10-09"},
        {
            "kind": "consultation",
            "with": "third_party",
            "sent_on": "2025-10-15",
            "delivered_on": "2025-10-16",
            "answered_on": None,
        },
        {"kind": "extended", "on": "2025-10-20", "working_days": 10},
        {"kind": "fee_notified", "on": "2025-10-21"},
        {"kind": "fee_paid", "on": "2025-10-24"},
    ],
}


def request(*events: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"format": "gongkai.clock/1", "receipt": RECEIPT, "events": list(events)} | changes


Clock = Callable[..., Any]


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    """Runs the command on a document or on raw bytes and reads what it printed."""

    def run(document: object = None, *arguments: str) -> Any:
        out = io.StringIO()
        file = tmp_path / "facts.json"
        if document is not None:
            file.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
            arguments = (str(file), *arguments)
        try:
            call_command("clock", *arguments, stdout=out)
        except CommandError as error:
            return SimpleNamespace(code=error.returncode, said=str(error), printed=out.getvalue())
        return json.loads(out.getvalue())

    return run


def test_the_published_example_is_answered_with_exactly_the_published_keys(clock: Clock) -> None:
    answer = clock(EXAMPLE)
    steps = answer.pop("steps")
    assert answer == {
        "due_on": "2025-12-18",
        "provisional": False,
        "started_on": "2025-10-24",
        "working_days": 30,
        "excluded": [["2025-10-16", "2025-11-06"]],
        "warnings": [],
    }
    assert all(set(step) == {"on", "counts", "day", "why", "law"} for step in steps)
    assert steps[-1] == {
        "on": "2025-12-18",
        "counts": True,
        "day": 30,
        "why": "星期四，工作日；延长期限的第10个工作日；期限届满之日",
        "law": "条例 33(2)",
    }


def test_english_is_asked_for(clock: Clock) -> None:
    assert clock(EXAMPLE, "--lang", "en")["steps"][-1]["why"].startswith("Thursday, a working day")


def test_standard_input_is_read(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = b"\xef\xbb\xbf" + json.dumps(request()).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert clock(None, "-")["due_on"] == "2025-10-11"


def test_a_list_is_answered_in_order_with_the_refused_in_their_places(clock: Clock) -> None:
    second = {"kind": "supplement_requested", "on": "2025-09-12"}
    answers = clock([request(), request(second, second), {"format": "gongkai.clock/1"}, 7, EXAMPLE])
    assert [answer.get("due_on") for answer in answers] == ["2025-10-11", None, None, None, "2025-12-18"]
    assert (answers[1]["law"], set(answers[1])) == ("条例 30", {"error", "law"})
    assert "receipt" in answers[2]["error"]
    assert "对象" in answers[3]["error"]


def test_a_single_refused_object_is_printed_and_fails(clock: Clock) -> None:
    refused = clock(request({"kind": "extended", "on": "2025-09-12", "working_days": 21}))
    assert refused.code == 1
    assert json.loads(refused.printed) == {
        "error": "延长答复期限的时间应为1至20个工作日，不能是21个。",
        "law": "条例 33(2)",
    }


def test_a_receipt_may_carry_its_confirmation(clock: Clock) -> None:
    letter = {"channel": "ordinary_mail", "on": "2023-10-09", "confirmed_on": "2023-10-11"}
    answer = clock(request(receipt=letter))
    assert (answer["due_on"], len(answer["warnings"])) == ("2023-11-08", 1)
    assert clock(request(receipt=letter | {"confirmed_on": None}))["started_on"] == "2023-10-09"


def test_a_date_past_the_calendar_is_provisional_and_a_waiting_clock_has_none(clock: Clock) -> None:
    answer = clock(request(receipt=RECEIPT | {"on": "2026-12-10"}))
    assert answer["provisional"]
    assert "2027年" in answer["warnings"][0]
    waiting = clock(request({"kind": "fee_notified", "on": "2025-09-12"}))
    assert (waiting["due_on"], waiting["provisional"], len(waiting["warnings"])) == (None, False, 1)


@pytest.mark.parametrize("kind", list(PeriodKind))
def test_every_period_prints_the_same_keys(clock: Clock, kind: PeriodKind) -> None:
    answer = clock(None, "--period", kind, "--from", "2025-08-18")
    assert list(answer) == ["due_on", "provisional", "started_on", "working_days", "excluded", "steps", "warnings"]
    assert answer["steps"][-1]["on"] == answer["due_on"] > answer["started_on"] == "2025-08-18"


BAD_FILES: dict[str, tuple[object, str]] = {
    "empty": (b"", "空的"),
    "only blanks": (b" \n\t", "空的"),
    "not JSON": (b'{"format": gongkai}', "第1行第12列"),
    "cut off": (b'{"format": "gongkai.clock/1",\n', "第2行"),
    "not UTF-8": ('{"说明": 1}'.encode("gb18030"), "UTF-8"),
    "UTF-16": (json.dumps(EXAMPLE).encode("utf-16"), "UTF-8"),
    "NaN": (b'{"format": NaN}', "NaN"),
    "infinity": (b'{"format": -Infinity}', "Infinity"),
    "nested without end": (b"[" * 200_000, "嵌套过深"),
    "a number of 5,000 digits": (b"9" * 5_000, "数字过长"),
    "a key twice": (b'{"format": 1, "format": 2}', "两次"),
    "an empty list": ([], "列表是空的"),
    "a string": ("2025-09-08", "对象"),
    "null": (b"null", "null"),
    "a wrong version": (request(format="gongkai.clock/2"), "gongkai.clock/1"),
    "no format": ({"receipt": RECEIPT}, "format"),
    "no receipt": ({"format": "gongkai.clock/1"}, "receipt"),
    "an unknown key": (request(colour="red"), "colour"),
    "an unknown key of the receipt": (request(receipt=RECEIPT | {"at": 1}), "receipt：不能识别“at”"),
    "an unknown channel": (request(receipt=RECEIPT | {"channel": "pigeon"}), "pigeon"),
    "a channel that is a list": (request(receipt=RECEIPT | {"channel": []}), "列表"),
    "a channel that is true": (request(receipt=RECEIPT | {"channel": True}), "true"),
    "half a character": (b'{"format": "gongkai.clock/1", "receipt": {"channel": "\\ud800", "on": 1}}', "ud800"),
    "events that are an object": (request(events={}), "events"),
    "events that are null": (request(events=None), "null"),
    "an event that is a number": (request(events=[1]), "events[0]"),
    "an event without kind": (request({"on": "2025-09-12"}), "kind"),
    "an unknown kind": (request({"kind": "withdrawn", "on": "2025-09-12"}), "withdrawn"),
    "a kind that is an object": (request({"kind": {}, "on": "2025-09-12"}), "events[0].kind"),
    "an event with another's key": (request({"kind": "fee_paid", "on": "2025-09-12", "with": "x"}), "with"),
    "an extension without days": (request({"kind": "extended", "on": "2025-09-12"}), "working_days"),
    "an unknown party": (request({"kind": "consultation", "with": "a friend", "sent_on": "2025-09-12"}), "a friend"),
    "days that are true": (request({"kind": "extended", "on": "2025-09-12", "working_days": True}), "true"),
    "days that are 10.0": (request({"kind": "extended", "on": "2025-09-12", "working_days": 10.0}), "10.0"),
    "days that are a string": (request({"kind": "extended", "on": "2025-09-12", "working_days": "10"}), "整数"),
    "days without end": (request({"kind": "extended", "on": "2025-09-12", "working_days": 10**18}), "1至20"),
    "an impossible date": (request(receipt=RECEIPT | {"on": "2025-02-30"}), "没有2025-02-30"),
    "month 13": (request(receipt=RECEIPT | {"on": "2025-13-01"}), "没有2025-13-01"),
    "a date with slashes": (request(receipt=RECEIPT | {"on": "2025/9/8"}), "2025-09-08"),
    "a week date": (request(receipt=RECEIPT | {"on": "2025-W37-1"}), "不是日期"),
    "full-width digits": (request(receipt=RECEIPT | {"on": "２０２５-09-08"}), "不是日期"),
    "a moment": (request(receipt=RECEIPT | {"on": "2025-09-08T10:00"}), "不是日期"),
    "a date that is a number": (request(receipt=RECEIPT | {"on": 20250908}), "20250908"),
    "a date that is null": (request(receipt=RECEIPT | {"on": None}), "null"),
    "the year 1900": (request(receipt=RECEIPT | {"on": "1900-01-01"}), "receipt.on：1900年1月1日"),
    "the year 9999": (request({"kind": "fee_paid", "on": "9999-12-31"}), "events[0].on：9999年12月31日"),
    "the year 0000": (request(receipt=RECEIPT | {"on": "0000-01-01"}), "没有0000-01-01"),
    "an answer in the year 9999": (
        request({"kind": "consultation", "with": "third_party", "sent_on": "2025-09-12", "answered_on": "9999-12-31"}),
        "events[0].answered_on",
    ),
    "1,001 events": (request(*[{"kind": "fee_paid", "on": "2025-09-12"}] * 1_001), "最多1000项"),
    "a very long word": (request(receipt=RECEIPT | {"channel": "x" * 100_000}), "x" * 40 + "…"),
    "control characters": (request(receipt=RECEIPT | {"channel": "\x00\x1b[31m"}), r"\x00\x1b[31m"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_input_gets_one_sentence_that_says_what_and_where(clock: Clock, name: str) -> None:
    document, words = BAD_FILES[name]
    refused = clock(document)
    assert refused.code == 1
    assert words in refused.said
    assert len(refused.said) < 400
    assert json.loads(refused.printed)["error"] == refused.said


def test_a_list_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_json, "MOST_OBJECTS", 2)
    with pytest.raises(Refused, match="有3项，最多2项"):
        clock_json.answers([1, 2, 3], calendar=published())


def test_a_file_that_is_too_big_is_refused(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_json, "MOST_BYTES", 1024 * 1024)
    assert "超过1 MB" in clock(b" " * (1024 * 1024 + 1)).said


def test_a_file_that_cannot_be_read_is_named(clock: Clock, tmp_path: Path) -> None:
    for path in (str(tmp_path / "nowhere.json"), str(tmp_path), "null\0byte"):
        refused = clock(None, path)
        assert (refused.code, "不能读取文件" in refused.said) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "--period"),
        (("--period", "reply"), 2, "--from"),
        (("--from", "2025-09-08"), 2, "--period"),
        (("facts.json", "--period", "reply", "--from", "2025-09-08"), 2, "--period"),
        (("facts.json", "--from", "2025-09-08"), 2, "--period"),
        (("--period", "tomorrow", "--from", "2025-09-08"), 1, "tomorrow"),
        (("--period", "reply", "--from", "2025-02-30"), 1, "没有2025-02-30"),
        (("--period", "reply", "--from", "1900-01-01"), 1, "1900年1月1日"),
        (("--period", "suit_6m", "--from", "9999-12-31"), 1, "9999年12月31日"),
        (("--period", "reply", "--from", "today"), 1, "today"),
    ],
)
def test_wrong_arguments_get_a_sentence(clock: Clock, arguments: tuple[str, ...], code: int, words: str) -> None:
    refused = clock(None, *arguments)
    assert (refused.code, words in refused.said) == (code, True)


def test_every_fault_can_be_read_in_english(clock: Clock) -> None:
    for name, (document, _) in BAD_FILES.items():
        said = clock(document, "--lang", "en").said.replace("说明", "")
        assert not any("\u4e00" <= character <= "\u9fff" for character in said), name


BEYOND = request(receipt={"channel": "in_person", "on": "2026-12-10"})


def test_it_reckons_by_the_editions_of_this_deployment(clock: Clock, players: Cast) -> None:
    assert clock(BEYOND)["provisional"] is True
    root = person("root", "系统管理员", players.dongshan, Role.SYSTEM_ADMINISTRATOR)
    calendar.apply(from_document(notice_of_2027()), source=Source.FILE, by=root, at=moment(date(2026, 11, 20)))
    assert (clock(BEYOND)["due_on"], clock(BEYOND)["provisional"]) == ("2027-01-08", False)
    reply = clock(None, "--period", "reply", "--from", "2026-12-10")
    assert (reply["due_on"], reply["provisional"]) == ("2027-01-08", False)


def test_without_a_database_it_reckons_by_the_notices_built_in(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(command, "national_calendar", gone)
    assert clock(EXAMPLE)["due_on"]
    assert clock(BEYOND)["provisional"] is True
