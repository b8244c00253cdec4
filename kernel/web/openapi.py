"""The OpenAPI document of everything under `/api/v1/` that says what it is.

Paths, methods, arguments, rights and scopes are read from the routes themselves; bodies, answers
and codes from what stands above each view (`described`). Source: OpenAPI 3.1.1; RFC 9457.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any, Final

from flask import Flask
from werkzeug.routing import Rule

from kernel.config import settings
from kernel.errors import (
    Forbidden,
    HouseError,
    Invalid,
    NotSignedIn,
    Upstream,
    concrete_errors,
)
from kernel.web.access import FactorFirst, ScopeMissing
from kernel.web.described import Described, Letter, Schema, always, letters, ref, schemas
from kernel.web.json_bodies import (
    LONGEST_KEY,
    CursorUnknown,
    JsonExpected,
    JsonUnreadable,
    KeyMissing,
)
from kernel.web.json_lists import MOST
from kernel.web.rate_limits import TooFast
from kernel.web.security import NotFromOurPage
from kernel.web.session_limits import SignedInLong, WasAway

_ROOT: Final = "/api/v1"
_JSON: Final = "application/json"
_PROBLEM: Final = "application/problem+json"
_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_INFO: Final = {
    "title": "Entrepôt",
    "summary": "What programs of customers and partners ask and do.",
    "description": (
        "Money is minor units and a currency, instants are of UTC. A field that nobody knows is"
        " refused where it is sent; answers may gain fields, and lists of words may grow. Refusals"
        " are problems of RFC 9457, whose code stays; what they say is in the language of `locale`."
    ),
    "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
}
_PROBLEM_SCHEMA: Final[Schema] = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "pattern": "^urn:entrepot:error:"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "Every complaint by its field: a JSON pointer into the body, or the name"
            " of an argument.",
            "additionalProperties": {"type": "string"},
        },
    },
    "required": ["type", "title", "status", "code", "instance"],
    # Values of the sentence stand beside it.
    "additionalProperties": True,
}
_HEADERS: Final = {
    "RateLimitPolicy": ("string", "The limit of the caller's place: its name, `q` requests in `w`"),
    "RateLimit": ("string", "What is left of it: `r` requests, all of them again after `t`"),
    "RetryAfter": ("integer", "Seconds to wait"),
    "Location": ("string", "Where what was made is read from now on"),
    "IdempotencyReplayed": ("string", "`true` where the key had been used for this before"),
    "WwwAuthenticate": ("string", "`Bearer`"),
}
_EVERY_ANSWER: Final = {"RateLimit-Policy": "RateLimitPolicy", "RateLimit": "RateLimit"}
_PARAMETERS: Final = {
    "Locale": {
        "name": "locale",
        "in": "query",
        "description": "The language of sentences, such as `fr` or `zh-cn`; English without it.",
        "schema": {"type": "string"},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "The caller's own name for this request: sent again, it is done once.",
        "schema": {"type": "string", "pattern": "^[!-~]+$", "maxLength": LONGEST_KEY},
    },
    "CsrfToken": {
        "name": "X-CSRF-Token",
        "in": "header",
        "description": "With a session instead of a key: its token, from `/api/v1/session`.",
        "schema": {"type": "string"},
    },
    "Limit": {
        "name": "limit",
        "in": "query",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST},
    },
    "Cursor": {
        "name": "cursor",
        "in": "query",
        "description": "`next_cursor` of the page before.",
        "schema": {"type": "string"},
    },
}
_OF_LETTERS: Final = {
    "webhook-id": "The event's; it stays the same in every try, so a repeat is known by it.",
    "webhook-timestamp": "When this try was made, in whole seconds of 1970.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 of id, timestamp and body, joined by points,"
    " under the address's secret; two of them within a day of a new one.",
    "Entrepot-Delivery": "Which letter this is.",
    "Entrepot-Attempt": "Which try of it this is.",
}


def document(app: Flask) -> dict[str, Any]:
    """Return the document of an app's routes."""
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for rule, said in described_routes(app):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths[_path(rule)][method.lower()] = _operation(app, rule, method, said)
    return {
        "openapi": "3.1.1",
        "info": _INFO | {"version": version("entrepot")},
        "servers": [{"url": settings().base_url}],
        "paths": dict(paths),
        "webhooks": {kind: {"post": _told(kind, letter)} for kind, letter in letters().items()},
        "components": {
            "schemas": {**schemas(), "Problem": _PROBLEM_SCHEMA},
            "parameters": _PARAMETERS,
            "headers": {
                name: {"schema": {"type": kind}, "description": said}
                for name, (kind, said) in _HEADERS.items()
            },
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key of `/account/keys`, made for the scopes that are named.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": app.config["SESSION_COOKIE_NAME"],
                    "description": "Of whoever is signed in; a write brings its token, too.",
                },
            },
        },
    }


def described_routes(app: Flask) -> Iterator[tuple[Rule, Described]]:
    """Yield the routes of the document, by path and method, each with what its view says."""
    rules = sorted(app.url_map.iter_rules(), key=lambda one: (one.rule, sorted(one.methods or ())))
    for rule in rules:
        said = getattr(app.view_functions[rule.endpoint], "described", None)
        if said is not None:
            yield rule, said


def _path(rule: Rule) -> str:
    return _ARGUMENT.sub(r"{\1}", rule.rule)


