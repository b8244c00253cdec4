"""What a stranger needs before the first change: terms, notes, workflows, and that they hold."""

import hashlib
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("kernel", "search", "banking", "insurance", "marketplace")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# The text as the Free Software Foundation publishes it; a licence with one word changed is another.
AGPL = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"


def test_the_licence_is_the_one_that_the_package_names_to_the_letter():
    text = (ROOT / "LICENSE").read_bytes()
    assert PROJECT["project"]["license"] == "AGPL-3.0-or-later"
    assert PROJECT["project"]["license-files"] == ["LICENSE"]
    assert hashlib.sha256(text).hexdigest() == AGPL


def test_whoever_builds_on_a_package_gets_its_types():
    assert [name for name in PACKAGES if not (ROOT / name / "py.typed").is_file()] == []
    assert "py.typed" in PROJECT["tool"]["setuptools"]["package-data"]["*"]


def test_the_changelog_tells_of_this_version_and_of_what_is_not_released():
    told = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heads = re.findall(r"^## \[(.+?)\](.*)$", told, re.MULTILINE)
    assert [name for name, _ in heads][:2] == ["Unreleased", PROJECT["project"]["version"]]
    assert [
        (name, day) for name, day in heads[1:] if not re.fullmatch(r" - \d{4}-\d\d-\d\d", day)
    ] == []
    assert [name for name, _ in heads if f"\n[{name}]: " not in told] == []


def test_a_commit_is_asked_what_the_check_asks():
    asked = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    hooks = re.findall(r"entry: \.venv/bin/(.+)$", asked, re.MULTILINE)
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)[
        1
    ]
    steps = [
        line.strip()
        .removeprefix("@")
        .replace("$(PY)", "$(VENV)/bin/python")
        .removeprefix("$(VENV)/bin/")
        for line in recipe.splitlines()
    ]
    unasked = [s for s in steps if not any(s.split()[:2] == h.split()[:2] for h in hooks)]
    assert len(steps) > 4
    assert unasked == []
