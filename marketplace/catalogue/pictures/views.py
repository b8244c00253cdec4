"""Sends pictures."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from kernel.media.storage.sending import send
from kernel.web import public
from marketplace.catalogue.pictures import queries

bp = Blueprint("pictures", __name__, url_prefix="/media/products")
_YEAR = 31_536_000
_A_MOMENT = 20


@bp.get("/<name>")
@public
def show(name: str) -> ResponseReturnValue:
    """Send a picture; names carry their content's hash, so a finished size is kept for good."""
    file = queries.file_of(name)
    response = send(file.name, mimetype=file.type, max_age=_A_MOMENT)
    if file.is_final:
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    return response