def _operation(app: Flask, rule: Rule, method: str, said: Described) -> dict[str, Any]:
    view = app.view_functions[rule.endpoint]
    is_open, scope = getattr(view, "permission", None) is None, getattr(view, "scope", "")
    is_write = method != "GET" and not is_open
    found: dict[str, Any] = {
        "operationId": rule.endpoint,
        "tags": [_path(rule).removeprefix(_ROOT).split("/")[-1 if _is_short(rule) else 2]],
        "summary": " ".join((view.__doc__ or "").strip().split("\n\n")[0].split()),
        "security": [] if is_open else _keys(scope),
        "parameters": list(_parameters(rule, said, is_write=is_write)),
        "responses": _answers(said) | _refusals(said, is_open=is_open, is_write=is_write),
    }
    if said.takes:
        found["requestBody"] = {
            "required": True,
            "content": {said.form: {"schema": ref(said.takes)}},
        }
    return found


def _is_short(rule: Rule) -> bool:
    return rule.rule.count("/") <= 3


def _keys(scope: str) -> list[dict[str, list[str]]]:
    """Return by what an operation opens: a key of a scope or a session, or the latter alone."""
    return [{"key": [scope]}, {"session": []}] if scope else [{"session": []}]


def _parameters(rule: Rule, said: Described, *, is_write: bool) -> Iterator[dict[str, Any]]:
    for name in _ARGUMENT.findall(rule.rule):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    for name, schema in said.asks.items():
        yield {"name": name, "in": "query", "schema": schema}
    named = ["Locale"]
    named += ["Limit", "Cursor"] if said.is_list else []
    named += ["CsrfToken"] if is_write else []
    named += ["IdempotencyKey"] if said.is_once else []
    for name in named:
        yield {"$ref": f"#/components/parameters/{name}"}


def _answers(said: Described) -> dict[str, Any]:
    found = {}
    for status, name in said.answers.items():
        headers = dict(_EVERY_ANSWER)
        if status == 201 and said.form == _JSON:
            headers["Location"] = "Location"
        if said.is_once:
            headers["Idempotency-Replayed"] = "IdempotencyReplayed"
        is_file = "/" in name
        content = {name: {}} if is_file else {_JSON: {"schema": ref(name)}}
        found[str(status)] = {
            "description": "A file." if is_file else _WHAT.get(status, "It is answered."),
            "headers": _headers(headers),
            "content": content,
        }
    return found


_WHAT: Final = {
    200: "It is so, or was done before.",
    201: "It was made.",
    202: "It waits for somebody's yes; nothing was charged.",
}


def _refusals(said: Described, *, is_open: bool, is_write: bool) -> dict[str, Any]:
    """Return the problems of an operation: by status, each with its codes."""
    codes: dict[int, set[str]] = defaultdict(set)
    for error in _every_refusal(said, is_open=is_open, is_write=is_write):
        codes[error.status].add(error.code)
    if said.takes:
        codes[413].add(HouseError.code)
    found = {}
    for status, known in sorted(codes.items()):
        headers = dict(_EVERY_ANSWER)
        headers |= {"Retry-After": "RetryAfter"} if status in {429, 503} else {}
        headers |= {"WWW-Authenticate": "WwwAuthenticate"} if status == 401 else {}
        schema = {
            "allOf": [
                ref("Problem"),
                {"properties": {"status": {"const": status}, "code": {"enum": sorted(known)}}},
            ]
        }
        found[str(status)] = {
            "description": "Refused.",
            "headers": _headers(headers),
            "content": {_PROBLEM: {"schema": schema}},
        }
    return found


def _every_refusal(said: Described, *, is_open: bool, is_write: bool) -> Iterator[type[HouseError]]:
    yield from (HouseError, TooFast, Upstream)
    yield from said.refuses
    if not is_open:
        yield from _kinds_of(NotSignedIn)
        yield from (Forbidden, ScopeMissing, FactorFirst, WasAway, SignedInLong)
    if is_write:
        yield NotFromOurPage
    if said.takes and said.form == _JSON:
        yield from (JsonExpected, JsonUnreadable, Invalid)
    if said.asks or said.is_list:
        yield Invalid
    if said.is_list:
        yield CursorUnknown
    if said.is_once:
        yield KeyMissing


def _kinds_of(base: type[HouseError]) -> Iterable[type[HouseError]]:
    return (error for error in concrete_errors() if issubclass(error, base))


def _headers(named: dict[str, str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{stands}"} for name, stands in named.items()}


def _told(kind: str, letter: Letter) -> dict[str, Any]:
    """Return a letter to a webhook. Source: Standard Webhooks 1.0."""
    return {
        "operationId": kind,
        "summary": letter.when,
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": said,
                "schema": {"type": "string"},
            }
            for name, said in _OF_LETTERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {_JSON: {"schema": letter_schema(kind, letter)}},
        },
        "responses": {
            "2XX": {"description": "It has arrived."},
            "410": {"description": "Nothing more is sent to the address."},
            "default": {"description": "It is sent again, for about three days."},
        },
    }


def letter_schema(kind: str, letter: Letter) -> Schema:
    """Return what the body of a letter is."""
    return {
        "type": "object",
        "properties": {
            "type": always(kind),
            "timestamp": {"type": "string"},
            "data": ref(letter.data),
        },
        "required": ["type", "timestamp", "data"],
    }
