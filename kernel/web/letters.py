"""Mails as text and HTML from one template, without a web request."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup, escape

from kernel import languages
from kernel.config import settings
from kernel.manifest import manifests
from kernel.money import Money
from kernel.sealing import is_sealed, opened
from kernel.text import N_, Message
from kernel.web import formats, i18n
from kernel.web.devices import device_words
from kernel.web.preferences import LANGUAGES, path_tag
from kernel.web.rendering import environment

_OF_TIME = ("format_date", "format_instant", "format_range", "format_stamp", "format_time")
_REFERENCE = re.compile(r"(?<![A-Z0-9-])(?:[A-Z]-[A-Z0-9]{6,}(?:-\d+)?|\d{2}-\d{7})(?![0-9])")
# Below every letter: whom to ask, and which letters come; a guest gets those of an order alone.
_HELP = {N_("Help and contact"): "/about/help"}
_FOOT = _HELP | {N_("Notifications"): "/account/security/notices"}
# Letters and figures from one face each, then faces of the reader's script alone: another's that
# holds figures too would take them, and Japanese would be drawn with the signs of Chinese.
_SANS, _SERIF = "Helvetica Neue,Arial,Roboto,Noto Sans,", "Georgia,Noto Serif,"
_OWN_FACES = languages.faces(languages.HOUSE)
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered mail."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, the link when `href` is set, or labelled facts.

    Shape: facts are (label, value).
    """

    words: str = ""
    href: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def plain(self) -> str:
        """The line as a text mail writes it."""
        if self.facts:
            return "\n".join(f"{label}: {value}" for label, value in self.facts)
        return f"{self.words}\n{self.href}" if self.href else self.words


@functools.cache
def _environment() -> Environment:
    env = environment(manifests())
    i18n.install(env)
    env.globals["base_url"] = settings().base_url
    env.globals |= {name: _read_first(getattr(formats, name)) for name in _OF_TIME}
    env.globals |= {"ltr": _held_together, "whole": _whole, "device_words": _device}
    return env


@functools.cache
def _plain_environment() -> Environment:
    # Text templates are plain: escaping is for the HTML part, which escapes by itself, and
    # the empty lines between paragraphs must outlive the blocks around them. Pages, which share
    # some of them, must not find what was compiled without escaping.
    return _environment().overlay(autoescape=False, lstrip_blocks=True, bytecode_cache=None)


def render_letter(
    template: str, locale: str, data: dict[str, Any], *, guest_token: str = ""
) -> Letter:
    """Return subject, text and HTML of a mail in the recipient's language.

    Links of a mail to a guest lead through the guest's door, which opens what they name.
    """
    locale = locale if path_tag(locale) in LANGUAGES else "en"
    with i18n.use_locale(locale):
        values = {k: _value(v) for k, v in data.items()}
        home = f"{settings().base_url}/{path_tag(locale)}"
        written = _plain_environment().get_template(template).render(home=home, **values)
        subject, _, body = written.strip().partition("\n")
        lines = [_line(part) for part in _PARAGRAPHS.split(body.strip()) if part.strip()]
        if guest_token:
            lines = [_through_door(line, home, guest_token) for line in lines]
        foot = [
            Line(i18n.translate(Message(words)), f"{home}{path}")
            for words, path in (_HELP if guest_token else _FOOT).items()
        ]
        html = (
            _environment()
            .get_template("shell/mail.html")
            .render(
                subject=subject.strip(),
                lines=lines,
                home=home,
                locale=locale,
                gist=_gist(lines),
                foot=foot,
                faces=_faces(locale),
            )
        )
        # Numbers in Arabic need their marks in text as well; other letters are plainer without.
        plain = str if i18n.direction() == "rtl" else i18n.plain
    text = "\n\n".join(line.plain for line in [*lines, *foot])
    return Letter(plain(subject.strip()), plain(text) + "\n", html)


def _line(part: str) -> Line:
    part = part.strip()
    if part.startswith("->"):
        href, _, words = " ".join(part[2:].split()).partition(" ")
        return Line(words, i18n.plain(href))
    if part.startswith("|"):
        cells = [row.split("|", 2) for row in part.splitlines()]
        return Line(facts=tuple((label.strip(), value.strip()) for _, label, value in cells))
    return Line(part)


def _through_door(line: Line, home: str, token: str) -> Line:
    """Return a line whose link into the house opens for the guest with this token."""
    base = settings().base_url
    if not line.href.startswith(f"{base}/"):
        return line
    path = quote(line.href.removeprefix(base), safe="/")
    return replace(line, href=f"{home}/guest/{token}?next={path}")


def _faces(locale: str) -> dict[str, str]:
    sans, serif = _OWN_FACES.get(locale, ("", ""))
    return {"sans": f"{_SANS}{sans}sans-serif", "serif": f"{_SERIF}{serif}serif"}


def _gist(lines: list[Line]) -> str:
    """Return the paragraph that an inbox shows beside the subject: the longest after the name."""
    return max((line.words for line in lines[1:] if not line.href), key=len, default="")


def _value(value: Any) -> Any:  # noqa: ANN401 - JSON in, what templates write out
    if isinstance(value, dict) and value.keys() == {"minor", "currency"}:
        return Money(value["minor"], value["currency"])
    if is_sealed(value):
        return opened(value)
    if isinstance(value, str):
        # One line each: what people wrote begins no paragraph, no fact and no link of a letter.
        return " ".join(value.split())
    if isinstance(value, list):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        return {k: _value(v) for k, v in value.items()}
    return value


def _read_first(write: Callable[..., str]) -> Callable[..., str]:
    """Have a formatter read the days and instants that JSON keeps as text.

    A template says what a fact is by how it writes it. The looks of a text say nothing: somebody
    may be called 2026-02-30.
    """

    @functools.wraps(write)
    def written(*told: object, **how: object) -> str:
        return write(*map(_time_of, told), **how)

    return written


def _time_of(told: object) -> object:
    if not isinstance(told, str) or not told[:1].isdigit():
        return told  # the style beside it
    return datetime.fromisoformat(told) if "T" in told else date.fromisoformat(told)


def _held_together(reference: str) -> str:
    """Return a reference that Arabic around it cannot turn."""
    return f"\u2066{reference}\u2069"


def _device(user_agent: str) -> str:
    """Return a device in words that begin where the language does, whatever its first letter."""
    words = i18n.translate(device_words(user_agent))
    return f"\u200f{words}" if i18n.direction() == "rtl" else words


def _whole(subject: str) -> Markup:
    """Return a subject whose references do not break at their dashes."""
    return Markup(  # noqa: S704 - escaped before
        _REFERENCE.sub(r'<span style="white-space:nowrap">\g<0></span>', str(escape(subject)))
    )
