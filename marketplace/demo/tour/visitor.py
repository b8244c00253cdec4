"""A person with a browser that runs no script: opens pages, fills forms, presses buttons."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from io import IOBase
from typing import Any, ClassVar

import mechanicalsoup
import requests
from bs4 import BeautifulSoup, Tag
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar

from kernel.embedded.running import STILL

# Longer than the server gives a page: on a busy machine it is the server that gives up.
_SECONDS = 90
_PAUSE = 0.1
_TOO_BUSY = 503


def while_moving(signs: Callable[[], object]) -> Iterator[None]:
    """Yield again and again for as long as something moves, however long a busy machine takes.

    Shape: signs returns what changes while it does.
    """
    known, since = signs(), time.monotonic()
    while time.monotonic() - since <= STILL:
        yield
        time.sleep(_PAUSE)
        now = signs()
        if now != known:
            known, since = now, time.monotonic()


class PageRefused(RuntimeError):
    """A page answered with an error; carries what it said."""


class _Patient(HTTPAdapter):
    """Every request has a time limit."""

    def send(  # type: ignore[override]  # what the session asks goes through as it is
        self,
        request: requests.PreparedRequest,
        **asked: Any,  # noqa: ANN401 - handed on to requests, which types it
    ) -> requests.Response:
        asked["timeout"] = _SECONDS
        return super().send(request, **asked)


class Visitor:
    """One person's browser, with its own cookies.

    Shape: signs returns what changes while the house works; from afar nothing is known of it.
    left holds the cookies of whoever left a browser signed in, by mail address, where a story is
    told; it is None elsewhere.
    """

    signs: ClassVar[Callable[[], object]] = staticmethod(lambda: None)
    left: ClassVar[dict[str, RequestsCookieJar] | None] = None

    def __init__(self, base_url: str, lang: str) -> None:
        self._base = f"{base_url}/{lang}"
        self._browser = mechanicalsoup.StatefulBrowser(soup_config={"features": "html.parser"})
        for scheme in ("http://", "https://"):
            self._browser.session.mount(scheme, _Patient())

    @property
    def page(self) -> BeautifulSoup:
        """The page on the screen."""
        page: BeautifulSoup = self._browser.page
        return page

    @property
    def address(self) -> str:
        """The address of the page on the screen."""
        return str(self._browser.url)

    @property
    def cookies(self) -> dict[str, str]:
        """What the shop keeps in this browser, by name."""
        return {cookie.name: cookie.value or "" for cookie in self._browser.session.cookies}

    def leave(self, email: str) -> None:
        """Leave this browser signed in, for when its owner comes again."""
        if self.left is not None:
            self.left[email] = self._browser.session.cookies

    def take_up(self, email: str) -> bool:
        """Go on in the browser that somebody left signed in; False where there is none."""
        known = (self.left or {}).get(email)
        if known is not None:
            self._browser.session.cookies = known
        return known is not None

    def open(self, path: str) -> BeautifulSoup:
        """Open a page of the shop, or any address. Raises: PageRefused.

        A house that is too busy for it is asked again while it moves: looking changes nothing.
        """
        address = path if path.startswith("http") else self._base + path
        for _ in while_moving(type(self).signs):
            answer = self._browser.open(address)
            if answer.status_code != _TOO_BUSY:
                break
        self._checked(answer)
        return self.page

    def send(
        self, form: str, values: Mapping[str, str | IOBase] | None = None, *, press: str = ""
    ) -> BeautifulSoup:
        """Fill the form that a CSS selector finds and send it. Raises: PageRefused.

        Shape: values by field; a file's has a name. press is the button's, empty for the first one.
        """
        selected = self._browser.select_form(form)
        pressed = selected.form.find(attrs={"name": press}) if press else None
        if isinstance(pressed, Tag) and pressed.has_attr("formaction"):
            selected.form["action"] = pressed["formaction"]
        for name, value in (values or {}).items():
            field = selected.form.find(attrs={"name": name})
            if isinstance(value, IOBase):
                selected.set(name, value)
            elif isinstance(field, Tag) and field.get("type") == "radio":
                selected.set_radio({name: value})
            elif isinstance(field, Tag) and field.get("type") == "checkbox":
                selected.set_checkbox({name: value == "on"})
            else:
                selected.set(name, value)
        self._checked(self._browser.submit_selected(press or None))
        return self.page

    def press(self, button: str) -> BeautifulSoup:
        """Send the form of a page that a button elsewhere on it names. Raises: PageRefused."""
        pressed = self.page.select_one(button)
        assert pressed is not None, f"there is a button {button}"
        selected = self._browser.select_form(f"#{pressed['form']}")
        selected.new_control("hidden", str(pressed["name"]), str(pressed["value"]))
        self._checked(self._browser.submit_selected())
        return self.page

    def links(self, selector: str) -> list[Tag]:
        """Return the links a CSS selector finds."""
        return list(self.page.select(selector))

    def follow(self, link: Tag) -> BeautifulSoup:
        """Follow a link of the page. Raises: PageRefused."""
        self._checked(self._browser.open_relative(str(link["href"])))
        return self.page

    def heading(self) -> str:
        """Return the page's first heading."""
        title = self.page.find("h1")
        return " ".join(title.get_text(" ", strip=True).split()) if title else ""

    def until(self, path: str, ready: Callable[[BeautifulSoup], bool]) -> BeautifulSoup:
        """Open a page again and again until it shows what is awaited.

        Raises: TimeoutError once nothing moved for long.
        """
        for _ in while_moving(type(self).signs):
            if ready(self.open(path)):
                return self.page
        raise TimeoutError(f"{path} did not change, and nothing moved: {self.heading()}")

    def _checked(self, response: requests.Response) -> None:
        if response.status_code >= 400:
            wrong = self.page.select_one('[role="alert"], main') if self._browser.page else None
            reason = " ".join(wrong.get_text(" ", strip=True).split())[:400] if wrong else ""
            raise PageRefused(f"{response.status_code} at {response.url}: {reason}")
