"""Names a device in words, so that a person knows which one is meant."""

from __future__ import annotations

import re

from kernel.text import N_, Message

# First match wins: most browsers also claim to be those below them.
_BROWSERS = [
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
]
_SYSTEMS = [
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
]


def device_words(user_agent: str) -> Message:
    """Return browser and system of a user agent, as far as it tells them."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    if browser and system:
        return Message(N_("%(browser)s on %(system)s"), {"browser": browser, "system": system})
    return Message(browser or system) if browser or system else Message(N_("Unknown device"))


def _first(kinds: list[tuple[str, str]], user_agent: str) -> str:
    return next((name for name, mark in kinds if re.search(mark, user_agent)), "")
