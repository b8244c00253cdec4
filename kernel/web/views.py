"""The shell's own pages: front door, settings of language, country and currency, health, files."""

from __future__ import annotations

import mimetypes

from flask import g, jsonify, redirect, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from kernel import readiness
from kernel.config import settings
from kernel.errors import NotFound
from kernel.money import CURRENCIES
from kernel.text import N_
from kernel.web import Reader, choices, own_address, pages, public, render, reshow
from kernel.web.addresses import own_language
from kernel.web.assets import DIST, asset, best_encoding
from kernel.web.blueprints import root_blueprint
from kernel.web.preferences import (
    COUNTRY_CURRENCY,
    LANGUAGES,
    THEMES,
    choose,
)
from kernel.web.specimens import refused_form, specimens

health = root_blueprint("health", __name__)
shell = root_blueprint("shell", __name__)
shell_pages = pages("shell_pages", __name__)

_YEAR = 31_536_000
THEME_WORDS = {"auto": N_("Match device"), "light": N_("Light"), "dark": N_("Dark")}


@health.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """Say that the process lives."""
    return {"status": "ok"}


@health.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Say whether the process can serve, and how each part of the installation is."""
    found = readiness.states()
    can_serve = readiness.can_serve(found)
    is_whole = set(found.values()) == {readiness.State.OK}
    status = ("ok" if is_whole else "degraded") if can_serve else "away"
    answer = jsonify(status=status, parts=found)
    return answer, 200 if can_serve else 503, {"Cache-Control": "no-store"}


@shell.get("/")
@public
def front_door() -> ResponseReturnValue:
    """Lead to the visitor's language, once; every other address names its own."""
    response = redirect(f"/{own_language()}/", 302)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@shell.get("/static/<path:name>")
@public
def static_file(name: str) -> ResponseReturnValue:
    """Send a hashed static file, for ever."""
    stored, encoding = best_encoding(request.accept_encodings.__contains__, name)
    kind = mimetypes.guess_type(name)[0]
    response = send_from_directory(DIST, stored, max_age=_YEAR, mimetype=kind)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    return response


@shell.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """Lead browsers that ask by habit to the drawn mark."""
    return redirect(asset("img/mark.svg"), 302)


@shell_pages.get("/dev/ui")
@public
def components() -> ResponseReturnValue:
    """Show every component in every state, where nobody trades."""
    if not settings().demo:
        raise NotFound
    if request.args.get("form") == "refused":
        g.form_state = refused_form()
    return render("shell/dev_ui.html", page=specimens(request.args.get("scheme", "")))


@shell_pages.get("/settings")
@public
def chooser() -> ResponseReturnValue:
    """Show the choices: language, country, currency, and how pages look."""
    return render(
        "shell/chooser.html",
        languages=tuple(LANGUAGES),
        countries=sorted(COUNTRY_CURRENCY),
        currencies=sorted(CURRENCIES),
        themes=THEME_WORDS,
        back=own_address(request.values.get("next", "")),
    )


@shell_pages.post("/settings")
@public
@reshow(chooser)
def choose_settings() -> ResponseReturnValue:
    """Keep the choices and go back where the visitor was."""
    reader = Reader(request.form)
    language = reader.choice("language", LANGUAGES)
    country = reader.choice("country", COUNTRY_CURRENCY)
    currency = reader.choice("currency", CURRENCIES)
    theme = reader.choice("theme", THEMES, default="auto")
    reader.done()
    choose(country=country, currency=currency)
    back = own_address(request.form.get("next", "")) or url_for("shell_pages.chooser")
    response = redirect(_in_language(back, language), 303)
    for name, value in (("language", language), ("theme", theme)):
        choices.keep(response, name, value)
    return response


def _in_language(address: str, language: str) -> str:
    _, first, rest = (
        ("/" + address.lstrip("/")).split("/", 2)
        if address.count("/") > 1
        else ("", address.strip("/"), "")
    )
    return f"/{language}/{rest}" if first in LANGUAGES else address
