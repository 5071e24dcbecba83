"""``manage.py print_letters``: a year of letters as files, taken up again where it was interrupted."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from casework.actions.letters import void_letter
from casework.law.outcomes import Outcome
from casework.letters import stored
from casework.models import Letter
from tests.casework.test_letters import pdf_text
from tests.cast import Cast, moment, registered, signed

TODAY = date(2026, 11, 18)

pytestmark = pytest.mark.usefixtures("november_18")


@pytest.fixture
def three(players: Cast) -> Cast:
    """Letters 1 to 3; number 2 is void and was made anew as number 4."""
    for name in ("张三", "李四", "王五"):
        signed(players, registered(players, on=TODAY, name=name).case, Outcome.REFUSED_5, on=TODAY)
    void_letter(Letter.objects.order_by("pk")[1], reason="受文人写错。", by=players.li, at=moment(TODAY, 16))
    return players


def run(to: Path, *more: str) -> str:
    out = io.StringIO()
    call_command(
        "print_letters", "--agency", "230406", "--year", "2026", "--to", str(to), "--lang", "zh", *more, stdout=out
    )
    return out.getvalue()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_letter_of_the_year_is_written_as_it_was_signed(three: Cast, tmp_path: Path) -> None:
    to = tmp_path / "2026" / "文书"
    assert "写入3件，原来已有0件" in run(to)
    assert names(to) == [f"东政公开告〔2026〕{n}号.pdf" for n in (1, 3, 4)]
    for letter in Letter.objects.filter(voided_at=None):
        with letter.pdf.open("rb") as file:
            assert (to / f"{letter.number}.pdf").read_bytes() == file.read()


def test_it_goes_on_where_it_was_interrupted(three: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def power_cut(letter: Letter) -> bytes:
        drawn.append(letter.number)
        if len(drawn) == 2:
            raise KeyboardInterrupt
        return stored.signed_pdf(letter)

    command = "casework.management.commands.print_letters.signed_pdf"
    with monkeypatch.context() as interrupted:
        interrupted.setattr(command, power_cut)
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path)
    assert names(tmp_path) == ["东政公开告〔2026〕1号.pdf"]
    assert "写入2件，原来已有1件" in run(tmp_path)
    assert "写入0件，原来已有3件" in run(tmp_path)


def test_a_part_of_a_series_and_the_void_ones(three: Cast, tmp_path: Path) -> None:
    run(tmp_path / "part", "--kind", "refusal", "--from", "2", "--until", "3")
    assert names(tmp_path / "part") == ["东政公开告〔2026〕3号.pdf"]
    run(tmp_path / "all", "--with-void")
    assert "东政公开告〔2026〕2号（作废）.pdf" in names(tmp_path / "all")
    assert "写入0件" in run(tmp_path / "none", "--kind", "supplement")


def test_what_is_lost_is_named_and_the_rest_written(
    three: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = Letter.objects.order_by("pk")[0]
    letter.pdf.storage.delete(str(letter.pdf.name))
    Letter.objects.filter(pk=letter.pk).update(pdf_sha256="0" * 64)
    with pytest.raises(CommandError, match="有1件没有写入"):
        run(tmp_path)
    assert "东政公开告〔2026〕1号" in capsys.readouterr().err
    assert len(names(tmp_path)) == 2


def test_a_merged_file_is_whole_or_not_there(three: Cast, tmp_path: Path) -> None:
    letter = Letter.objects.order_by("pk")[0]
    letter.pdf.storage.delete(str(letter.pdf.name))
    Letter.objects.filter(pk=letter.pk).update(pdf_sha256="0" * 64)
    for _again in range(2):
        with pytest.raises(CommandError, match="有3件没有写入"):
            run(tmp_path, "--merged")
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--agency", "nothing"], "没有代码为“nothing”的机关"),
        (["--kind", "poem"], "没有“poem”这种文书"),
        (["--from", "3"], "请同时用 --kind"),
        (["--kind", "receipt", "--from", "3"], "请同时用 --kind"),
        (["--kind", "refusal", "--from", "3", "--until", "1"], "先后颠倒"),
        (["--year", "26"], "年份“26”不对"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(
    three: Cast, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(tmp_path, *arguments)
    assert names(tmp_path) == []


def test_a_folder_that_can_not_be_is_said(three: Cast, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CommandError, match="不能建立文件夹"):
        run(tmp_path / "file")


def test_letters_bound_together_for_one_print(three: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.management.commands.print_letters.BOUND_TOGETHER", 2)
    assert "写入3件，原来已有0件" in run(tmp_path, "--merged")
    first, second = sorted(tmp_path.iterdir())
    assert [first.name[:4], second.name[:4]] == ["001-", "002-"]
    texts = [pdf_text(path.read_bytes()) for path in (first, second)]
    assert [n for n in (1, 3, 4) if f"东政公开告〔2026〕{n}号" in texts[0]] == [1, 3]
    assert [n for n in (1, 3, 4) if f"东政公开告〔2026〕{n}号" in texts[1]] == [4]
    assert "写入0件，原来已有3件" in run(tmp_path, "--merged")
    void_letter(Letter.objects.get(serial=1), reason="受文人写错。", by=three.li, at=moment(TODAY, 17))
    assert "写入3件，原来已有0件" in run(tmp_path, "--merged")
    assert len(names(tmp_path)) == 4  # another set of letters is another file
