"""What a browser keeps of its visitor's choices: language, colours, the veil over amounts.

Over TLS their names begin with `__Host-`, like the session's: no other host of the domain can put
one there, and nobody who sits between without TLS.
"""

from __future__ import annotations

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from kernel.config import settings

_YEAR = 365 * 24 * 3600


def kept(name: str) -> str:
    """Return a choice as this browser keeps it, empty without one."""
    return request.cookies.get(_named(name), "")


def keep(response: Response | AnyResponse, name: str, value: str) -> None:
    """Let the browser keep a choice for a year."""
    response.set_cookie(
        _named(name),
        value,
        max_age=_YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings().secure_cookies,
    )


def _named(name: str) -> str:
    return f"__Host-{name}" if settings().secure_cookies else name
