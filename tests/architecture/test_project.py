"""What a stranger needs before the first change: terms, notes, workflows, and that they hold."""

import hashlib
import re
import runpy
import tomllib
from pathlib import Path

import pytest
import yaml

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


def test_what_the_packages_hold_comes_along_when_they_are_installed():
    """A file that no pattern takes is there in a clone and missing in a release."""
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    forms = {Path(pattern).suffix for pattern in patterns if pattern.startswith("**/")}
    homes = [
        ROOT / name for name in (*PACKAGES, "translations", "currencies", "countries", "languages")
    ]
    held = [path.relative_to(ROOT) for home in homes for path in home.rglob("*") if path.is_file()]
    held = [path for path in held if not {"__pycache__", "static", ".lock"} & set(path.parts)]
    written_here = {".py", ".mo", *forms}
    assert [
        path
        for path in held
        if path.suffix not in written_here
        and path.name not in {"py.typed", "glossary.md"}
        and not any(path.match(pattern) for pattern in patterns)
    ] == []


TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_asks_for_what_the_makefile_has(path):
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    runs = [step["run"] for job in jobs.values() for step in job.get("steps", ()) if "run" in step]
    asked = {target for run in runs for target in re.findall(r"\bmake (?:--\w+ )*([a-z-]+)", run)}
    assert asked
    assert asked - TARGETS == set()


def test_checks_run_on_every_python_that_the_house_promises():
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"]
    promised = PROJECT["project"]["requires-python"].removeprefix(">=")
    pythons = [job["strategy"]["matrix"]["python"] for job in jobs.values()]
    assert [versions[0] for versions in pythons] == [promised] * len(jobs)
    assert all("3.13" in versions for versions in pythons)


NOTES = runpy.run_path(str(ROOT / ".ci" / "notes.py"))["notes"]
CHANGES = """# Changelog

## [Unreleased]

## [0.2.0] - 2027-01-02

### Fixed

- A cent.

## [0.1.0] - 2026-11-27

- All.

[0.2.0]: compare
"""


def test_a_release_says_what_the_changelog_says_of_its_version_and_no_more():
    assert NOTES("v0.2.0", version="0.2.0", changelog=CHANGES) == "### Fixed\n\n- A cent.\n"
    assert NOTES("v0.1.0", version="0.1.0", changelog=CHANGES) == "- All.\n"


@pytest.mark.parametrize(
    ("tag", "version", "changelog"),
    [
        ("v0.3.0", "0.2.0", CHANGES),
        ("v0.3.0", "0.3.0", CHANGES),
        ("v0.2.0", "0.2.0", CHANGES.replace(" - 2027-01-02", "")),
        ("v0.2.0", "0.2.0", CHANGES.replace("### Fixed\n\n- A cent.\n", "")),
    ],
)
def test_a_tag_that_is_not_the_version_or_is_not_told_of_becomes_no_release(
    tag, version, changelog
):
    with pytest.raises(ValueError, match=r"is not the version|says nothing"):
        NOTES(tag, version=version, changelog=changelog)


def test_packages_are_looked_up_among_known_weaknesses_each_night():
    nightly = (ROOT / ".github/workflows/nightly.yml").read_text(encoding="utf-8")
    [looked_up] = [
        str(step["run"])
        for step in yaml.safe_load(nightly)["jobs"]["packages"]["steps"]
        if "run" in step
    ]
    assert "pip-audit" in looked_up
    assert set(re.findall(r"-r (\S+)", looked_up)) == {
        path.name for path in ROOT.glob("requirements*.lock")
    }
    safety = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert re.search(r"replaced within \d+ days where it is grave", safety)
