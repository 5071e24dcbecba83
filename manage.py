#!/usr/bin/env python
"""The command line of the project; ``manage.py help`` lists what it can do."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed for this Python: run `make setup`, then use .venv/bin/python manage.py …")
    try:
        _ = settings.INSTALLED_APPS  # a wrong setting is answered with its sentence, not with a traceback
    except ImproperlyConfigured as why:
        sys.exit(str(why))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
