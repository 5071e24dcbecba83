"""``manage.py calendar``: list, show, preview and apply holiday notices."""

import sys
from argparse import SUPPRESS, RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from casework.actions import calendar
from casework.actions.calendar import Preview, Progress
from casework.law.calendar import DayKind, day_of
from casework.law.edition_file import LARGEST, EditionFile, read
from casework.law.editions import EDITIONS
from casework.law.packaged import from_package
from casework.law.refusals import Refused
from casework.law.words import Text, said
from casework.management.entrance import file_to_read, staff_named
from casework.models import Agency, CalendarEdition, Case, edition
from casework.models.edition import Source


class Command(BaseCommand):
    help = (
        "放假安排：查看、预览、启用。文件格式见 docs/formats/calendar.md。\n"
        "Calendar editions (holiday notices): see, preview, apply. docs/formats/calendar.md explains the file.\n\n"
        "  calendar list                          editions in force, newest first\n"
        "  calendar show 2027                     days off and weekend days worked in a year\n"
        "  calendar preview FILE                  which open cases would move; stores nothing\n"
        "  calendar apply FILE --by USERNAME      put it in force and bring every open case in step;\n"
        "                                         twice is once, and after a kill it goes on where it was\n"
        "  calendar from_package 2027 --number NUMBER --published-on DATE\n"
        "                                         print a year that the package chinesecalendar knows, as a file\n\n"
        "Exit status: 0 done; 1 refused, with the reason, and nothing was stored."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lang", choices=("zh", "en"), default="en", help="language of the sentences")
        acts = parser.add_subparsers(dest="act", required=True, metavar="list|show|preview|apply|from_package")
        acts.add_parser("list", help="editions in force, newest first")
        acts.add_parser("show", help="a year").add_argument("year", type=int)
        acts.add_parser("preview", help="what a file would move").add_argument("file", type=Path, metavar="FILE")
        apply = acts.add_parser("apply", help="put a file in force")
        apply.add_argument("file", type=Path, metavar="FILE")
        apply.add_argument("--by", required=True, metavar="USERNAME", help="a system administrator")
        packaged = acts.add_parser("from_package", help="a year of the package chinesecalendar, as a file")
        packaged.add_argument("year", type=int)
        packaged.add_argument("--number", required=True, help="document number of the notice, which the package lacks")
        packaged.add_argument("--published-on", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD")
        for each in acts.choices.values():
            each.add_argument("--lang", choices=("zh", "en"), default=SUPPRESS, help="language of the sentences")

    def handle(self, *_args: Any, act: str, lang: str, **options: Any) -> None:
        self.language = lang
        try:
            getattr(self, f"do_{act}")(**options)
        except Refused as refused:
            raise CommandError(self.say(refused.sentence)) from None

    def do_list(self, **_options: Any) -> None:
        rows = CalendarEdition.objects.in_force()
        for row in sorted(rows, key=lambda r: (-r.year, r.region, -r.pk)):
            where = row.region or self.say(_COUNTRY)
            self.stdout.write(f"{row.year}  {where}  {row.number}  {row.published_on}  {row.get_source_display()}")
        for built_in in reversed(EDITIONS):
            for notice in built_in.notices:
                self.stdout.write(f"{built_in.year}  {self.say(_COUNTRY)}  {notice.number}  {self.say(_BUILT_IN)}")

    def do_show(self, *, year: int, **_options: Any) -> None:
        found = edition.national_calendar()
        if not found.first_day.year <= year <= found.last_known_day.year:
            raise Refused(_NO_YEAR.format(year=year))
        days = (date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
        for day in map(found.day, days):
            if day.kind in (DayKind.HOLIDAY, DayKind.MAKEUP):
                what = _OFF if day.kind is DayKind.HOLIDAY else _WORKED
                name = self.say(day.name) if day.name else ""
                self.stdout.write(f"{day.on}  {self.say(what)}  {name}  {day.edition}")

    def do_preview(self, *, file: Path, **_options: Any) -> None:
        wanted = _read(file)
        with self.bar() as counted:
            found = calendar.preview(wanted, on=day_of(timezone.now()), progress=counted)
        self.print(found)

    def do_apply(self, *, file: Path, by: str, **_options: Any) -> None:
        at, person = timezone.now(), staff_named(by)
        applied = calendar.apply(_read(file), source=Source.FILE, by=person, at=at)
        with self.bar() as counted:
            run = calendar.carry_on(applied, at=at, progress=counted)
        self.stdout.write(
            self.say(
                _APPLIED.format(
                    number=applied.number,
                    year=applied.year,
                    total=run.total,
                    moved=run.moved,
                    overdue=run.overdue,
                    confirmed=run.confirmed,
                )
            )
        )
        if run.refused:
            self.stderr.write(self.say(_REFUSED.format(n=run.refused)))

    def do_from_package(self, *, year: int, number: str, published_on: date, **_options: Any) -> None:
        self.stdout.write(from_package(year, number, published_on).as_json(), ending="")

    def print(self, found: Preview) -> None:
        names = dict(Agency.objects.values_list("pk", "name"))
        for move in found.shown:
            if move.refusal:
                self.stdout.write(f"{names[move.agency_id]}  {move.number}  {self.say(move.refusal)}")
            elif move.before and move.after:
                late = self.say(_NOW_OVERDUE) if move.overdue else ""
                dates = f"{self.say(said(move.before))} → {self.say(said(move.after))}"
                self.stdout.write(f"{names[move.agency_id]}  {move.number}  {dates}  ({move.days:+d})  {late}".rstrip())
        if (more := found.moved + found.refused - len(found.shown)) > 0:
            self.stdout.write(self.say(_MORE.format(n=more)))
        self.stdout.write(
            self.say(
                _WOULD.format(
                    total=found.looked_at,
                    moved=found.moved,
                    later=found.later,
                    earlier=found.earlier,
                    overdue=found.overdue,
                    confirmed=found.confirmed,
                )
            )
        )

    def say(self, text: Text) -> str:
        return text.read_in(self.language)

    @contextmanager
    def bar(self) -> Iterator[Progress]:
        """A progress bar where somebody watches: on a terminal alone."""
        total = Case.objects.still_open().count()
        with tqdm(total=total, unit=" cases", leave=False, disable=not sys.stderr.isatty()) as shown:
            yield shown.update


def _read(path: Path) -> EditionFile:
    with file_to_read(path) as opened:
        return read(opened.read(LARGEST + 1))


_COUNTRY: Final = Text("全国", "country")
_BUILT_IN: Final = Text("系统自带", "built in")
_OFF: Final = Text("放假", "off")
_WORKED: Final = Text("上班", "worked")
_NO_YEAR: Final = Text("还没有{year}年的放假安排。", "There is no edition for {year}.")
_NOW_OVERDUE: Final = Text("将逾期", "becomes overdue")
_MORE: Final = Text("另有{n}件。", "and {n} more")
_WOULD: Final = Text(
    "在办{total}件，将变动{moved}件（推后{later}件，提前{earlier}件），因此逾期{overdue}件，不再暂定{confirmed}件。没有保存。",
    "{total} open cases: {moved} would move ({later} later, {earlier} earlier), {overdue} would become overdue, "
    "{confirmed} would no longer be provisional; nothing stored",
)
_APPLIED: Final = Text(
    "已启用{year}年放假安排（{number}）。在办{total}件，变动{moved}件，因此逾期{overdue}件，不再暂定{confirmed}件。",
    "{number} for {year} is in force. {total} open cases: {moved} moved, {overdue} became overdue, "
    "{confirmed} are no longer provisional",
)
_REFUSED: Final = Text(
    "另有{n}件的事实在新的日历下不符合规定，日期没有改动，请用 verify_clocks 查看并由人处理。",
    "{n} cases hold facts that the new calendar does not allow; their dates are left as they were. "
    "verify_clocks names them; a person has to look.",
)
