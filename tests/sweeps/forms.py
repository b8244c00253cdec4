"""The forms of a page as a browser would send them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.exceptions import HTTPException

# What a browser sends of its own accord, and what only a script fills.
_NOT_TYPED = {"submit", "button", "image", "reset", "file"}


@dataclass(frozen=True, slots=True)
class Form:
    """A form that somebody sees.

    Shape: endpoint is what it is sent to; fields are names and the values they have on the page,
    texts those that somebody types into, by how much they take, and long those of several lines;
    files holds names alone.
    """

    who: str
    endpoint: str
    arguments: tuple[tuple[str, str], ...]
    method: str
    address: str
    fields: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, int], ...]
    long: frozenset[str]
    files: tuple[str, ...]


def forms_of(app: Flask, who: str, address: str, page: str) -> Iterator[Form]:
    """Yield the forms that stand on a page."""
    for form in BeautifulSoup(page, "lxml").select("form"):
        action, method = str(form.get("action") or address), str(form.get("method") or "get")
        buttons = [str(part["formaction"]) for part in form.select("[formaction]")]
        for target in {urljoin(address, to) for to in (action, *buttons)}:
            found = matched(app, method.upper(), target)
            if found is None:
                continue
            fields = tuple(_fields(form))
            texts = tuple(
                (str(part["name"]), int(str(part.get("maxlength", 0))))
                for part in _parts(form)
                if part.name == "textarea"
                or (part.name == "input" and part.get("type", "text") in {"text", "search", "tel"})
            )
            files = tuple(str(part["name"]) for part in _parts(form) if part.get("type") == "file")
            long = frozenset(str(part["name"]) for part in _parts(form) if part.name == "textarea")
            yield Form(who, *found, method.upper(), target, fields, texts, long, files)


def matched(app: Flask, method: str, target: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Return endpoint and arguments behind an address of the house, None for any other."""
    try:
        endpoint, arguments = app.url_map.bind("localhost").match(
            urlsplit(target).path, method=method
        )
    except HTTPException:
        return None
    named = {k: str(v) for k, v in arguments.items() if k != "lang"}
    account = dict(parse_qsl(urlsplit(target).query)).get("account")
    return endpoint, tuple(sorted((named | ({"account": account} if account else {})).items()))


def _parts(form: Tag) -> list[Tag]:
    return [part for part in form.select("input, select, textarea") if part.get("name")]


def _fields(form: Tag) -> Iterator[tuple[str, str]]:
    ticked = set()
    for part in _parts(form):
        name, kind = str(part["name"]), str(part.get("type", "text"))
        if kind in _NOT_TYPED or name == "csrf_token":
            continue
        if part.name == "textarea":
            yield name, part.get_text()
        elif part.name == "select":
            chosen = part.select_one("option[selected]") or part.select_one(
                "option[value]:not([value=''])"
            )
            yield name, str(chosen.get("value", chosen.get_text())) if chosen else ""
        elif kind == "radio":
            if name not in ticked and (part.has_attr("checked") or not _checked(form, name)):
                ticked.add(name)
                yield name, str(part.get("value", "on"))
        elif kind == "checkbox":
            yield name, str(part.get("value", "on"))
        else:
            yield name, str(part.get("value", ""))


def _checked(form: Tag, name: str) -> bool:
    return any(part.has_attr("checked") for part in form.find_all("input", attrs={"name": name}))


def typed(form: Form, **changed: Any) -> dict[str, Any]:
    """Return what a form sends, its empty fields filled and some of it changed."""
    fields: dict[str, Any] = {}
    for name, value in form.fields:
        fields.setdefault(name, []).append(value)
    texts = {name for name, _ in form.texts}
    filled = {
        name: [value or ("Some words." if name in texts else "") for value in values]
        for name, values in fields.items()
    }
    alone = {name: values if len(values) > 1 else values[0] for name, values in filled.items()}
    return alone | changed
