"""``make licences``: what a delivered copy consists of, from the lock file and what the packages say of themselves.

Writes ``docs/licences.md`` for people and ``docs/sbom.cdx.json`` (CycloneDX 1.6) for machines; both are the same
wherever and whenever they are made. ``--check`` changes nothing and ends with 1 where they are out of step.
"""

import importlib.metadata
import json
import re
import sys
import tomllib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs" / "licences.md"
BILL = ROOT / "docs" / "sbom.cdx.json"

#: Licences under which a part may be delivered and linked. LGPL and MPL bind the part itself, which we neither change
#: nor copy from; GPL and AGPL would bind the whole and stand nowhere here.
ALLOWED: Final = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "LGPL-2.1-or-later", "LGPL-3.0-only", "MIT", "MIT-0",
    "MIT-CMU", "MPL-2.0", "PSF-2.0",
})  # fmt: skip
#: Not installed here, so that their files can't be read: as the package index says.
ELSEWHERE: Final = {
    "async-timeout": "Apache-2.0",  # for Python before 3.11.3 only
    "colorama": "BSD-3-Clause",  # for Windows only
}
#: What a package says too vaguely in its metadata ("BSD", "LGPL"), read in its own LICENSE files; the tests read them
#: again (``in_files``).
READ_BY_HAND: Final = {
    "amqp": "BSD-3-Clause",
    "billiard": "BSD-3-Clause",
    "click-plugins": "BSD-3-Clause",
    "django-csp": "BSD-3-Clause",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",  # MPL: its list of public suffixes
    "jinja2": "BSD-3-Clause",
    "prompt-toolkit": "BSD-3-Clause",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",  # PDFium comes with it
    "python-dateutil": "Apache-2.0 AND BSD-3-Clause",
    "python-stdnum": "LGPL-2.1-or-later",
    "qrcode": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "sqlparse": "BSD-3-Clause",
    "vine": "BSD-3-Clause",
}
#: By which words the text of a licence, or the reference to it, is known.
MARKS: Final = {
    "Apache-2.0": ("Apache License, Version 2.0", "Apache License Version 2.0"),
    "BSD-2-Clause": ("Redistributions in binary form must reproduce",),
    "BSD-3-Clause": ("endorse or promote products derived", "3-clause BSD license"),
    "LGPL-2.1-or-later": ("GNU LESSER GENERAL PUBLIC LICENSE Version 2.1",),
    "MIT": ("Permission is hereby granted, free of charge",),
    "MPL-2.0": ("Mozilla Public License Version 2.0",),
}
#: A package's own licence files; those of what it is built with lie beside, under other names.
_OWN_FILES: Final = r"(?:^|/)(?:LICEN[CS]E|COPYING)[^/]*$|/LICENSES/[^/]+$"
#: The words of a package's metadata, as SPDX writes them.
SAID: Final = {
    "Apache-2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD-3-Clause": "BSD-3-Clause",
    "MIT": "MIT",
    "MIT License": "MIT",
    "MPL-2.0": "MPL-2.0",
    "MPL-2.0 AND MIT": "MPL-2.0 AND MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
#: What is delivered beside the Python packages: name, version, licence, where.
BESIDE: Final = (
    ("bootstrap", "5.3.9", "MIT", "`static/vendor/bootstrap/`: the reset of its style sheet"),
    ("fandol", "0.3", "GPL-3.0-only WITH Font-exception-2.0",
     "`casework/letters/fonts/`: drawn with, not linked; the exception frees what is printed"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One locked package."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]


def locked() -> dict[str, tuple[str, frozenset[str]]]:
    """Version and extras by name; the lock file leaves the extras out, the project asks for them."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {
        canonicalize_name(each.name): frozenset(each.extras) for each in map(Requirement, project["dependencies"])
    }
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", text, re.MULTILINE)
    return {(key := canonicalize_name(name)): (version, extras.get(key, frozenset())) for name, version in found}


def licence_of(name: str) -> str:
    """As SPDX writes it; empty where the package does not say it in words that are known here."""
    if (known := {**READ_BY_HAND, **ELSEWHERE}.get(name)) is not None:
        return known
    try:
        said = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    if "License-Expression" in said:
        return said["License-Expression"]
    if (short := SAID.get((said.get_all("License") or [""])[0])) is not None:
        return short
    classes = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    return SAID.get(classes[0], "") if len(classes) == 1 else ""


def in_files(name: str) -> frozenset[str]:
    """The licences whose text stands in the LICENSE and COPYING files of an installed package, of those in ``MARKS``.

    The three clauses of BSD hold the two, which then are no licence of their own.
    """
    files = [each for each in importlib.metadata.files(name) or () if re.search(_OWN_FILES, each.as_posix())]
    text = " ".join(" ".join(file.read_text().split()) for file in files)
    found = {licence for licence, marks in MARKS.items() if any(mark.lower() in text.lower() for mark in marks)}
    return frozenset(found - {"BSD-2-Clause"} if "BSD-3-Clause" in found else found)


def members(expression: str) -> set[str]:
    return set(re.split(r" (?:AND|OR) ", expression.replace("(", "").replace(")", "")))


def is_allowed(expression: str) -> bool:
    """Each of those that hold together, or one of those that can be chosen from."""
    either = " OR " in expression
    return (any if either else all)(licence in ALLOWED for licence in members(expression))


def parts() -> list[Part]:
    chosen = locked()
    return [
        Part(name, version, licence_of(name), needs(name, extras, frozenset(chosen)))
        for name, (version, extras) in sorted(chosen.items())
    ]


def needs(name: str, extras: frozenset[str], known: frozenset[str]) -> tuple[str, ...]:
    """Which locked packages it asks for on some platform; what only an extra asks for, where that extra is locked."""
    try:
        asked = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return ()
    wanted = set()
    for line in asked:
        extra = re.search(r"extra == ['\"]([\w.-]+)['\"]", line)
        other = canonicalize_name(Requirement(line).name)
        if other in known and (extra is None or extra.group(1) in extras):
            wanted.add(other)
    return tuple(sorted(wanted - {name}))


def listed(found: list[Part]) -> str:
    lines = [
        "# Licences",
        "",
        "Every part of a delivered copy, from `requirements.lock`; `make licences` writes this page and the bill of",
        "materials `docs/sbom.cdx.json` (CycloneDX 1.6). A part under another licence than those allowed in",
        "`tests/licences.py` fails the tests. Some wheels carry compiled libraries (PDFium, libpq with OpenSSL,",
        "libxml2, qpdf, Valkey); their licences lie in the wheels. What only developers install stands in",
        "`requirements-dev.lock` and is not delivered. The container image adds Debian's Python, `postgresql-client`",
        "and `fonts-noto-cjk`, which are neither linked nor listed here.",
        "",
        "| part | version | licence |",
        "|---|---|---|",
        *(f"| {part.name} | {part.version} | {part.licence} |" for part in found),
        "",
        "| beside them | version | licence | where |",
        "|---|---|---|---|",
        *(f"| {name} | {version} | {licence} | {where} |" for name, version, licence, where in BESIDE),
        "",
    ]
    return "\n".join(lines)


def bill(found: list[Part]) -> str:
    def component(kind: str, name: str, version: str, licence: str, address: str) -> dict[str, Any]:
        return {
            "type": kind,
            "bom-ref": address,
            "name": name,
            "version": version,
            "licenses": [{"expression": licence}],
            "purl": address,
        }

    address = {part.name: f"pkg:pypi/{part.name}@{part.version}" for part in found}
    components = [
        *(component("library", part.name, part.version, part.licence, address[part.name]) for part in found),
        *(
            component(
                "data" if name == "fandol" else "library", name, version, licence, f"pkg:generic/{name}@{version}"
            )
            for name, version, licence, _where in BESIDE
        ),
    ]
    project = "pkg:generic/gongkai"
    told: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": project, "name": "gongkai"}},
        "components": components,
        "dependencies": [
            {"ref": project, "dependsOn": sorted(each["bom-ref"] for each in components)},
            *({"ref": address[part.name], "dependsOn": [address[name] for name in part.needs]} for part in found),
        ],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(told, sort_keys=True))
    return json.dumps({**told, "serialNumber": f"urn:uuid:{serial}"}, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    found = parts()
    wanted = {LIST: listed(found), BILL: bill(found)}
    if "--check" not in arguments:
        for file, text in wanted.items():
            file.write_text(text, encoding="utf-8")
        return 0
    stale = [
        file.name for file, text in wanted.items() if not file.is_file() or file.read_text(encoding="utf-8") != text
    ]
    print(*(f"{name} is out of step; run make licences" for name in stale), sep="\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
