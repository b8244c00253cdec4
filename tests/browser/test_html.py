"""The list of pages is whole, and what looks at their source sees."""

from __future__ import annotations

import pytest

from tests.browser.pages import COMPONENTS, NO_PAGES, PAGES
from tests.browser.strays import said_in
from tests.browser.validity import complaints

pytestmark = pytest.mark.browser


def test_invalid_html_is_found_out(tmp_path):
    page = (
        '<!doctype html>\n<html lang="en">\n<head><title>Lost</title></head>\n'
        "<body><p>one<form></form></p><a id=a></a><i id=a></i></body>\n</html>\n"
    )

    told = complaints({"/lost": page}, tmp_path)

    assert {address for address, _ in told} == {"/lost"}
    assert {fault.split()[0] for _, fault in told} >= {"close-order", "no-dup-id"}


def test_what_a_source_says_is_heard_and_what_names_and_eyes_hide_is_not():
    page = (
        "<head><title>a title</title></head><body><p>fill <bdi>a pot</bdi> with\n tea</p>"
        '<i class="visually-hidden">for ears</i><q lang="en">a quotation</q></body>'
    )
    assert said_in(page) == {"fill", "with tea"}


def test_no_page_is_forgotten(house):
    shown = set()
    for _who, address in [*PAGES, *COMPONENTS]:
        path = f"/en{address.format(**house.names)}".partition("?")[0]
        with house.app.test_request_context(path) as context:
            shown.add(context.request.endpoint)
    pages = {rule.endpoint for rule in house.app.url_map.iter_rules() if "GET" in rule.methods}
    assert pages - shown == NO_PAGES
