"""All measurements on the database that ``DATABASE_URL`` names, which must be empty; prints JSON as its last line."""

import json
import sys

import django
from django.core.management import call_command

django.setup()

from bench import (  # noqa: E402 - models need the set-up first
    build,
    calendar,
    calendar_edition,
    exports,
    ledger,
    letters,
    matrix,
    measure,
    pages,
    region,
    report,
    sweep,
    verify,
)

#: So many that each agency has a few pages of cases.
SMALL = 50_000


def main(size: int) -> None:
    call_command("migrate", verbosity=0)
    results = []

    def show(found: list[measure.Result]) -> None:
        for result in found:
            print(result.line(), file=sys.stderr, flush=True)
            results.append(result.as_dict())

    district = build.build(SMALL)
    small = pages.queries(district)
    build.clear()
    district = build.build(size)
    show(list(calendar.run()))
    show(list(letters.run()))
    show(list(matrix.run(district)))
    show(list(report.run(district)))
    show(list(region.run(district)))
    show(list(exports.run(district)))
    show(list(pages.compare(small, pages.queries(district))))
    show(list(sweep.run()))
    show(list(ledger.run()))
    show(list(verify.run()))
    show(list(calendar_edition.run()))
    print(json.dumps(results, ensure_ascii=False))


if __name__ == "__main__":
    main(int(sys.argv[1]))
