"""``manage.py print_letters``: the signed letters of an agency as files in a folder, to print or to archive."""

import hashlib
import sys
from argparse import RawDescriptionHelpFormatter
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from tqdm import tqdm

from casework.law.letters import LETTERS, LetterKind
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.letters.register import letters_of
from casework.letters.stored import bound, file_name, signed_pdf
from casework.management.entrance import agency_named, file_to_replace
from casework.models import Letter

_CHUNK: Final = 100
#: Letters in one merged PDF: about 10 MB, which every reader and printer takes, and memory stays flat.
BOUND_TOGETHER: Final = 200


@dataclass(slots=True)
class Outcome:
    """How many letters were written, were there, and could not be written."""

    written: int = 0
    there: int = 0
    failed: int = 0


class Command(BaseCommand):
    help = (
        "把机关一年的文书逐件存为PDF文件，供打印、归档。已经存好的不再写，中断以后重新运行即可接着写。\n"
        "Write the signed letters of a year as PDF files, one a letter. What is there already is left alone, so an\n"
        "interrupted run is taken up by running it again.\n\n"
        "  print_letters --agency 230406 --year 2026 --to FOLDER\n"
        "  print_letters --agency 230406 --year 2026 --kind supplement --to FOLDER\n"
        "  print_letters --agency 230406 --year 2026 --kind refusal --from 10 --until 40 --to FOLDER\n"
        "  print_letters --agency 230406 --year 2026 --merged --to FOLDER\n\n"
        f"KIND: {', '.join(LetterKind)}\n\n"
        "Every file is the one that was signed, proved by its digest; one that was lost is drawn again if that gives\n"
        "the same to the byte. Exit status: 0 all written; 1 refused, or some could not be written."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, metavar="CODE", help="code of the agency")
        parser.add_argument("--year", required=True, type=int, help="year of the numbers")
        parser.add_argument("--to", required=True, type=Path, metavar="FOLDER", help="made if it is not there")
        parser.add_argument("--kind", default="", metavar="KIND", help="only this document")
        parser.add_argument("--from", dest="first", type=int, metavar="N", help="first number of the series")
        parser.add_argument("--until", dest="last", type=int, metavar="N", help="last number of the series")
        parser.add_argument("--merged", action="store_true", help=f"one PDF for every {BOUND_TOGETHER} letters")
        parser.add_argument("--with-void", action="store_true", help="also letters that were declared void")
        parser.add_argument("--lang", choices=("zh", "en"), default="en", help="language of the sentences")

    def handle(self, *_args: Any, lang: str, to: Path, **options: Any) -> None:
        try:
            chosen = _chosen(**options)
            _make(to)
            write = self.write_bound if options["merged"] else self.write_each
            total = chosen.count()
            with tqdm(total=total, unit=" letters", leave=False, file=sys.stderr, disable=total == 0) as bar:
                done = write(chosen, to, bar, lang)
        except Refused as refused:
            raise CommandError(refused.sentence.read_in(lang)) from None
        counted = _WRITTEN.format(written=done.written, there=done.there, to=to)
        self.stdout.write(counted.read_in(lang))
        if done.failed:
            raise CommandError(_FAILED.format(n=done.failed).read_in(lang))

    def write_each(self, chosen: QuerySet[Letter], to: Path, bar: "tqdm[Any]", lang: str) -> Outcome:
        """One file a letter."""
        done = Outcome()
        for letter in chosen.iterator(chunk_size=_CHUNK):
            path = to / file_name(letter)
            if _is_there(path):
                done.there += 1
            elif pdf := self.signed(letter, bar, lang, done):
                _store(path, pdf)
                done.written += 1
            bar.update()
        return done

    def write_bound(self, chosen: QuerySet[Letter], to: Path, bar: "tqdm[Any]", lang: str) -> Outcome:
        """One file for so many letters; its name says which, so that another set of letters is another file."""
        done, part = Outcome(), list[Letter]()
        numbered = count(1)
        for letter in chain(chosen.iterator(chunk_size=_CHUNK), (None,)):
            if letter is not None:
                part.append(letter)
            if part and (letter is None or len(part) == BOUND_TOGETHER):
                mark = hashlib.sha256("".join(one.pdf_sha256 for one in part).encode()).hexdigest()[:8]
                path = to / f"{next(numbered):03}-{mark}.pdf"
                if _is_there(path):
                    done.there += len(part)
                else:
                    pdfs = [pdf for one in part if (pdf := self.signed(one, bar, lang, done))]
                    if len(pdfs) == len(part):
                        _store(path, bound(pdfs))
                        done.written += len(part)
                    else:
                        done.failed += len(pdfs)  # a file that lacks a letter would pass for whole the next time
                bar.update(len(part))
                part.clear()
        return done

    def signed(self, letter: Letter, bar: "tqdm[Any]", lang: str, done: Outcome) -> bytes | None:
        """The signed PDF; ``None`` where it is lost, which is said at once and counted."""
        try:
            return signed_pdf(letter)
        except Refused as refused:
            bar.write(refused.sentence.read_in(lang), file=sys.stderr)
            done.failed += 1
            return None


def _chosen(
    *, agency: str, year: int, kind: str, first: int | None, last: int | None, with_void: bool, **_rest: Any
) -> QuerySet[Letter]:
    if kind and kind not in list(LetterKind):
        raise Refused(_NO_KIND.format(kind=kind, known=", ".join(LetterKind)), field="kind")
    if (first is not None or last is not None) and not (kind and LETTERS[LetterKind(kind)].series):
        raise Refused(_RANGE_OF_WHAT, field="kind")
    if first is not None and last is not None and first > last:
        raise Refused(_BACKWARDS.format(first=first, last=last))
    if not 1990 <= year <= 2100:
        raise Refused(_NO_YEAR.format(year=year), field="year")
    found = letters_of(agency_named(agency), year, kind)
    if not with_void:
        found = found.filter(voided_at=None)
    if first is not None:
        found = found.filter(serial__gte=first)
    if last is not None:
        found = found.filter(serial__lte=last)
    return found


def _is_there(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _store(path: Path, content: bytes) -> None:
    """Whole or not at all: what an interrupted run leaves is never half a file."""
    with file_to_replace(path) as file:
        file.write(content)


def _make(to: Path) -> None:
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(_NO_FOLDER.format(to=to, why=error.strerror or error)) from None


_NO_KIND: Final = Text("没有“{kind}”这种文书，可以选择：{known}。", "There is no document “{kind}”; choose of {known}.")
_RANGE_OF_WHAT: Final = Text(
    "--from 和 --until 是一种文书的顺序号，请同时用 --kind 指明编号的文书。",
    "--from and --until are numbers of one series: name a numbered document with --kind.",
)
_BACKWARDS: Final = Text("从{first}到{last}，先后颠倒。", "From {first} until {last} runs backwards.")
_NO_YEAR: Final = Text("年份“{year}”不对。", "{year} is no year of a register.")
_NO_FOLDER: Final = Text("不能建立文件夹“{to}”（{why}）。", "The folder “{to}” can't be made ({why}).")
_WRITTEN: Final = Text(
    "写入{written}件，原来已有{there}件，在“{to}”。", "{written} written, {there} were there already, in “{to}”."
)
_FAILED: Final = Text("有{n}件没有写入，原因见上。", "{n} could not be written; the reasons stand above.")
