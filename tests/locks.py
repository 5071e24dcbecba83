"""The lock files say what pyproject.toml asks for: same packages, versions within the bounds, hashes, no address."""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    runtime, dev = project["project"]["dependencies"], project["dependency-groups"]["dev"]
    faults = [
        *compare("requirements.lock", runtime),
        *compare("requirements-dev.lock", [*runtime, *dev]),
        *(
            f"requirements-dev.lock: {name} differs from requirements.lock"
            for name, version in locked("requirements.lock").items()
            if locked("requirements-dev.lock").get(name) != version
        ),
    ]
    print("\n".join(faults) + ("\nrun make lock" if faults else ""))
    return 1 if faults else 0


def locked(file: str) -> dict[str, str]:
    pairs = re.findall(
        r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE
    )
    return {canonicalize_name(name): version for name, version in pairs}


def compare(file: str, wanted: list[str]) -> list[str]:
    text, have = (ROOT / file).read_text(encoding="utf-8"), locked(file)
    faults = [f"{file}: {address} is an address" for address in re.findall(r"https?://\S+", text)]
    for requirement in map(Requirement, wanted):
        version = have.get(canonicalize_name(requirement.name))
        if version is None:
            faults.append(f"{file}: {requirement.name} is missing")
        elif not requirement.specifier.contains(version):
            faults.append(f"{file}: {requirement.name} is {version}, wanted {requirement.specifier}")
    unhashed = [block.split()[0] for block in re.split(r"\n(?=\S)", text) if "==" in block and "--hash=" not in block]
    return faults + [f"{file}: {name} has no hash" for name in unhashed]


if __name__ == "__main__":
    sys.exit(main())
