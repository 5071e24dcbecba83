"""Every row of table 三 by an example that a legal officer can read, in ``tests/examples/rows``.

Above stand the events, ``日期 事件：说明``; below 应当计入 the cells, ``年度 类型：行、行``, a row by number and words.
"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casework import annual
from casework.actions import clock, consult, decide, deliver, fee, intake, receipt
from casework.law.clock import Channel, Party, Receipt
from casework.law.matrix import COLUMNS, ROWS, TOTAL
from casework.law.outcomes import KINDS, OUTCOMES, ApplicantKind
from casework.models import Case, DispatchMode
from tests.cast import FEE, Cast, application, found_unreasonable, moment, signed

pytestmark = pytest.mark.django_db
FILES = sorted((Path(__file__).parents[1] / "examples" / "rows").glob("*.txt"))

OUTCOME_WORDS = {row.words.zh: code for code, row in OUTCOMES.items()}
#: Columns are called as on the form: 其他 is the last of the organisations.
KIND_WORDS = {row.printed: kind for kind, row in KINDS.items()}
ROW_WORDS = {f"{head.number} {head.words.zh}": key for key, head in ROWS.items()}
CHANNEL_WORDS = {channel.words.zh: channel for channel in Channel}


class Told:
    """A case as the lines of a file tell it, by the verbs."""

    def __init__(self, players: Cast, kind: ApplicantKind) -> None:
        self.players, self.kind = players, kind
        self.receipt: Receipt | None = None
        self.registered_on: date | None = None
        self.made: Case | None = None

    @property
    def case(self) -> Case:
        """The case, registered on the day of receipt unless the file says another."""
        assert self.receipt is not None, "the first line says when it was received"
        if self.made is None:
            at = moment(self.registered_on or self.receipt.arrived_on)
            typed = application(applicant_kind=self.kind)
            self.made = intake.register(self.players.dongshan, typed, self.receipt, by=self.players.wang, at=at).case
        return Case.objects.get(pk=self.made.pk)

    def receive(self, on: date, channel: str) -> None:
        self.receipt = Receipt(CHANNEL_WORDS[channel], on)

    def register(self, on: date, _said: str) -> None:
        self.registered_on = on

    def ask(self, on: date, _said: str) -> None:
        by, at = self.players.wang, moment(on)
        clock.request_supplement(self.case, unclear="请说明名称。", days=5, on=on, by=by, at=at)

    def answer(self, on: date, _said: str) -> None:
        clock.receive_supplement(self.case, answer="还是不清楚。", on=on, by=self.players.wang, at=moment(on))

    def consult(self, on: date, _said: str) -> None:
        given: dict[str, Any] = {"party": Party.THIRD_PARTY, "name": "某公司", "sent_on": on, "delivered_on": on}
        consult.consult(self.case, **given, by=self.players.wang, at=moment(on))

    def charge(self, on: date, _said: str) -> None:
        fee.notify_fee(self.case, **FEE, on=on, delivered_on=on, by=self.players.wang, at=moment(on))

    def judge(self, on: date, _said: str) -> None:
        found_unreasonable(self.players, self.case, on=on)

    def sign(self, on: date, said: str) -> None:
        words, _, named = said.partition("；")
        outcome = OUTCOME_WORDS[words]
        ground = next((each.key for each in OUTCOMES[outcome].grounds if each.words.zh == named), "")
        assert bool(named) == bool(ground), f"there is no ground “{named}”"
        signed(self.players, self.case, outcome, on=on, ground=ground)

    def dispatch(self, on: date, _said: str) -> None:
        deliver.dispatch(self.case, mode=DispatchMode.ONLINE, on=on, by=self.players.wang, at=moment(on, 16))

    def withdraw(self, on: date, _said: str) -> None:
        decide.withdraw(self.case, statement="书面撤回。", on=on, by=self.players.wang, at=moment(on))

    def correct(self, on: date, said: str) -> None:
        changes = {"applicant_kind": KIND_WORDS[said].value}
        receipt.correct(self.case, changes=changes, reason="登记有误。", by=self.players.wang, at=moment(on))


EVENTS: dict[str, Callable[[Told, date, str], None]] = {
    "收到": Told.receive,
    "登记": Told.register,
    "告知补正": Told.ask,
    "收到补正": Told.answer,
    "征求第三方意见": Told.consult,
    "通知缴费": Told.charge,
    "说明理由不合理": Told.judge,
    "签发": Told.sign,
    "送出": Told.dispatch,
    "申请人撤回": Told.withdraw,
    "更正申请人类型": Told.correct,
}
EVENT = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日 ([^：]+)(?:：(.+))?")
EXPECTED = re.compile(r"(\d{4})年 ([^：]+)：(.+)")


def test_every_row_has_its_example() -> None:
    assert {path.stem for path in FILES} == {re.sub("[“”]", "", words) for words in ROW_WORDS}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_case_of_the_example_stands_in_its_cells_and_in_no_other(players: Cast, path: Path) -> None:
    above, below = path.read_text(encoding="utf-8").split("应当计入\n")
    applicant = re.search("申请人：(.+)", above)
    assert applicant is not None
    told = Told(players, KIND_WORDS[applicant[1]] if "更正申请人类型" not in above else ApplicantKind.NATURAL_PERSON)
    for line in above.split(applicant[0])[1].split("\n"):
        if line:
            found = EVENT.fullmatch(line)
            assert found, f"no event: {line}"
            year, month, day, event, said = found.groups()
            EVENTS[event](told, date(int(year), int(month), int(day)), said or "")
    named = {}
    for line in below.strip().split("\n"):
        found = EXPECTED.fullmatch(line)
        assert found, f"no cells: {line}"
        named[int(found[1])] = {(ROW_WORDS[row], KIND_WORDS[found[2]].value) for row in found[3].split("、")}
    assert path.stem in {
        re.sub("[“”]", "", f"{ROWS[row].number} {ROWS[row].words.zh}") for row, _ in set().union(*named.values())
    }
    assert told.case.number
    for year in range(min(named) - 1, max(named) + 1):
        matrix = annual.matrix_of([players.dongshan], year)
        cells = {(row, column) for row in ROWS for column in COLUMNS if column != TOTAL and matrix.cell(row, column)}
        assert cells == named.get(year, set()), year
        assert all(check.holds for check in matrix.checks())
