"""How tests go through the pages: whose browser, which language, which size."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Response, ViewportSize
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import run_wsgi_app

from kernel.actor import Actor
from tests.browser.pages import SAY_NO
from tests.browser.people import cookies

LANGUAGES = ("en", "ar", "zh-cn")
PHONE: ViewportSize = {"width": 390, "height": 844}
TABLET: ViewportSize = {"width": 768, "height": 1024}
DESK: ViewportSize = {"width": 1280, "height": 900}


if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@dataclass
class House:
    """The served shop.

    Shape: names says how things of its past are called, actors who is signed in by e-mail.
    """

    app: Flask
    url: str
    names: dict[str, str]
    actors: dict[str, Actor]

    def address(self, lang: str, page: str) -> str:
        """Return a page's whole address in a language."""
        return f"{self.url}/{lang}{page.format(**self.names)}"

    def become(self, context: BrowserContext, who: str | None) -> None:
        """Let a browser be somebody's; its cache stays."""
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        kept = cookies(self.actors[who] if who else None)
        context.clear_cookies()
        name = self.app.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": signer.dumps(kept), "url": self.url}])


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Say nothing: hundreds of pictures are asked for."""


class _AtOnce:
    """Reads every answer before any of it is sent.

    The development server leaves a file open when the browser goes away in the middle of it.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._under_way = 0
        self._changed = threading.Condition()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._count(1)
        try:
            parts, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        finally:
            self._count(-1)
        start_response(status, list(headers))
        return parts

    def wait_for_the_last(self) -> None:
        """Return when no request is under way: whoever left a page did not wait for all of them."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._under_way == 0, timeout=60)

    def _count(self, by: int) -> None:
        with self._changed:
            self._under_way += by
            self._changed.notify_all()


@contextmanager
def serving(app: Flask) -> Iterator[int]:
    """Answer on a port of this machine while the block runs."""
    answers = _AtOnce(app)
    server = make_server("127.0.0.1", 0, answers, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        answers.wait_for_the_last()


def assert_none(found: Mapping[object, Sequence[str]]) -> None:
    """Pass when nothing was found; say every fault and where it was seen otherwise."""
    told = [f"{fault}\n    {len(places)} times, as {places[0]}" for fault, places in found.items()]
    assert not told, "\n".join([f"{len(told)} faults", *told])


@contextmanager
def window(chromium: Browser, **options: Any) -> Iterator[Page]:
    """Open a browser window of its own."""
    context = chromium.new_context(viewport=DESK, reduced_motion="reduce", **options)
    context.set_default_timeout(30_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def visit(
    house: House, page: Page, who: str | None, lang: str, address: str, *, refused: bool = False
) -> Response:
    """Open a page as somebody."""
    house.become(page.context, who)
    wanted = house.address(lang, address)
    answer = page.goto(wanted, wait_until="load")
    assert answer is not None
    assert urlsplit(page.url).path.startswith(urlsplit(wanted).path), f"{wanted} led to {page.url}"
    expected = SAY_NO.get((who, address), 200)
    assert refused or answer.status == expected, f"{answer.status} {answer.url}"
    return answer
