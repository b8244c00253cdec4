"""The walks of CONTRIBUTING work as they stand: each is taken, word by word."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from kernel import countries, testing
from kernel.registry import Registry
from marketplace.borders.duties.rules.written import answer
from marketplace.logistics.carriers.rules.loads import refusals_from
from marketplace.logistics.carriers.rules.numbers import number
from marketplace.logistics.carriers.rules.rate_cards import priced
from marketplace.logistics.carriers.rules.tracking import ParcelState, state_of
from marketplace.logistics.carriers.shipped import CARRIERS, network_of
from tests.carriers_complete import faults as faults_of_carriers
from tests.countries_complete import faults, tables_of, tariff_of

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LEFT_BEHIND = shutil.ignore_patterns(
    ".git",
    ".venv",
    "var",
    "art",
    "dist",
    "build",
    "node_modules",
    "*.egg-info",
    ".*_cache",
    "browser",
)


LINT_IMPORTS = "import sys; from importlinter import cli; sys.exit(cli.lint_imports(no_cache=True))"
ARCHITECTURE = [f"tests/architecture/test_{name}.py" for name in ("house_rules", "docs")]


def steps(title):
    """Yield (file, kind, text) for each block of a walk: the last file named before it."""
    walk = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", GUIDE, re.MULTILINE | re.DOTALL)[1]
    name = ""
    for said in re.finditer(
        r"`([\w/.-]+\.(?:py|html|toml|md|json|po))`|^```(\w+)\n(.*?)^```$",
        walk,
        re.MULTILINE | re.DOTALL,
    ):
        if said[1]:
            name = said[1]
        else:
            yield name, said[2], said[3]


def edit(path, change):
    """Apply a change as one reads it: find what is kept or goes, put what is new in its place."""
    lines = [(line[0], line[1:]) for line in change.splitlines()]
    before = "\n".join(line for sign, line in lines if sign in " -")
    after = "\n".join(line for sign, line in lines if sign in " +")
    told = path.read_text(encoding="utf-8")
    assert told.count(before) == 1, f"{path.name} has no single place with {before!r}"
    path.write_text(told.replace(before, after), encoding="utf-8")


@pytest.fixture
def clone(tmp_path):
    """A copy of the project, compiled as it is, without what is heavy and no part of a walk."""
    return Path(shutil.copytree(ROOT, tmp_path / "clone", ignore=LEFT_BEHIND))


@pytest.fixture
def run(clone, tmp_path):
    """Run a program in the copy; return what it complained of, nothing when it succeeded."""
    environment = os.environ | {
        "PYTHONPATH": str(clone),
        "TEST_DATABASE_URL": testing.server_url(),
        "ENTREPOT_VAR": str(tmp_path / "var"),
        "PYTEST_ADDOPTS": "-p no:cacheprovider",
    }
    for name in [name for name in environment if name.startswith("PYTEST_XDIST")]:
        del environment[name]

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=clone,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )
        return done.stdout + done.stderr if done.returncode else ""

    return run


def take(clone, title):
    """Take every step of a walk; return the Python files that it wrote."""
    written = []
    for name, kind, text in steps(title):
        path = clone / name
        if kind == "diff":
            edit(path, text)
        else:
            assert not path.exists(), f"{name} is there already: the walk names another file first"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written += [name] if kind == "python" else []
    return written


def test_a_first_page_is_shown_and_passes_what_pages_have_to_pass(clone, run):
    written = take(clone, "Your first page")

    assert run("-m", "ruff", "format", "--check", *written) == ""
    assert run("-m", "ruff", "check", *written) == ""
    assert run("-c", LINT_IMPORTS) == ""
    said = run(
        "-m",
        "pytest",
        "-q",
        "tests/marketplace/shop/census",
        *ARCHITECTURE,
        "-k",
        "census or rooms_use or views or idle or every_room",
    )
    assert said == ""


def test_a_currency_is_one_file_and_can_be_held_and_covered(clone, run):
    take(clone, "Your currency")

    said = run(
        "-m",
        "pytest",
        "-q",
        "tests/banking/accounts/wallets/test_xts.py",
        "tests/kernel/test_currencies.py",
        "tests/insurance/rating/tariff/test_house.py",
    )
    assert said == ""


def beside(home, folder, title):
    """Return a copy of a registry's files with what a walk adds to them, and the walk's others."""
    copied = Path(shutil.copytree(home.folder, folder / home.folder.name))
    others = {}
    for name, _, text in steps(title):
        if Path(name).parent.name == copied.name:
            copied.joinpath(Path(name).name).write_text(text, encoding="utf-8")
        else:
            others[name] = text
    return Registry(copied), others


def test_a_destination_is_one_file_and_is_reckoned_by_its_law(tmp_path):
    registry, others = beside(countries.HOUSE, tmp_path, "Your destination")
    (cases,) = map(json.loads, others.values())

    assert "QZ" in countries.first_currencies(registry)
    assert faults(registry) == []
    assert [
        layer.rate_pct for layer in tariff_of(registry).layers(hs="691110", destination="QZ")
    ] == [8]
    for case in cases:
        found = answer(case, tables_of(registry))
        assert {key: found.get(key) for key in case["expected"]} == case["expected"]


def test_a_carrier_is_one_file_and_its_price_is_the_one_reckoned_by_hand(tmp_path):
    registry, _ = beside(CARRIERS, tmp_path, "Your carrier")
    quill = network_of(countries.HOUSE, registry).service("quill")
    parcel = priced(quill, zone=1, weight_g=800, size_mm=None, on=date(2026, 11, 30))

    assert faults_of_carriers(registry) == []
    assert str(parcel.price) == "6.60 EUR"
    assert number(quill.numbers, 7, "DE").startswith("QL")
    assert state_of("GIVEN", quill.codes) is ParcelState.DELIVERED
    assert {one.hazard for one in refusals_from(registry) if one.service == "quill"} == {
        "dangerous"
    }


def test_a_language_is_shown_in_its_words_and_else_in_english(clone, run):
    take(clone, "Your language")

    assert (
        run("-m", "pytest", "-q", "tests/kernel/web/test_qya.py", "tests/kernel/test_languages.py")
        == ""
    )
