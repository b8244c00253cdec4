"""The forms of a page as a browser would send them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from lxml import html
from werkzeug.exceptions import HTTPException

# What a browser sends of its own accord, and what only a script fills.
_NOT_TYPED = {"submit", "button", "image", "reset", "file"}
_TYPED = {"text", "search", "tel"}


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
    root = html.fromstring(page)
    for form in root.iter("form"):
        action, method = form.get("action") or address, form.get("method") or "get"
        own = root.xpath("//*[@formaction and @form = $id]", id=form.get("id", ""))
        own += form.xpath(".//*[@formaction]")
        buttons = [part.get("formaction", "") for part in own]
        for target in dict.fromkeys(urljoin(address, to) for to in (action, *buttons)):
            found = matched(app, method.upper(), target)
            if found is None:
                continue
            fields = tuple(_fields(form))
            texts = tuple(
                (part.get("name", ""), int(part.get("maxlength", "0")))
                for part in _parts(form)
                if part.tag == "textarea"
                or (part.tag == "input" and part.get("type", "text") in _TYPED)
            )
            files = tuple(part.get("name", "") for part in _parts(form) if _type(part) == "file")
            long = frozenset(part.get("name", "") for part in _parts(form) if _is_long(part))
            yield Form(who, *found, method.upper(), target, fields, texts, long, files)


def arguments_in(app: Flask, address: str, page: str) -> Iterator[tuple[str, set[str]]]:
    """Yield where links and forms of a page lead to, with the names of the arguments they carry."""
    root = html.fromstring(page)
    targets = {urljoin(address, link) for link in root.xpath("//a[contains(@href, '?')]/@href")}
    named = {(urlsplit(to).path, frozenset(dict(parse_qsl(urlsplit(to).query)))) for to in targets}
    for form in root.iter("form"):
        if (form.get("method") or "get").lower() == "get":
            names = frozenset(part.get("name", "") for part in _parts(form))
            named.add((urlsplit(urljoin(address, form.get("action") or address)).path, names))
    for path, names in named:
        found = matched(app, "GET", path)
        if found is not None:
            yield found[0], set(names)


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


def _parts(form: html.HtmlElement) -> list[html.HtmlElement]:
    return [part for part in form.iter("input", "select", "textarea") if part.get("name")]


def _type(part: html.HtmlElement) -> str:
    return str(part.get("type", "text")) if part.tag == "input" else str(part.tag)


def _is_long(part: html.HtmlElement) -> bool:
    return bool(part.tag == "textarea")


def _fields(form: html.HtmlElement) -> Iterator[tuple[str, str]]:
    ticked = set()
    for part in _parts(form):
        name, kind = part.get("name", ""), _type(part)
        if kind in _NOT_TYPED or name == "csrf_token":
            continue
        if kind == "textarea":
            yield name, str(part.text_content())
        elif kind == "select":
            yield name, _chosen(part)
        elif kind == "radio":
            if name not in ticked and (part.get("checked") is not None or not _checked(form, name)):
                ticked.add(name)
                yield name, part.get("value", "on")
        else:
            yield name, part.get("value", "on" if kind == "checkbox" else "")


def _chosen(select: html.HtmlElement) -> str:
    options = list(select.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    for option in chosen or [option for option in options if option.get("value")]:
        return str(option.get("value", option.text_content()))
    return ""


def _checked(form: html.HtmlElement, name: str) -> bool:
    return any(
        part.get("checked") is not None for part in form.iter("input") if part.get("name") == name
    )


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
