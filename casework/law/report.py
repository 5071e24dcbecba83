"""An annual report as a value: tables 二, 三 and 四 and the sections, with the relations between its figures.

The keys are those of the public form ``gongkai.annual-report/1``; a table that a report lacks is ``None``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from .matrix import DIFFERS, EQUALS, Check, Matrix, Relation, year_link
from .words import Text

FORMAT: Final = "gongkai.annual-report/1"
SECTIONS: Final[dict[str, Text]] = {
    "1": Text("总体情况", "General situation"),
    "2": Text("主动公开政府信息情况", "Information published proactively"),
    "3": Text("收到和处理政府信息公开申请情况", "Applications received and handled"),
    "4": Text("政府信息公开行政复议、行政诉讼情况", "Reconsideration and litigation"),
    "5": Text("存在的主要问题及改进情况", "Main problems and improvements"),
    "6": Text("其他需要报告的事项", "Other matters to report"),
}

# ── Table 四 (law.md 7.5) ────────────────────────────────────────────────────────────────────────────────────────────

RECONSIDERATION: Final = "reconsideration"
DIRECT_SUIT: Final = "direct_suit"
SUIT_AFTER_RECONSIDERATION: Final = "suit_after_reconsideration"
DISPUTES: Final[dict[str, Text]] = {
    RECONSIDERATION: Text("行政复议", "Reconsideration"),
    DIRECT_SUIT: Text("未经复议直接起诉", "Sued directly"),
    SUIT_AFTER_RECONSIDERATION: Text("复议后起诉", "Sued after reconsideration"),
}
DISPUTE_TOTAL: Final = "total"
DISPUTE_RESULTS: Final[dict[str, Text]] = {
    "upheld": Text("结果维持", "Upheld"),
    "corrected": Text("结果纠正", "Corrected"),
    "other": Text("其他结果", "Other result"),
    "pending": Text("尚未审结", "Pending"),
}
DISPUTE_COLUMNS: Final[dict[str, Text]] = {**DISPUTE_RESULTS, DISPUTE_TOTAL: Text("总计", "Total")}


@dataclass(frozen=True, slots=True)
class DisputeTable:
    """Table 四: three groups of five figures in printed order; ``None`` is a blank, an absent group was not given."""

    groups: Mapping[str, Mapping[str, int | None]]

    def figure(self, group: str, result: str) -> int | None:
        return self.groups.get(group, {}).get(result)

    def checks(self) -> list[Check]:
        """T4: each group's total is the sum of its four results, and none of the five is blank."""
        return [self._check(group) for group in DISPUTES if self.groups.get(group)]

    def _check(self, group: str) -> Check:
        five = [self.figure(group, result) for result in DISPUTE_COLUMNS]
        left, right = five[-1] or 0, sum(figure or 0 for figure in five[:-1])
        sound = all(figure is not None and figure >= 0 for figure in five)
        sentence = Text(
            "“{group}”：总计{left}{sign}维持、纠正、其他结果、尚未审结之和{right}{remark}",
            "“{group}”: total {left} {sign} upheld, corrected, other and pending together {right}{remark}",
        ).format(
            group=DISPUTES[group],
            left=left,
            right=right,
            sign=EQUALS if left == right else DIFFERS,
            remark=Text("", "") if sound else Text("；有空白或者有误的数字", "; a figure is blank or faulty"),
        )
        return Check(Relation.T4, left == right and sound, left, right, sentence, row=group)

    def as_dict(self) -> dict[str, object]:
        return {group: {result: self.figure(group, result) for result in DISPUTE_COLUMNS} for group in DISPUTES}

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "DisputeTable":
        """Our own form back; a group that is blank throughout was not given."""
        groups = {group: _figures(table.get(group), DISPUTE_COLUMNS) for group in DISPUTES}
        return cls({group: row for group, row in groups.items() if any(figure is not None for figure in row.values())})


# ── Table 二 (law.md 7.4) ────────────────────────────────────────────────────────────────────────────────────────────

STOCKS: Final[dict[str, Text]] = {
    "regulations": Text("规章", "Regulations"),
    "normative_documents": Text("行政规范性文件", "Normative documents"),
}
STOCK_COLUMNS: Final[dict[str, Text]] = {
    "made": Text("本年制发件数", "Made this year"),
    "repealed": Text("本年废止件数", "Repealed this year"),
    "in_force": Text("现行有效件数", "In force"),
}
DECISIONS: Final[dict[str, Text]] = {
    "permits": Text("行政许可", "Permits"),
    "penalties": Text("行政处罚", "Penalties"),
    "coercive_measures": Text("行政强制", "Coercive measures"),
}
FEES: Final = "fees_10k_yuan"
FEES_WORDS: Final = Text("行政事业性收费（万元）", "Administrative fees (10,000 yuan)")


