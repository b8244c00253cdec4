"""The Nu HTML checker of the standard's own makers over every page, refusal and letter.

    make audit

It needs Java, so that no run of the tests waits for it: there html-validate looks at the pages.
"""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from kernel.db import reading
from kernel.errors import Forbidden, Invalid, LimitExceeded, NotFound, RuleBroken
from kernel.web.letters import render_letter
from marketplace.shop.storefront import front_page as storefront
from tests.browser.people import browser
from tests.browser.rounds import sources
from tests.browser.visiting import LANGUAGES, assert_none

CHECKER = Path(__file__).parents[2] / "benchmarks/node_modules/vnu-jar/build/dist/vnu.jar"

pytestmark = pytest.mark.browser

# What the checker says and the house lets stand, each with the reason.
PASSED: dict[str, str] = {}

AWAY = OperationalError("SELECT 1", {}, Exception("the server is away"))
REFUSALS = (
    Forbidden(),
    NotFound(),
    RuleBroken(),
    Invalid({}),
    LimitExceeded(),
    AWAY,
    ZeroDivisionError(),
)
_LETTERS = text("SELECT DISTINCT ON (template) template, data FROM kernel.mail ORDER BY template")


def faults(pages: Mapping[str, str], folder: Path) -> dict[str, list[str]]:
    """Return where each complaint was seen, without those that the house lets stand."""
    shown = {}
    for number, (address, html) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_text(html, encoding="utf-8")
        shown[file.name] = address
    told = subprocess.run(
        [
            "java",
            "-jar",
            str(CHECKER),
            "--format",
            "json",
            "--exit-zero-always",
            "--stdout",
            "--errors-only",
            str(folder),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, list[str]] = defaultdict(list)
    for one in json.loads(told.stdout)["messages"]:
        if not any(words in one["message"] for words in PASSED):
            place = f"{shown[one['url'].rpartition('/')[2]]}: {one.get('extract', '')}"
            found[one["message"]].append(place)
    return found


def refusals(app: Flask, lang: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """Yield the pages that say no in a language."""
    client = browser(app, None)
    for refusal in REFUSALS:

        def refuse(_prefs: object, refusal: Exception = refusal) -> None:
            raise refusal

        monkeypatch.setattr(storefront, "home", refuse)
        yield f"{type(refusal).__name__} in {lang}", client.get(f"/{lang}/").text


def letters(lang: str) -> Iterator[tuple[str, str]]:
    """Yield a letter of each kind that the past has sent, as a page."""
    locale = {"zh-cn": "zh-CN"}.get(lang, lang)
    with reading() as past:
        kept = past.execute(_LETTERS).all()
    for row in kept:
        yield f"{row.template} in {lang}", render_letter(row.template, locale, row.data).html


def test_a_fault_is_found_out(tmp_path):
    page = (
        '<!doctype html>\n<html lang="en"><head><title>Lost</title></head>'
        '<body><input min="1" max="9"></body></html>\n'
    )

    found = faults({"/lost": page}, tmp_path)

    ((fault, (place,)),) = found.items()
    assert "type" in fault
    assert place.startswith("/lost: ")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_keeps_to_the_standard(house, lang, tmp_path):
    assert_none(faults(dict(sources(house, lang)), tmp_path))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_refusal_keeps_to_the_standard(house, lang, tmp_path, monkeypatch):
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    assert_none(faults(dict(refusals(house.app, lang, monkeypatch)), tmp_path))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_letter_keeps_to_the_standard(house, lang, tmp_path):
    assert_none(faults(dict(letters(lang)), tmp_path))
