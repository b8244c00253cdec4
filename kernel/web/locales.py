"""Which language speaks now: negotiated from headers, taken from the page, or set for a letter."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from babel import Locale
from flask import has_request_context

from kernel import languages
from kernel.web.preferences import LANGUAGES, preferences, settled

_override: ContextVar[str | None] = ContextVar("locale", default=None)

# Plain `en` speaks American dates to CLDR; the house speaks international English, day first.
_CLDR: dict[str, str] = languages.HOUSE.part("cldr")

_ENTRY = re.compile(
    r"\s*([A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q\s*=\s*([\d.]+))?\s*$"
)

# Readers of the other Chinese script come to zh-CN only when nothing else they asked for fits.
_LAST_RESORT = {"tw", "hk", "mo", "hant"}


def negotiate(header: str, offered: Collection[str] = ()) -> str:
    """Return the language tag that fits an Accept-Language header best, `en` when none does.

    Shape: offered holds language tags (`zh-CN`); empty means every language of the house.
    Source: RFC 9110 12.5.4, walked by quality on the primary language.
    """
    by_primary = {tag.partition("-")[0]: tag for tag in offered or LANGUAGES.values()}
    last_resort = ""
    for wanted in _by_quality(header):
        if wanted == "*":
            break
        primary, *rest = wanted.lower().replace("_", "-").split("-")
        fit = by_primary.get(primary)
        if fit and primary == "zh" and _LAST_RESORT & set(rest):
            last_resort = last_resort or fit
        elif fit:
            return fit
    return last_resort or "en"


def _by_quality(header: str) -> list[str]:
    ranked: list[tuple[float, str]] = []
    for part in header.split(","):
        entry = _ENTRY.match(part)
        if entry is None:
            continue
        try:
            quality = float(entry[2] or 1)
        except ValueError:
            continue
        if quality > 0:
            ranked.append((quality, entry[1]))
    return [tag for _, tag in sorted(ranked, key=lambda pair: -pair[0])]


def current_locale() -> str:
    """Return the language tag in force: a letter's, else the page's, else English."""
    chosen = _override.get()
    if chosen is not None:
        return chosen
    page = settled()
    if page is not None:
        return page.locale
    return preferences().locale if has_request_context() else "en"


@contextmanager
def use_locale(locale: str) -> Iterator[None]:
    """Speak a language for the length of the block: mails, documents, jobs."""
    token = _override.set(locale)
    try:
        yield
    finally:
        _override.reset(token)


@cache
def babel_locale(tag: str) -> Locale:
    """Return the CLDR locale behind a language tag."""
    return Locale.parse(_CLDR.get(tag, tag))


def direction(tag: str | None = None) -> str:
    """Return `ltr` or `rtl`."""
    return _direction(tag or current_locale())


@cache
def _direction(tag: str) -> str:
    return babel_locale(tag).text_direction
