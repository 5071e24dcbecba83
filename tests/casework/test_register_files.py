"""Registers as spreadsheets: read whole, judged row by row, stored all or nothing, and read back to the same."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from casework import annual
from casework.annual import register_years
from casework.law.registers import REGISTERS, Register
from casework.ledger import headings_of, read_register, store_register, write_register
from casework.models import ENTRIES, AnnualFigure, Publication
from tests.cast import Cast, moment
from tests.ledgers import as_csv, as_xlsx
from tests.registering import WRITTEN, account, cleared, counted, document, figure, kept, published, stock

AT = moment(WRITTEN)
FIGURES = [
    ["事项", "年度", "月份", "数量或金额（元）", "来源"],
    ["行政许可", "2023", "", "31", "审批局"],
    ["行政事业性收费", "2023", "1", "1,234.50", "财政局"],
    ["fees", "2023", "２", "0.5", "财政局"],
]


def taken(players: Cast, register: Register, content: bytes, name: str = "登记.csv", **options: Any) -> Any:
    """What a file did: what was stored, or what its faults say."""
    agency = players.dongshan
    reading = read_register(io.BytesIO(content), name, register, agency=agency, on=WRITTEN)
    done = store_register(reading, agency, at=AT, **options)
    return done or [entry.said("zh") for entry in reading.faults.shown]


@pytest.mark.parametrize(("save", "name"), [(as_csv, "登记.csv"), (as_xlsx, "登记.xlsx")])
def test_a_file_is_taken_in_once_and_the_second_time_changes_nothing(players: Cast, save: Any, name: str) -> None:
    content = save(FIGURES)
    dry = taken(players, Register.FIGURES, content, name, dry_run=True)
    assert (dry.added, AnnualFigure.objects.count()) == (3, 0)
    first, second = (taken(players, Register.FIGURES, content, name) for _ in range(2))
    assert (first.added, first.corrected, first.unchanged) == (3, 0, 0)
    assert (second.added, second.corrected, second.unchanged) == (0, 0, 3)
    table = annual.publications_of([players.dongshan], 2023)
    assert (table.decisions["permits"], table.fees) == (31, "0.1235")


def test_what_differs_corrects_the_entry_and_the_old_row_stays(players: Cast) -> None:
    taken(players, Register.FIGURES, as_csv(FIGURES))
    done = taken(players, Register.FIGURES, as_csv([*FIGURES[:1], ["行政许可", "2023", "", "32", "审批局"]]))
    assert (done.added, done.corrected, done.unchanged) == (0, 1, 0)
    rows = AnnualFigure.objects.filter(item="permits").order_by("pk")
    assert [(row.amount, row.current, bool(row.reason)) for row in rows] == [(31, False, False), (32, True, True)]


def test_a_column_that_is_not_there_says_nothing_of_its_fact(players: Cast) -> None:
    document(players, date(2023, 3, 1), title="办法", number="东政规〔2023〕1号", revises="旧办法")
    sheet = [["种类", "标题", "文号", "制发日期"], ["行政规范性文件", "办法", "东政规〔2023〕1号", "2023-03-02"]]
    assert taken(players, Register.DOCUMENTS, as_csv(sheet)).corrected == 1
    row = ENTRIES[Register.DOCUMENTS].objects.counting().get()
    assert (row.made_on, row.revises) == (date(2023, 3, 2), "旧办法")


def test_every_fault_is_named_by_row_and_heading_and_nothing_is_stored(players: Cast) -> None:
    sheet = [
        *FIGURES,
        ["行政许可", "2023", "", "31", "审批局"],
        ["行政命令", "2023", "13", "三", "x"],
        ["行政处罚", "2025", "", "1.5", ""],
        ["行政处罚", "2023", "", "1.5", "执法局"],
    ]
    assert taken(players, Register.FIGURES, as_csv(sheet)) == [
        "第5行，事项：与第2行是同一条",
        "第6行，事项：“行政命令”不是事项（行政许可、行政处罚、行政强制、行政事业性收费）",
        "第6行，月份：请填写1至12之间的整数",
        "第6行，数量或金额（元）：请填写数字，金额以元为单位，最多两位小数，例如 12345.67",
        "第7行，来源：必须填写",
        "第8行，数量或金额（元）：处理决定的数量应当是整数",
    ]
    assert not AnnualFigure.objects.exists()


def test_publications_find_their_account_by_channel_and_name(players: Cast) -> None:
    website, wechat = account(players), account(players, "wechat", "我爱东山区")
    account(players, "wechat", "东山发布")
    head = ["渠道", "账号", "栏目", "发布日期", "标题", "月份", "条数", "来源"]
    sheet = [
        head,
        ["网站", "", "概况", "2023/5/4", "机构职能", "", "", ""],
        ["微信", "我爱 东山区", "推送", "", "", "2023年5月", "1989", "后台"],
    ]
    assert taken(players, Register.PUBLICATIONS, as_csv(sheet)).added == 2
    assert set(Publication.objects.values_list("account", "on", "number")) == {
        (website, date(2023, 5, 4), 1),
        (wechat, date(2023, 5, 1), 1989),
    }
    wrong = [head, ["微信", "", "推送", "2023-05-05", "甲"], ["微博", "我爱东山区", "推送", "2023-05-05", "乙"]]
    assert taken(players, Register.PUBLICATIONS, as_csv(wrong)) == [
        "第2行，账号：不止一个账号符合，请同时写明渠道和账号",
        "第3行，账号：该渠道没有名为“我爱东山区”的账号，请先登记账号",
    ]


def test_what_is_written_is_read_back_to_the_same(players: Cast) -> None:
    website = account(players, silent_days=30)
    published(players, website, date(2023, 5, 4), '=HYPERLINK("x")', address="https://x.example/1")
    counted(players, website, date(2023, 6, 1), 7, "概况", **cleared(date(2023, 6, 30)))
    document(players, date(2022, 3, 1), date(2023, 4, 1), number="东政规〔2022〕1号", kind="regulations")
    stock(players, 2021, 3)
    figure(players, "fees", "1234.56", 7)
    kept(players, Register.EXPLANATIONS, form="press_conference", title="发布会", on=date(2023, 6, 1))
    for register in Register:
        entries = list(ENTRIES[register].objects.all())
        assert entries, register
        for form in ("csv", "xlsx"):
            file = io.BytesIO()
            assert write_register(file, form, register, entries) == len(entries)
            done = taken(players, register, file.getvalue(), f"登记.{form}")
            assert (done.added, done.corrected, done.unchanged) == (0, 0, len(entries)), (register, form)
    assert register_years([players.dongshan], until=2024) == [2024, 2023, 2022, 2021]


def test_a_sheet_to_fill_in_has_the_headings_and_no_row(players: Cast, tmp_path: Path) -> None:
    file = io.BytesIO()
    write_register(file, "csv", Register.PUBLICATIONS, [])
    assert file.getvalue().decode("utf-8-sig").strip().split(",") == list(headings_of(Register.PUBLICATIONS).values())
    assert "表格只有标题" in said_by("publications", file.getvalue(), tmp_path, players)


def said_by(kind: str, content: bytes, folder: Path, players: Cast, *options: str) -> str:
    """What the command prints in Chinese, whether it stores anything or not."""
    path = folder / f"{players.dongshan.code}-{kind}.csv"
    path.write_bytes(content)
    out = io.StringIO()
    try:
        call_command(*("import_register", kind, str(path), "--agency", "230406", "--lang", "zh", *options), stdout=out)
    except CommandError as refused:
        return f"{out.getvalue()}{refused}"
    finally:
        path.unlink()
    return out.getvalue()


def test_the_command_imports_or_says_why_not(players: Cast, tmp_path: Path) -> None:
    good = as_csv(FIGURES)
    assert "试运行，没有保存；将新增3条" in said_by("figures", good, tmp_path, players, "--dry-run")
    assert said_by("figures", good, tmp_path, players) == "新增3条，更正0条，未变0条。\n"
    answer = json.loads(said_by("figures", good, tmp_path, players, "--format", "json"))
    assert (answer["stored"], answer["unchanged"]) == (True, 3)
    many = as_csv([FIGURES[0], *(["行政许可", "2023", "13", "1", "x"] for _ in range(60))])
    said = said_by("figures", many, tmp_path, players)
    assert said.count("请填写1至12之间的整数") == 50
    assert "另有10处" in said
    assert "表格有60处错误，什么也没有保存。" in said
    assert "缺少：事项" in said_by("figures", as_csv([["年度", "来源"], ["2023", "x"]]), tmp_path, players)
    assert "GB18030" in said_by("figures", as_csv(FIGURES * 40, "gb18030"), tmp_path, players)
    with pytest.raises(CommandError):
        call_command("import_register", "nothing", "x.csv", "--agency", "230406")


def test_the_help_names_every_register_and_its_columns() -> None:
    from casework.management.commands.import_register import Command

    text = Command().create_parser("manage.py", "import_register").format_help()
    for register, row in REGISTERS.items():
        assert f"{register.value} " in text
        assert "、".join(column.words.zh for column in row.columns) in text