@dataclass(frozen=True, slots=True)
class PublicationTable:
    """Table 二: stocks of rules, counts of decisions, and fees in 10,000 yuan as a decimal string."""

    stocks: Mapping[str, Mapping[str, int | None]]
    decisions: Mapping[str, int | None]
    fees: str | None

    def stock(self, row: str, column: str) -> int | None:
        return self.stocks.get(row, {}).get(column)

    def as_dict(self) -> dict[str, object]:
        return {
            **{row: {column: self.stock(row, column) for column in STOCK_COLUMNS} for row in STOCKS},
            **{row: self.decisions.get(row) for row in DECISIONS},
            FEES: self.fees,
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "PublicationTable":
        """Our own form back."""
        fees = table.get(FEES)
        if fees is not None and not isinstance(fees, str):
            raise ValueError("the fees are not a decimal string")
        return cls({row: _figures(table.get(row), STOCK_COLUMNS) for row in STOCKS}, _figures(table, DECISIONS), fees)


def stock_link(previous: PublicationTable, this: PublicationTable) -> list[Check]:
    """T2: in force = last year's in force + made − repealed, wherever all four figures are there."""
    checks = []
    for row, words in STOCKS.items():
        before = previous.stock(row, "in_force")
        made, repealed, in_force = (this.stock(row, column) for column in STOCK_COLUMNS)
        if before is None or made is None or repealed is None or in_force is None:
            continue
        expected = before + made - repealed
        sentence = Text(
            "“{row}”：现行有效{left}{sign}上年有效{before}＋本年制发{made}－本年废止{repealed}＝{right}",
            "“{row}”: in force {left} {sign} last year {before} + made {made} − repealed {repealed} = {right}",
        ).format(
            row=words,
            left=in_force,
            right=expected,
            sign=EQUALS if in_force == expected else DIFFERS,
            before=before,
            made=made,
            repealed=repealed,
        )
        checks.append(Check(Relation.T2, in_force == expected, in_force, expected, sentence, row=row))
    return checks


def _figures(held: object, wanted: Mapping[str, Text]) -> dict[str, int | None]:
    if not isinstance(held, Mapping) or any(type(held.get(key)) not in {int, type(None)} for key in wanted):
        raise ValueError("a table does not have the figures of the form")
    return {key: held.get(key) for key in wanted}


# ── The report ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Report:
    """One office's report for one year."""

    agency_code: str
    agency_name: str
    year: int | None
    table3: Matrix
    table2: PublicationTable | None = None
    table4: DisputeTable | None = None
    sections: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    #: Of a filed report: which edition it is, when it was signed, and its digest.
    imprint: Text | None = None

    def checks(self) -> list[Check]:
        """R1 to R4 of table 三, then T4; what needs last year's report is asked with ``year_link``."""
        return [*self.table3.checks(), *(self.table4.checks() if self.table4 else ())]

    def as_dict(self) -> dict[str, object]:
        """The public JSON form, the checks included; a table or section that is not there is left out."""
        parts: dict[str, object] = {
            "format": FORMAT,
            "agency": {"code": self.agency_code, "name": self.agency_name},
            "year": self.year,
        }
        if self.table2 is not None:
            parts["table2"] = self.table2.as_dict()
        parts["table3"] = self.table3.as_dict()
        if self.table4 is not None:
            parts["table4"] = self.table4.as_dict()
        if self.sections:
            parts["sections"] = dict(self.sections)
        parts["checks"] = [check.as_dict() for check in self.checks()]
        return parts

    @classmethod
    def from_dict(cls, held: Mapping[str, Any], *, imprint: Text | None = None) -> "Report":
        """Our own ``as_dict`` back; ``ValueError`` for anything that it would not write. Checks are derived anew."""
        agency, year = held.get("agency"), held.get("year")
        table2, table3, table4 = (held.get(table) for table in ("table2", "table3", "table4"))
        if held.get("format") != FORMAT or not isinstance(agency, Mapping) or not isinstance(table3, Mapping):
            raise ValueError(f"not a report in the form {FORMAT}")
        return cls(
            str(agency.get("code", "")),
            str(agency.get("name", "")),
            year,
            Matrix.from_dict(year, table3),
            None if table2 is None else PublicationTable.from_dict(table2),
            None if table4 is None else DisputeTable.from_dict(table4),
            MappingProxyType(dict(held.get("sections") or {})),
            imprint,
        )


def links(before: Report, this: Report) -> list[Check]:
    """What ties a report to that of the year before: R5 of table 三, T2 of table 二 (law.md 7.2, 7.4)."""
    stocks = stock_link(before.table2, this.table2) if before.table2 and this.table2 else []
    return [*year_link(before.table3, this.table3), *stocks]
