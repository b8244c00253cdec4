"""Builds the web application from its packages, lowest floor first."""

from __future__ import annotations

import hashlib

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix

from kernel import clock
from kernel.config import secret_keys, settings
from kernel.geoip import gateway as places
from kernel.logging import set_up
from kernel.manifest import load_house
from kernel.people.identity import gateway as passwords
from kernel.telemetry import starting

# Processes that stay; those of the web server begin once it has forked them.
LASTING = frozenset({"worker", "relay", "scheduler"})


class _Sessions(SecureCookieSessionInterface):
    """The session's cookie, signed with HMAC-SHA-256 where Flask's own takes SHA-1."""

    digest_method = staticmethod(hashlib.sha256)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie, but into nothing that any cache may keep and hand to others.

        A lasting session is written anew into every answer: one that is kept would give it away.
        """
        if not response.cache_control.public:
            super().save_session(app, session, response)


def prepare_process(kind: str = "command") -> None:
    """Do what every process does first: logs, clock of a demonstration, tables and handlers.

    Shape: kind is what the process is for, which its lines say.
    """
    set_up(level=settings().log_level, form=settings().log_format, kind=kind)
    if settings().demo:
        settings().var.mkdir(parents=True, exist_ok=True)
        clock.use_offset_file(settings().clock_file)
    # A file that is missing or broken stops the start, not somebody's page.
    places.gateway()
    passwords.gateway()
    load_house()
    if kind in LASTING:
        starting.begin(kind)


def create_app() -> Flask:
    """Return the application: every package's pages, permissions and slots under one shell."""
    from kernel.web import shell  # noqa: PLC0415 - workers never load the shell

    prepare_process("web")
    app = Flask("entrepot", static_folder=None, template_folder=None)
    app.session_interface = _Sessions()
    newest, *known = secret_keys()
    app.config.update(
        # Flask would take it from FLASK_DEBUG: what programmers are shown is nobody else's.
        DEBUG=False,
        SECRET_KEY=newest,
        SECRET_KEY_FALLBACKS=known,
        # A name that no other host of the domain, and nobody without TLS, can put a cookie under.
        SESSION_COOKIE_NAME="__Host-entrepot" if settings().secure_cookies else "entrepot",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_SECURE=settings().secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # Uploads are pictures and files of a few megabytes; views lower this further.
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
    )
    shell.wear(app, load_house())
    # At once and not at the first query, so that processes which fork from this one share it.
    configure_mappers()
    hops = settings().trusted_proxies
    if hops:
        # Without this every visitor behind a proxy shares one address and one count of tries.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Werkzeug documents it
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    return app
