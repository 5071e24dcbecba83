"""One part of the bench on the database that ``DATABASE_URL`` names, which must be empty; JSON as its last line."""

import importlib
import json
import sys

import django
from django.core.management import call_command


def main(module: str, size: int) -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    found = []
    for result in importlib.import_module(module).measured(size):
        print(result.line(), file=sys.stderr, flush=True)
        found.append(result.as_dict())
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
