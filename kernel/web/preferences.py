"""Three independent choices of a visitor: language, ship-to country, currency.

The language stands in the URL; country and currency live in the signed session cookie and are
guessed once from the browser's own languages, never from an address.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from flask import Flask, g, request, session

from kernel import countries, languages
from kernel.web import choices

# Path tag → language tag, in the order of the chooser.
LANGUAGES: dict[str, str] = {tag.lower(): tag for tag in languages.tags(languages.HOUSE)}

# Ship-to country → currency shown first: its own where it can be paid in, else euro (HU, RO), so
# that nobody meets another currency on the way to paying unasked. Every destination with border
# rules is here.
COUNTRY_CURRENCY: dict[str, str] = countries.first_currencies(countries.HOUSE)

_LANGUAGE_COUNTRY: dict[str, str] = languages.HOUSE.part("country")


@dataclass(frozen=True, slots=True)
class Preferences:
    """How this visitor reads, where goods go, and in which currency prices are shown."""

    locale: str
    country: str
    currency: str


# Every word and amount of a page asks; a variable answers faster than what belongs to a request.
_settled: ContextVar[Preferences | None] = ContextVar("preferences", default=None)

# How pages look: as the device does, or always one way.
THEMES = ("auto", "light", "dark")


def theme() -> str:
    """Return `light` or `dark` when the visitor chose one, nothing when the device decides."""
    chosen = choices.kept("theme")
    return chosen if chosen in THEMES[1:] else ""


def path_tag(locale: str) -> str:
    """Return the tag that stands in the URL for a language."""
    return locale.lower()


def preferences() -> Preferences:
    """Return the three choices of the open request; settled once per request."""
    chosen = _settled.get()
    if chosen is None:
        locale = LANGUAGES.get(g.get("lang", "en"), "en")
        country = session.get("country") or _guessed_country(locale)
        currency = session.get("currency") or COUNTRY_CURRENCY[country]
        chosen = Preferences(locale, country, currency)
        _settled.set(chosen)
    return chosen


def settled() -> Preferences | None:
    """Return the choices once a page asked for them, None outside of pages and before."""
    return _settled.get()


def forget_between_requests(app: Flask) -> None:
    """Let every request of a thread settle its own choices."""

    @app.before_request
    def begin() -> None:
        _settled.set(None)

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        _settled.set(None)


def choose(*, country: str, currency: str) -> None:
    """Keep the visitor's country and currency; the caller has checked both."""
    session["country"], session["currency"] = country, currency
    session.permanent = True
    _settled.set(None)


def _guessed_country(locale: str) -> str:
    for tag, _quality in request.accept_languages:
        region = tag.replace("_", "-").rpartition("-")[2].upper()
        if "-" in tag.replace("_", "-") and region in COUNTRY_CURRENCY:
            return region
    return _LANGUAGE_COUNTRY[locale]
