"""``annual_report YEAR --agency CODE``: the annual report as the records give it now, or as an edition froze it."""

import contextlib
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from casework.annual import agencies_of, check_year, end_of, pictures_of, report_of, report_of_edition
from casework.exports import export, export_edition
from casework.exports.pictures import Picture
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, ReportEdition


class Command(BaseCommand):
    help = "由记录生成年度报告。 Derive the annual report from the records."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("--agency", required=True, metavar="CODE", help="code of the agency")
        parser.add_argument("--region", action="store_true", help="sum the agency and all below it")
        parser.add_argument("--format", default="json", dest="form", metavar="json|html|xlsx|docx|pdf|md")
        parser.add_argument("--as-of", metavar="DATE", help="the tables on an earlier day, by what is known now")
        parser.add_argument("--recorded", action="store_true", help="with --as-of: by what was on record on that day")
        parser.add_argument("--edition", type=int, metavar="N", help="a frozen edition instead of the records now")
        parser.add_argument("--pictures", action="store_true", help="with pictures behind section 六 (html, docx, pdf)")
        parser.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of labels and messages")

    def handle(
        self,
        *_args: Any,
        year: int,
        agency: str,
        region: bool,
        form: str,
        as_of: str | None,
        recorded: bool,
        edition: int | None,
        pictures: bool,
        output: Path | None,
        lang: str,
        **_options: Any,
    ) -> None:
        try:
            check_year(year, on=timezone.localdate())
            language = "en" if lang == "en" else "zh-hans"
            if edition is not None:
                content = _frozen(_edition(_agency(agency), year, edition, region=region), form, language)
            else:
                found = _agency(agency)
                report = report_of(found, year, region=region, **_seen(as_of, year, recorded=recorded))
                drawn = _pictures(found, year, region=region) if pictures else None
                content = export(report, form, language=language, pictures=drawn)
            self._write(content, output)
        except Refused as refusal:
            raise CommandError(refusal.sentence.read_in(lang)) from None

    def _write(self, content: bytes, output: Path | None) -> None:
        if output is not None:
            _replace(output, content)
            return
        try:
            self.stdout.write(content.decode(), ending="")
        except UnicodeDecodeError:
            if sys.stdout.isatty():
                raise Refused(
                    Text(
                        "这种格式不是文本，请用 --output 写明文件。", "This form is no text; name a file with --output."
                    )
                ) from None
            sys.stdout.buffer.write(content)


def _seen(as_of: str | None, year: int, *, recorded: bool) -> dict[str, Any]:
    """From which day the table is looked at; ``Refused`` for no day, or one outside the year and the past."""
    if as_of is None:
        return {}
    with contextlib.suppress(ValueError):
        day = date.fromisoformat(as_of)
        if date(year, 1, 1) <= day <= timezone.localdate():
            return {"as_of": day, "known_at": end_of(day) if recorded else None}
    raise Refused(
        Text(
            f"“{as_of}”不能用：请写{year}-01-01至今天的日期，如{year}-06-30。",
            f"“{as_of}” cannot be used: give a day from {year}-01-01 to today, such as {year}-06-30.",
        ),
        field="as_of",
    )


def _edition(agency: Agency, year: int, number: int, *, region: bool) -> ReportEdition:
    found = ReportEdition.objects.filter(report__agency=agency, report__year=year, report__region=region)
    edition = found.filter(number=number).select_related("report__agency").first()
    if edition is None:
        known = "、".join(map(str, found.values_list("number", flat=True)))
        has = Text(f"已有：{known}。", f"There are: {known}.") if known else _NOT_SIGNED
        raise Refused(_NO_EDITION.format(number=number, has=has), field="edition")
    return edition


def _frozen(edition: ReportEdition, form: str, language: str) -> bytes:
    """The same bytes at every call: nothing is derived from the records, and the JSON is what was stored."""
    return export_edition(edition.content, report_of_edition(edition), form, language=language)


def _pictures(agency: Agency, year: int, *, region: bool) -> list[Picture]:
    """The whole year's, and its units' beside each other where it is a region's."""
    return pictures_of(agencies_of(agency, region=region), year, on=timezone.localdate(), units=region)


def _agency(code: str) -> Agency:
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        raise Refused(
            Text(f"没有代码为“{code}”的机关。", f"There is no agency with the code “{code}”."), field="agency"
        )
    return agency


def _replace(output: Path, content: bytes) -> None:
    """Write beside the file and move into its place: an error leaves what was there."""
    if output.is_dir():
        raise Refused(Text(f"“{output}”是目录，请写文件名。", f"“{output}” is a directory; name a file."))
    written: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=output.parent, prefix=".report-", delete=False) as file:
            written = Path(file.name)
            file.write(content)
        written.chmod(0o644)
        written.replace(output)
    except OSError as error:
        if written is not None:
            with contextlib.suppress(OSError):
                written.unlink()
        reason = error.strerror or str(error)
        raise Refused(Text(f"写不了“{output}”（{reason}）。", f"“{output}” cannot be written ({reason}).")) from None


_NO_EDITION: Final = Text("没有第{number}版。{has}", "There is no edition {number}. {has}")
_NOT_SIGNED: Final = Text("这份报告还没有签发过。", "This report has not been signed yet.")
