"""Nothing is delivered under a licence that would bind the whole; list and bill of materials are those of the lock."""

import importlib.metadata
import json
import re

import pytest

from tests import licences

PARTS = {part.name: part for part in licences.parts()}


@pytest.mark.parametrize("name", sorted(PARTS))
def test_every_locked_package_has_a_licence_that_is_allowed(name: str) -> None:
    licence = PARTS[name].licence
    assert licence, f"{name} does not say its licence in known words: read its LICENSE and add it to READ_BY_HAND"
    assert licences.is_allowed(licence), (name, licence)


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("GPL-3.0-only OR MIT", True),
        ("MPL-2.0 AND MIT", True),
        ("MIT AND GPL-2.0-only", False),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_what_is_allowed(expression: str, *, allowed: bool) -> None:
    assert licences.is_allowed(expression) is allowed


def test_no_gpl_is_allowed_by_any_name() -> None:
    assert not [name for name in licences.ALLOWED if name.startswith(("GPL", "AGPL", "SSPL", "BUSL"))]


def test_what_was_read_by_hand_is_still_locked() -> None:
    assert set(licences.READ_BY_HAND) <= set(PARTS)


def test_what_is_installed_is_what_is_locked() -> None:
    """Else the licences that were read would be those of other versions."""
    for part in PARTS.values():
        try:
            installed = importlib.metadata.version(part.name)
        except importlib.metadata.PackageNotFoundError:
            assert part.name in {"async-timeout", "colorama"}, part.name
        else:
            assert installed == part.version, part.name


def test_list_and_bill_are_those_of_the_lock() -> None:
    assert licences.main(["--check"]) == 0


def test_the_bill_is_whole() -> None:
    told = json.loads(licences.BILL.read_text(encoding="utf-8"))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", told["serialNumber"])
    references = [each["bom-ref"] for each in told["components"]]
    assert len(references) == len(set(references)) == len(PARTS) + len(licences.BESIDE)
    asked = {reference for row in told["dependencies"] for reference in row["dependsOn"]}
    assert asked <= set(references)
    graph = {row["ref"]: row["dependsOn"] for row in told["dependencies"]}
    assert f"pkg:pypi/kombu@{PARTS['kombu'].version}" in graph[f"pkg:pypi/celery@{PARTS['celery'].version}"]
    assert (
        f"pkg:pypi/fido2@{PARTS['fido2'].version}"
        in graph[f"pkg:pypi/django-allauth@{PARTS['django-allauth'].version}"]
    )
