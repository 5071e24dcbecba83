"""The answers of a finished draft as the application that is filed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language

from casework.actions.application import Application
from casework.actions.files import Upload
from casework.portal import journey


def application_of(answers: Mapping[str, Any], *, authority: tuple[Upload, ...], on: date) -> Application:
    """In the language in which its applicant reads the page."""
    return Application(**journey.cleaned(answers, on=on), authority=authority, language=get_language() or "zh-hans")
