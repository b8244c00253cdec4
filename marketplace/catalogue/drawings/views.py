"""Sends drawings."""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from kernel.web import public
from marketplace.catalogue.drawings import queries

bp = Blueprint("drawings", __name__, url_prefix="/media/drawn")
_YEAR = 31_536_000


@bp.get("/<name>")
@public
def show(name: str) -> ResponseReturnValue:
    """Send a drawing; the address holds all it is made of, so it is kept for good."""
    response = Response(queries.svg(name), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    # Opened by itself, the drawing may use its own colours, and nothing else.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response
