"""Mails as text and HTML from one template, without a web request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment

from kernel.config import settings
from kernel.money import Money
from kernel.plug import plugs
from kernel.web import i18n
from kernel.web.preferences import OFFERED, path_tag
from kernel.web.rendering import environment

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered mail."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, or the link when `href` is set."""

    words: str
    href: str = ""


@cache
def _environment() -> Environment:
    env = environment(plugs())
    i18n.install(env)
    env.globals["base_url"] = settings().base_url
    return env


@cache
def _plain_environment() -> Environment:
    # Text templates are plain: escaping is for the HTML part, which escapes by itself, and
    # the empty lines between paragraphs must outlive the blocks around them.
    return _environment().overlay(autoescape=False, trim_blocks=False)


def render_letter(template: str, locale: str, data: dict[str, Any]) -> Letter:
    """Return subject, text and HTML of a mail in the recipient's language."""
    locale = locale if path_tag(locale) in OFFERED else "en"
    with i18n.use_locale(locale):
        values = {k: _value(v) for k, v in data.items()}
        home = f"{settings().base_url}/{path_tag(locale)}"
        written = _plain_environment().get_template(template).render(home=home, **values)
        subject, _, body = written.strip().partition("\n")
        lines = [_line(part) for part in _PARAGRAPHS.split(body.strip()) if part.strip()]
        html = (
            _environment()
            .get_template("shell/mail.html")
            .render(subject=subject.strip(), lines=lines, home=home, locale=locale)
        )
    plain = "\n\n".join(f"{x.words}\n{x.href}" if x.href else x.words for x in lines)
    return Letter(i18n.plain(subject.strip()), i18n.plain(plain) + "\n", html)


def _line(part: str) -> Line:
    part = " ".join(part.split()) if part.lstrip().startswith("->") else part.strip()
    if part.startswith("->"):
        href, _, words = part[2:].strip().partition(" ")
        return Line(words, href)
    return Line(part)


def _value(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict) and value.keys() == {"minor", "currency"}:
        return Money(value["minor"], value["currency"])
    if isinstance(value, str) and _DATE.fullmatch(value):
        return date.fromisoformat(value)
    if isinstance(value, list):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        return {k: _value(v) for k, v in value.items()}
    return value


def money_data(money: Money) -> dict[str, object]:
    """Return money as the plain values a mail's data may hold."""
    return {"minor": money.minor, "currency": money.currency}
