"""Puts the shell on the application: languages, people, templates, permissions, errors, slots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Flask, g, request
from flask_login import LoginManager, UserMixin
from werkzeug.exceptions import NotFound as NoSuchPage

from kernel import clock
from kernel.actor import Actor
from kernel.config import settings
from kernel.db import reading
from kernel.manifest import Identify, Manifest, Recognise
from kernel.web import (
    access,
    addresses,
    arguments,
    charts,
    choices,
    compression,
    errors,
    fragments,
    i18n,
    presence,
    rate_limits,
    rendering,
    security,
    slots,
    telemetry,
)
from kernel.web.assets import asset
from kernel.web.forms import form_state
from kernel.web.preferences import LANGUAGES, forget_between_requests, preferences, theme


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """Flask-Login's view of a person: the session's id, so that ending it signs out at once."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def get_id(self) -> str:
        """Return the session's id."""
        return str(self.actor.session_id)


def wear(app: Flask, manifests: Sequence[Manifest]) -> None:
    """Install everything, in the order a request meets it."""
    telemetry.install(app)
    compression.install(app)
    app.url_map.converters["int"] = arguments.RowNumberConverter
    app.url_map.converters["currency"] = arguments.CurrencyConverter
    _languages(app)
    forget_between_requests(app)
    _one_reading_per_request(app)
    security.name_requests(app)
    rate_limits.install(app)
    _programs(app, next(manifest.recognise for manifest in manifests if manifest.recognise))
    security.install(app, hosted_origin=_hosted_origin())
    _people(app, next(manifest.identify for manifest in manifests if manifest.identify))
    _refuse_unknown_languages(app)
    presence.install(app)
    env = rendering.environment(manifests)
    i18n.install(env)
    env.globals.update(_globals(app))
    for manifest in manifests:
        env.globals.update(manifest.globals())
        access.grant(manifest.grants, moves_money=manifest.moves_money)
        for blueprint in manifest.load_blueprints():
            app.register_blueprint(blueprint)
    rendering.install(app, env)
    slots.hang(manifests)
    errors.install(app)
    access.check_every_view(app)


def _languages(app: Flask) -> None:
    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        lang = (values or {}).pop("lang", None)
        g.unknown_language = lang is not None and lang not in LANGUAGES
        # A page that is not there is missed in the language its address names.
        first = request.path.split("/", 2)[1]
        g.lang = lang or (first if first in LANGUAGES else request.args.get("locale", "en").lower())
        if g.lang not in LANGUAGES:
            g.lang = "en"

    @app.url_defaults
    def add_language(endpoint: str, values: dict[str, Any]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = g.get("lang", "en")


def _people(app: Flask, identify: Identify) -> None:
    manager = LoginManager()
    manager.session_protection = None  # our own sessions carry the device and can be ended
    manager.init_app(app)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def person_of(session_id: str) -> SignedIn | None:
        actor = identify(session_id)
        return SignedIn(actor) if actor else None


def _programs(app: Flask, recognise: Recognise) -> None:
    @app.before_request
    def heed_key() -> None:
        # A key that is named speaks before any cookie, and nowhere but where programs ask.
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if request.path.startswith("/api/") and kind.lower() == "bearer":
            g.setdefault("_login_user", SignedIn(recognise(secret.strip())))


def _one_reading_per_request(app: Flask) -> None:
    # Before every check: the page that says no shows the visitor's wallet.
    @app.before_request
    def open_reading() -> None:
        # Lazy: no connection is taken before the first statement.
        g.reading = reading()
        g.reading.__enter__()

    @app.teardown_request
    def close_reading(_error: BaseException | None) -> None:
        opened = g.pop("reading", None)
        if opened is not None:
            opened.__exit__(None, None, None)


def _refuse_unknown_languages(app: Flask) -> None:
    @app.before_request
    def refuse() -> None:
        if g.unknown_language or not arguments.is_storable(request):
            raise NoSuchPage


def _globals(app: Flask) -> dict[str, Any]:
    return {
        "asset": asset,
        "request": request,
        "csrf_token": security.csrf_token,
        "preferences": preferences,
        "theme": theme,
        "kept_choice": choices.kept,
        "current_actor": access.current_actor,
        "may": access.may,
        "form_state": form_state,
        "take_flash": rendering.take_flash,
        "tiles": slots.tiles,
        "settings": settings(),
        "is_demo": settings().demo,
        "moved_clock": _moved_clock,
        "endpoints": app.view_functions,
        **addresses.GLOBALS,
        **charts.GLOBALS,
        **fragments.GLOBALS,
    }


def _moved_clock() -> datetime | None:
    """Return what time it is in a demonstration whose clock was moved, None where it was not."""
    return clock.now() if clock.moved_by() else None


def _hosted_origin() -> str:
    # Card data is typed on the card network's own page; the form that leads there redirects.
    return "http://127.0.0.1:*" if settings().demo else "https://checkout.stripe.com"
