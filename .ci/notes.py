"""Says what a release brings, or why it is none: `python .ci/notes.py v0.2.0`."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def notes(tag: str, *, version: str, changelog: str) -> str:
    """Return what the changelog says of a tag's version.

    Raises: ValueError when tag, version and changelog do not tell of the same.
    """
    if tag != f"v{version}":
        raise ValueError(f"The tag {tag} is not the version of pyproject.toml, v{version}.")
    head = rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d\n"
    found = re.search(rf"{head}(.*?)(?=^## \[|^\[|\Z)", changelog, re.MULTILINE | re.DOTALL)
    if found is None or not found[1].strip():
        raise ValueError(f"CHANGELOG.md says nothing of {version} with its day.")
    return found[1].strip() + "\n"


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    try:
        told = notes(
            sys.argv[1],
            version=project["version"],
            changelog=(ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        )
    except ValueError as refusal:
        sys.exit(str(refusal))
    sys.stdout.write(told)
