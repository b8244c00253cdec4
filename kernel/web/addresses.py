"""Where a page stands among its languages, and the small lists the shell shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import current_app, g, request, url_for
from werkzeug.datastructures import iter_multi_items

from kernel.config import settings
from kernel.logging import request_id
from kernel.web import atlas, choices
from kernel.web.devices import device_words
from kernel.web.formats import currency_name
from kernel.web.locales import current_locale, negotiate
from kernel.web.preferences import LANGUAGES, path_tag
from kernel.web.rendering import own_address

# Pages on the way to an account: whoever comes through goes on where they were before.
_ABOUT_PEOPLE = ("identity.", "passwords.", "recovery.", "guests.")


def home() -> str:
    """Return the front page in the language in force."""
    return f"/{path_tag(current_locale())}/"


def own_language() -> str:
    """Return the path tag of the language a visitor chose before, or else their browser asks for.

    For the few addresses that name no language.
    """
    tag = choices.kept("language") or path_tag(
        negotiate(request.headers.get("Accept-Language", ""))
    )
    return tag if tag in LANGUAGES else "en"


def canonical() -> str:
    """Return this page's one address, without filters and choices."""
    return f"{settings().base_url}{request.path}"


def alternates() -> list[tuple[str, str]]:
    """Return language tag and address of this page in every language.

    Shape: ends with `x-default`; empty for pages outside the languages.
    """
    first, _, rest = request.path.lstrip("/").partition("/")
    if first not in LANGUAGES:
        return []
    base = settings().base_url
    addresses = [(tag, f"{base}/{path}/{rest}") for path, tag in LANGUAGES.items()]
    return [*addresses, ("x-default", f"{base}/en/{rest}")]


def come_back() -> str:
    """Return the page to come back to from a page about who one is: this one, or where it leads.

    Empty where this address takes a form alone.
    """
    if (request.endpoint or "").startswith(_ABOUT_PEOPLE):
        return own_address(request.values.get("next", ""))
    is_page = request.method in {"GET", "HEAD"}
    return request.full_path.rstrip("?") if is_page else _twin()


def _twin() -> str:
    adapter = current_app.create_url_adapter(request)
    return request.path if adapter is not None and adapter.test(method="GET") else ""


def by_name(codes: Iterable[str], name: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return (code, name) pairs sorted by the name, Österreich beside Oman."""
    return sorted(((code, name(code)) for code in codes), key=lambda pair: _bare(pair[1]))


def _bare(name: str) -> str:
    """Return a name as lists are sorted: its letters without their signs."""
    signs = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in signs if not unicodedata.combining(sign))


def currency_label(code: str) -> str:
    """Return a currency's name and code."""
    return f"{currency_name(code, alone=True)} ({code})"


def address(endpoint: str, **values: Any) -> str:  # noqa: ANN401 - as Flask's own url_for
    """Return the address of a page; header, shelves and footer name the same ones on every page.

    What stands behind the question mark is other on every page of results, and built here: Flask
    would look for a place in the path for each of it.
    """
    if not request or endpoint[0] == ".":
        return url_for(endpoint, **values)
    page = (endpoint, g.get("lang", "en"), request.root_path)
    if not values:
        return _built(*page, ())
    if all(name[0] != "_" and name != "lang" for name in values) and (bare := _bare_path(*page)):
        given = [pair for pair in iter_multi_items(values) if pair[1] is not None]
        return f"{bare}?{urlencode(given, safe=_AS_THEY_ARE)}" if given else bare
    if list in map(type, values.values()):
        return url_for(endpoint, **values)
    return _built(*page, tuple(values.items()))


# Signs that Flask leaves as they are behind the question mark. Source: WHATWG URL, query state.
_AS_THEY_ARE = "!$'()*,/:;?@"


@lru_cache(maxsize=2_000)
def _bare_path(endpoint: str, lang: str, root: str) -> str:
    """Return the address of a page whose path takes nothing but the language, else nothing."""
    try:
        rules = list(current_app.url_map.iter_rules(endpoint))
    except KeyError:
        return ""
    is_bare = all(rule.arguments <= {"lang"} for rule in rules)
    return _built(endpoint, lang, root, ()) if is_bare else ""


@lru_cache(maxsize=2_000)
def _built(endpoint: str, _lang: str, _root: str, values: tuple[tuple[str, Any], ...]) -> str:
    # Language and root stand in the request in force; they are named to tell answers apart.
    return url_for(endpoint, **dict(values))


def request_reference() -> str:
    """Return the reference a visitor may quote."""
    return request_id.get()


GLOBALS = {
    "url_for": address,
    "home": home,
    "come_back": come_back,
    "canonical": canonical,
    "alternates": alternates,
    "by_name": by_name,
    "currency_label": currency_label,
    "request_reference": request_reference,
    "language_tags": LANGUAGES,
    "seat_of": atlas.seat_of,
    "device_words": device_words,
    "map_way": atlas.between,
}
