"""Nothing is delivered under a licence that would bind the whole; list and bill of materials are those of the lock."""

import importlib.metadata
import json
import re
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

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
    assert set(licences.READ_BY_HAND) | set(licences.ELSEWHERE) <= set(PARTS)


@pytest.mark.parametrize("name", sorted(licences.READ_BY_HAND))
def test_what_was_read_by_hand_stands_in_the_files_of_the_package(name: str) -> None:
    assert licences.in_files(name) == licences.members(licences.READ_BY_HAND[name])


def test_what_is_installed_is_what_is_locked() -> None:
    """Else the licences that were read would be those of other versions."""
    for part in PARTS.values():
        try:
            installed = importlib.metadata.version(part.name)
        except importlib.metadata.PackageNotFoundError:
            assert part.name in licences.ELSEWHERE, part.name
        else:
            assert installed == part.version, part.name


def test_list_and_bill_are_those_of_the_lock() -> None:
    assert licences.main(["--check"]) == 0


def schema(name: str) -> Any:
    return json.loads((licences.ROOT / "tests" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))


def faults_of(told: Any) -> list[str]:
    """What the schema of CycloneDX 1.6 has against a bill, by its own validator and without the network."""
    known = {f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json": schema(name) for name in ("spdx", "jsf-0.82")}
    registry: Any = Registry().with_resources((at, Resource.from_contents(said)) for at, said in known.items())
    validator = Draft7Validator(schema("bom-1.6"), registry=registry, format_checker=Draft7Validator.FORMAT_CHECKER)
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in validator.iter_errors(told)]


def test_the_bill_is_valid_cyclonedx() -> None:
    assert faults_of(json.loads(licences.BILL.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("bomFormat",), "SPDX"),
        (("serialNumber",), "urn:uuid:x"),
        (("components", 0, "type"), "thing"),
        (("components", 0, "licenses"), [{"license": {"id": "No-Such-Licence"}}]),
        (("components", 0, "more"), 1),
        (("dependencies", 0, "dependsOn"), ["twice", "twice"]),
        (("version",), 0),
    ],
)
def test_a_bill_that_is_not_is_found(where: tuple[str | int, ...], value: Any) -> None:
    told: Any = json.loads(licences.BILL.read_text(encoding="utf-8"))
    inner = told
    for step in where[:-1]:
        inner = inner[step]
    inner[where[-1]] = value
    assert faults_of(told)


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
