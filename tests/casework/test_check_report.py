"""``check_report``: what it reads, what it finds, how it ends."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from casework.law.matrix import COLUMNS, ROWS
from casework.published.files import LARGEST

EXAMPLES = Path(__file__).parents[1] / "examples"
DONGSHAN, HUAIAN, SHUYANG = (
    str(EXAMPLES / name) for name in ("dongshan-2023.txt", "huaian-2024.txt", "shuyang-2025.json")
)


def checked(*arguments: str) -> tuple[int, str, str]:
    """Exit status, what was printed, what was complained of."""
    printed, complained = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_report", *arguments, stdout=printed, stderr=complained)
    assert isinstance(ended.value.code, int)
    return ended.value.code, printed.getvalue(), complained.getvalue()


@pytest.mark.parametrize("name", [DONGSHAN, HUAIAN, SHUYANG])
def test_real_reports_that_balance_end_with_0(name: str) -> None:
    status, printed, complained = checked(name)
    assert (status, complained) == (0, "")
    assert "表三" in printed
    assert "25处全部成立" in printed


def test_it_says_whose_report_it_read_and_its_main_figures() -> None:
    _, printed, _ = checked(HUAIAN)
    assert "淮安市人民政府 2024" in printed
    assert "本年新收 3119，上年结转 34，办理结果总计 3050，结转下年度 103" in printed
    _, printed, _ = checked(HUAIAN, "--lang", "en")
    assert "New this year 3119" in printed
    assert "all 25 hold" in printed


@pytest.mark.parametrize("row", ["new", "refused_5", "total", "carried_out"])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_wrong_figure_ends_with_1_and_both_sides(row: str, column: str, tmp_path: Path) -> None:
    report = json.loads(Path(SHUYANG).read_text())
    report["table3"]["rows"][row][list(COLUMNS).index(column)] += 1
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report))
    status, printed, _ = checked(str(path))
    assert status == 1
    assert "✗" in printed
    assert "≠" in printed
    _, printed, _ = checked(str(path), "--format", "json")
    failing = {
        (check["relation"], check.get("column", check.get("row")))
        for check in json.loads(printed)["checks"]
        if not check["holds"]
    }
    assert ("R3", row) in failing
    assert ("R2" if row == "refused_5" else "R1", column) in failing


def test_a_text_with_a_wrong_total_of_table_4_ends_with_1(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(Path(HUAIAN).read_text().replace("37    351", "37    350"))
    status, printed, _ = checked(str(path))
    assert status == 1
    assert "总计350≠维持、纠正、其他结果、尚未审结之和351" in printed


def test_blanks_are_named_and_end_with_1(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(
        Path(DONGSHAN)
        .read_text()
        .replace("（一）予以公开 |\n0 |", "（一）予以公开 |\n/ |")
        .replace("(一)予以公开 |\n0 |", "(一)予以公开 |\n/ |")
    )
    status, printed, _ = checked(str(path))
    assert status == 1
    assert "“三(一) 予以公开”行“自然人”列：空白" in printed


def test_json_holds_all_rows_columns_and_checks() -> None:
    status, printed, _ = checked(HUAIAN, "--format", "json")
    report: dict[str, Any] = json.loads(printed)
    published = json.loads((EXAMPLES / "huaian-2024.json").read_text())
    assert status == 0
    for table in ("table2", "table3", "table4"):
        assert report[table] == published[table]
    assert list(report["table3"]["rows"]) == list(ROWS)
    assert {check["relation"] for check in report["checks"]} == {"R1", "R2", "R3", "R4", "T4"}
    assert set(report["sections"]) == {"1", "5", "6"}


def test_what_disagrees_in_the_prose_is_pointed_out_and_leaves_the_ending_alone() -> None:
    status, printed, _ = checked(DONGSHAN)
    assert status == 0
    assert "R6 提示：通过同一渠道（网站）主动公开信息的数量前后不一：第一部分写的是494，另一处写的是610" in printed
    assert "R6 提示：主动公开信息的数量前后不一：第一部分写的是494，另一处写的是2623" in printed
    assert "R6" not in checked(HUAIAN)[1]
    status, printed, _ = checked(DONGSHAN, "--format", "json")
    report = json.loads(printed)
    assert status == 0
    assert all(check["holds"] for check in report["checks"])
    assert [(check["relation"], check["holds"], check["left"], check["right"]) for check in report["prose_checks"]] == [
        ("R6", False, 494, 610),
        ("R6", False, 494, 2623),
    ]


def test_several_files_give_a_list_and_the_worst_ending(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.txt")
    status, printed, complained = checked(DONGSHAN, missing, SHUYANG, "--format", "json")
    answers = json.loads(printed)
    assert status == 2
    assert [answer.get("year") for answer in answers] == [2023, None, 2025]
    assert answers[1] == {"file": missing, "error": "文件不存在。"}
    assert missing in complained


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空"),
        (b"\x00\x01\x02" * 100, "不是文本"),
        (b" " * LARGEST + b"xx", "太大"),
        ("一份没有表格的报告。".encode(), "没有找到表三"),
        (b'{"year": 2024}', "没有表三"),
        (b"{", "不是有效的JSON"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2_and_a_sentence(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(content)
    status, printed, complained = checked(str(path))
    assert (status, printed) == (2, "")
    assert said in complained
    assert str(path) in complained


def test_a_directory_a_bad_name_and_an_unreadable_file_are_sentences(tmp_path: Path) -> None:
    locked = tmp_path / "locked.txt"
    locked.symlink_to(locked)
    status, _, complained = checked(str(tmp_path), "no\x00name", str(locked), "--lang", "en")
    assert status == 2
    assert "This is a directory; give a file." in complained
    assert complained.count("cannot be read") == 2


# ── Two years of one office ──────────────────────────────────────────────────────────────────────────────────────────


def two_years(folder: Path, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> list[str]:
    """A report and that of the year before, which tie unless ``change`` unties them; newest first."""
    this = json.loads((EXAMPLES / "huaian-2024.json").read_text())
    last = json.loads(json.dumps(this)) | {"year": 2023}
    last["table3"]["rows"]["carried_out"] = list(this["table3"]["rows"]["carried_in"])
    for row in ("regulations", "normative_documents"):
        stock = this["table2"][row]
        last["table2"][row] = {
            "made": 0,
            "repealed": 0,
            "in_force": stock["in_force"] - stock["made"] + stock["repealed"],
        }
    change(last, this)
    names = []
    for report in (this, last):
        names.append(str(folder / f"{report['year']}.json"))
        Path(names[-1]).write_text(json.dumps(report))
    return names


def untied(names: list[str]) -> set[tuple[str, str, int, int]]:
    """What fails between the years, out of the later report's checks."""
    _, printed, _ = checked(*names, "--format", "json")
    checks = json.loads(printed)[0]["checks"]
    return {
        (check["relation"], check.get("column", check.get("row")), check["left"], check["right"])
        for check in checks
        if check["relation"] in {"R5", "T2"} and not check["holds"]
    }


