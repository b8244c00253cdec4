"""A walk by Tab through a page: every stop is shown, in sight, open, and left again.

The walk goes through what is the page's own. Its frame is the same on many pages, and a test of its
own walks through each frame.

Where Tab leads, and that it leads on, is the same in every window; it is pressed in one. What an
outline, a fold or a bar that sticks does to a stop depends on the window: in the others each stop
gets the focus as a key would give it, without the frames that the browser paints for every key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page, ViewportSize

# What stands at the focus: its name, whether an outline shows it, whether something covers it.
# Each press of a key first notes where the one before has led.
_WATCH = """() => {
    window.standing = () => {
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
        return { number: el.dataset.stop, name: el.outerHTML.slice(0, 120), outlined, inside, open,
            own: !!el.closest("main") };
    };
    window.passed = [];
    addEventListener("keydown", () => passed.push(standing()), { capture: true });
}"""
_TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
_MOST = 400


# The next Tab goes to the page's first stop, wherever the one before has led.
_FROM_THE_TOP = """among => {
    document.querySelectorAll("[data-stop]").forEach(el => el.removeAttribute("data-stop"));
    const top = document.querySelector(among).insertAdjacentElement("afterbegin", document.createElement("i"));
    top.tabIndex = -1;
    top.focus();
    top.remove();
    scrollTo(0, 0);
}"""


# What Tab would stop at, in its order: a set of radio buttons is one stop.
_EVERY_STOP = """() => [...document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary, iframe, [tabindex])")]
    .filter(el => el.tabIndex >= 0 && !el.disabled && el.checkVisibility({ visibilityProperty: true })
        && !el.closest("[inert]")
        && (el.type !== "radio" || el.checked || !document.querySelector(`input[name="${CSS.escape(el.name)}"]:checked`)))
    .map(el => (el.focus(), document.activeElement === el ? standing() : null))
    .filter(Boolean)"""


def keys(size: ViewportSize) -> Callable[[Page], Iterator[tuple[str, str]]]:
    """Find stops of a walk by Tab that no outline shows, that are out of sight, or covered."""

    def walk(page: Page) -> Iterator[tuple[str, str]]:
        page.set_viewport_size(size)
        page.evaluate(_WATCH)
        for fault in _lacking(_walk(page, "main")):
            yield fault, str(size["width"])

    return walk


def stops(size: ViewportSize) -> Callable[[Page], Iterator[tuple[str, str]]]:
    """Find stops of a window of this size that no outline shows, that are out of sight, or covered.

    They get the focus in their order, without a key for each.
    """

    def look(page: Page) -> Iterator[tuple[str, str]]:
        page.set_viewport_size(size)
        page.evaluate(_WATCH)
        page.evaluate(_FROM_THE_TOP, "main")
        page.keyboard.press("Tab")  # whoever came by key sees where the focus goes next
        for fault in _lacking(page.evaluate(_EVERY_STOP)):
            yield fault, str(size["width"])

    return look


def whole_walk(page: Page) -> list[str]:
    """Return the faults of a walk through a page and its frame, in a window as it is."""
    page.evaluate(_WATCH)
    stops = _walk(page, "body")
    last = page.locator("footer a").last.evaluate("e => e.outerHTML.slice(0, 22)")
    found = list(_lacking(stops))
    if 'class="skip"' not in stops[0]["name"]:
        found.append(f"the first stop does not lead past the header: {stops[0]['name']}")
    if not any(stop["name"].startswith(last) for stop in stops[-3:]):
        found.append(f"the walk ends before the page does: {stops[-1]['name']}")
    return found


def _lacking(stops: list[dict[str, Any]]) -> Iterator[str]:
    for stop in stops:
        if lacks := [what for what in ("outlined", "inside", "open") if not stop[what]]:
            yield f"not {', '.join(lacks)}: {stop['name']}"


def _steps(page: Page, among: str) -> Iterator[dict[str, Any] | None]:
    """Press Tab for as long as somebody wants to know where it leads."""
    tools = page.context.new_cdp_session(page)
    try:
        page.evaluate(_FROM_THE_TOP, among)
        at_once = 1 if len(page.frames) > 1 else 20  # a letter's frame keeps its keys to itself
        for _ in range(_MOST // at_once):
            page.evaluate("passed.length = 0")
            for _ in range(at_once):
                tools.send("Input.dispatchKeyEvent", _TAB)
            yield from page.evaluate("[...passed.slice(1), standing()]")
        raise AssertionError(f"no end after {_MOST} stops: {page.url}")
    finally:
        tools.detach()


def _walk(page: Page, among: str) -> list[dict[str, Any]]:
    """Press Tab from the top of a page, or of its own part, to the end; return the stops."""
    stops: list[dict[str, Any]] = []
    for stop in _steps(page, among):
        if stop is None or (among == "main" and not stop["own"]):
            break
        if any(stop["number"] == seen["number"] for seen in stops[:-1]):
            break
        if not stops or stop["number"] != stops[-1]["number"]:  # else within a letter's frame
            stops.append(stop)
    return stops
