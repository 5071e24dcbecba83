"""``manage.py create_agency CODE NAME [--parent CODE] [--level LEVEL] [--outside]``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.establish import establish_agency
from casework.law.refusals import Refused
from casework.models import Level


class Command(BaseCommand):
    help = "建立一个行政机关。 / Create an agency."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="CODE", help="230406")
        parser.add_argument("name", metavar="NAME", help="东山区人民政府办公室")
        parser.add_argument("--parent", default="", metavar="CODE", help="上级机关的代码 / code of the agency above")
        parser.add_argument("--level", default="", help=" | ".join(Level.values))

        parser.add_argument(
            "--outside",
            action="store_true",
            help="不使用本系统，以文件报送年度报告 / sends its annual report as a file",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = establish_agency(
                options["code"],
                options["name"],
                parent=options["parent"],
                level=options["level"],
                outside=options["outside"],
            )
        except Refused as refused:
            raise CommandError(f"{refused.sentence.zh}\n{refused.sentence.en}") from None
        code, name = made.agency.code, made.agency.name
        if made.is_new:
            self.stdout.write(f"已建立机关：{code} {name}\nCreated: {code} {name}")
        else:
            self.stdout.write(f"机关已存在，没有改变：{code} {name}\nIt exists; nothing changed: {code} {name}")
