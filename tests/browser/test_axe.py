"""No component, no refusal and no letter keeps anybody out, as far as axe can tell."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from kernel.errors import Forbidden, Invalid, LimitExceeded, NotFound, RuleBroken
from marketplace.shop.storefront import front_page as storefront
from tests.browser.axe import LETTER, look_at, look_from_the_right, violations
from tests.browser.remembering import Memory
from tests.browser.rounds import is_green
from tests.browser.visiting import LANGUAGES, assert_none, visit, window

pytestmark = pytest.mark.browser

AWAY = OperationalError("SELECT 1", {}, Exception("the server is away"))


@pytest.mark.parametrize(("lang", "form"), [("en", ""), ("ar", "refused")])
def test_every_component_is_for_everybody(house, chromium, lang, form):
    with window(chromium) as page:
        for scheme in ("light", "dark"):
            memory = Memory(chromium.version, scheme, sources=[__file__])
            address = f"/dev/ui?scheme={scheme}&form={form}"
            if not is_green(memory, house, lang, (None, address)):
                answer = visit(house, page, None, lang, address)
                assert_none(look_at(page, [scheme]))
                memory.keep(answer.text(), {})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_that_says_no_keeps_nobody_out(house, chromium, lang, monkeypatch):
    memory = Memory(chromium.version, "refusals", sources=[__file__])
    refusals = [
        Forbidden(),
        NotFound(),
        RuleBroken(),
        Invalid({}),
        LimitExceeded(),
        AWAY,
        ZeroDivisionError(),
    ]
    with window(chromium) as page:
        for refusal in refusals:

            def refuse(_prefs, refusal=refusal):
                raise refusal

            monkeypatch.setattr(storefront, "home", refuse)
            answer = house.app.test_client().get(f"/{lang}/")
            assert answer.status_code >= 400
            if memory.recalled(answer.text) is None:
                visit(house, page, None, lang, "/", refused=True)
                assert_none(look_at(page))
                memory.keep(answer.text, {})


def test_every_letter_can_be_read_by_everybody(house, chromium):
    memory = Memory(chromium.version, "letters", sources=[__file__])
    letters = house.names["mails"].split()
    assert len(letters) > 8
    with window(chromium) as page:
        for letter in letters:
            address = f"/mailbox/{letter}/body"
            if is_green(memory, house, "en", (None, address)):
                continue
            answer = visit(house, page, None, "en", address)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert violations(page, LETTER) == [], f"{scheme}: {page.url}"
            memory.keep(answer.text(), {})


def test_a_page_with_faults_is_found_out(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/about/price")
        page.evaluate(
            "document.querySelector('main p').innerHTML = '<img src=\"/favicon.ico\">';"
            "document.querySelector('main h1').remove()"
        )
        found = violations(page)

    assert {fault.partition(":")[0] for fault in found} == {"image-alt", "page-has-heading-one"}


def test_a_large_heading_as_pale_as_only_large_ones_may_be_is_found_out(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/about/price")
        page.evaluate(
            "Object.assign(document.querySelector('main h1').style,"
            " {color: '#888', background: '#fff', fontSize: '40px'})"
        )
        found = violations(page)
        from_the_right = look_from_the_right(page)

    assert {fault.partition(":")[0] for fault in found} == {"color-contrast"}
    assert {tuple(places) for places in from_the_right.values()} == {("1280 light", "390 dark")}
