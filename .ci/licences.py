"""List the licences of all that sourcebot needs: ``python .ci/licences.py [--quiet]``.

Fails (status 1) on a licence that is unknown or that would bind users of the network (AGPL), and
on a requirement without an upper bound.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ALLOWED = re.compile(
    r"\b(?:MIT|\d-Clause BSD|BSD|Apache|PSF|Python Software Foundation|ISC|MPL|Mozilla|Zlib|0BSD"
    r"|Unlicense|CC0|HPND|CNRI|LGPL|Lesser General Public|Public Domain|BSL|Boost)",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"AGPL|Affero|SSPL|Commons Clause|Business Source", re.IGNORECASE)
ROOT = Path(__file__).parent.parent
_LONGEST = 60


def licence_of(name: str) -> str:
    """Return the licence that a package states, or "" when it states none."""
    data = distribution(name).metadata
    stated = data.get("License-Expression") or ""
    if not stated:
        classifiers = data.get_all("Classifier") or []
        stated = ", ".join(
            c.rsplit(" :: ", 1)[-1] for c in classifiers if c.startswith("License :: ")
        )
    if not stated or stated == "OSI Approved":
        stated = " ".join((data.get("License") or "").split())[:_LONGEST]
    return stated


def stated_requirements() -> list[Requirement]:
    """Return what pyproject.toml asks for, for all purposes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    stated = [Requirement(line) for line in lines]
    # An extra may be made of others of the same project.
    return [requirement for requirement in stated if requirement.name != project["name"]]


def needed(roots: list[Requirement]) -> dict[str, str]:
    """Return the packages that requirements lead to here, with the versions installed."""
    found: dict[str, str] = {}
    left = list(roots)
    while left:
        requirement = left.pop()
        name = canonicalize_name(requirement.name)
        try:
            version = distribution(name).version
        except PackageNotFoundError:
            continue  # of another system, or of an extra that is not installed here
        if name in found and not requirement.extras:
            continue
        found[name] = version
        for child in map(Requirement, distribution(name).requires or ()):
            environments = [
                {**default_environment(), "extra": e} for e in (*requirement.extras, "")
            ]
            if not child.marker or any(child.marker.evaluate(e) for e in environments):
                left.append(child)
    return found


def main() -> int:
    """Print the table and return the exit status."""
    quiet = "--quiet" in sys.argv
    roots = stated_requirements()
    wrong = [
        f"{requirement}: without an upper bound"
        for requirement in roots
        if not any(part.operator in {"<", "<=", "==", "~="} for part in requirement.specifier)
    ]
    packages = needed(roots)
    for name, version in sorted(packages.items()):
        licence = licence_of(name)
        if not quiet:
            print(f"{name:28} {version:14} {licence or 'UNKNOWN'}")
        if FORBIDDEN.search(licence) or not ALLOWED.search(licence):
            wrong.append(f"{name}: {licence or 'no licence stated'}")
    print(f"{len(packages)} packages, {len(wrong)} wrong", *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