def test_two_years_of_one_office_are_held_against_each_other(tmp_path: Path) -> None:
    names = two_years(tmp_path, lambda last, this: None)
    assert untied(names) == set()
    _, printed, _ = checked(*names)
    assert printed.count("R5 ") == printed.count("T2 ") == 1, "only the later one has a year before it"


@pytest.mark.parametrize("at", range(len(COLUMNS)))
def test_a_column_that_was_not_carried_over_is_named(at: int, tmp_path: Path) -> None:
    """law.md 7.2: R5 per column; a real district tied in 总计 and not by kind."""

    def untie(last: dict[str, Any], this: dict[str, Any]) -> None:
        last["table3"]["rows"]["carried_out"][at] += 1

    left = json.loads((EXAMPLES / "huaian-2024.json").read_text())["table3"]["rows"]["carried_in"][at]
    assert untied(two_years(tmp_path, untie)) == {("R5", list(COLUMNS)[at], left, left + 1)}


@pytest.mark.parametrize("row", ["regulations", "normative_documents"])
@pytest.mark.parametrize(
    ("of_last", "figure"), [(True, "in_force"), *((False, f) for f in ("made", "repealed", "in_force"))]
)
def test_a_stock_of_rules_that_does_not_add_up_is_named(row: str, of_last: bool, figure: str, tmp_path: Path) -> None:
    """law.md 7.4: in force = last year's + made − repealed."""

    def untie(last: dict[str, Any], this: dict[str, Any]) -> None:
        (last if of_last else this)["table2"][row][figure] += 1

    assert {(relation, name) for relation, name, _, _ in untied(two_years(tmp_path, untie))} == {("T2", row)}


def test_reports_of_other_offices_or_years_apart_are_not_held_against_each_other(tmp_path: Path) -> None:
    def other(last: dict[str, Any], this: dict[str, Any]) -> None:
        last["agency"]["name"] = "另一市人民政府"

    _, printed, _ = checked(*two_years(tmp_path, other))
    assert "R5" not in printed
    _, printed, _ = checked(*two_years(tmp_path, lambda last, this: last.update(year=2022)))
    assert "R5" not in printed
