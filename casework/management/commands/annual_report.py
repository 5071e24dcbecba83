"""``annual_report YEAR --agency CODE``: the annual report as the records give it now."""

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from casework.annual import agencies_of, check_year, pictures_of, report_of
from casework.exports import export
from casework.exports.pictures import Picture
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency


class Command(BaseCommand):
    help = "由办理记录生成年度报告表三。 Derive table 3 of the annual report from the records."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int, metavar="YEAR")
        parser.add_argument("--agency", required=True, metavar="CODE", help="code of the agency")
        parser.add_argument("--region", action="store_true", help="sum the agency and all below it")
        parser.add_argument("--format", default="json", dest="form", metavar="json|html|xlsx|docx|pdf|md")
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
        edition: int | None,
        pictures: bool,
        output: Path | None,
        lang: str,
        **_options: Any,
    ) -> None:
        try:
            check_year(year, on=timezone.localdate())
            _check_edition(edition)
            found = _agency(agency)
            report = report_of(found, year, region=region)
            drawn = _pictures(found, year, region=region) if pictures else None
            content = export(report, form, language="en" if lang == "en" else "zh-hans", pictures=drawn)
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


def _pictures(agency: Agency, year: int, *, region: bool) -> list[Picture]:
    """The whole year's, and its units' beside each other where it is a region's."""
    return pictures_of(agencies_of(agency, region=region), year, on=timezone.localdate(), units=region)


def _check_edition(edition: int | None) -> None:
    if edition is not None:
        raise Refused(
            Text(
                f"没有第{edition}版：还没有定稿的年度报告。",
                f"There is no edition {edition}: no report has been filed yet.",
            ),
            field="edition",
        )


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
