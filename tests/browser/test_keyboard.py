"""Everything is reached by keys, in order, in sight, and left again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.pages import PAGES
from tests.browser.visiting import DESK, PHONE, assert_none, visit, window

pytestmark = pytest.mark.browser

# What stands at the focus: its name, whether an outline shows it, whether something covers it.
_STOP = """() => {
    const el = document.activeElement;
    if (!el || el === document.body) return null;
    const shown = [el, el.closest("label"), el.labels?.[0], el.parentElement].filter(Boolean);
    const outlined = el.localName === "iframe" || shown.some(e => { const s = getComputedStyle(e);
        return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== "none" });
    const box = (el.labels?.[0] && el.getBoundingClientRect().width < 4 ? el.labels[0] : el)
        .getClientRects()[0];
    const inside = box && box.bottom > 0 && box.top < innerHeight;
    const top = box && document.elementFromPoint(
        Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1),
        Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1));
    const open = top && (shown.some(e => e.contains(top)) || top.contains(el));
    el.dataset.stop ??= String(document.querySelectorAll("[data-stop]").length);
    return { number: el.dataset.stop, name: el.outerHTML.slice(0, 120), outlined, inside, open };
}"""
_MOST = 400


def walk(page):
    """Press Tab from the top of a page to its end; return the stops."""
    stops = []
    for _ in range(_MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None or any(stop["number"] == seen["number"] for seen in stops[:-1]):
            return stops
        if not stops or stop["number"] != stops[-1]["number"]:  # else within a letter's frame
            stops.append(stop)
    raise AssertionError(f"no end after {_MOST} stops: {page.url}")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_walk_by_tab_sees_every_stop_and_comes_to_an_end(house, chromium, size):
    faults = {}
    with window(chromium) as page:
        page.set_viewport_size(size)
        for who, address in PAGES:
            visit(house, page, who, "en", address)
            last = page.locator("footer a").last.evaluate("e => e.outerHTML.slice(0, 60)")
            stops = walk(page)
            assert 'class="skip"' in stops[0]["name"], address
            assert any(stop["name"].startswith(last[:22]) for stop in stops[-3:]), address
            for stop in stops:
                lacks = [what for what in ("outlined", "inside", "open") if not stop[what]]
                if lacks:
                    faults.setdefault((stop["name"], *lacks), []).append(address)
    assert_none(faults)


def test_the_first_link_leads_past_the_header(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        expect(page.locator(".skip")).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_completions_are_chosen_by_arrows_and_dropped_by_escape(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/")
        box = page.get_by_role("combobox").first
        box.focus()
        page.keyboard.type("tea", delay=30)
        expect(box).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
        expect(chosen).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Escape")
        expect(box).to_have_attribute("aria-expanded", "false")
        expect(box).to_be_focused()


def test_a_dialog_takes_the_focus_and_gives_it_back(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/dev/ui")
        opener = page.locator("[data-dialog] > summary").first
        opener.focus()
        page.keyboard.press("Enter")
        dialog = page.locator("dialog[open]")
        expect(dialog).to_be_visible()
        expect(dialog.locator(":focus")).to_have_count(1)
        for _ in range(6):
            page.keyboard.press("Tab")
            assert page.evaluate(
                "document.activeElement === document.body"
                " || document.querySelector('dialog[open]').contains(document.activeElement)"
            )
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(opener).to_be_focused()
