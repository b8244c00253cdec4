"""Sends photographs to who may see them."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from kernel.media.photos import queries
from kernel.web import current_actor, public
from kernel.web.blueprints import root_blueprint
from kernel.web.files import looked_at

bp = root_blueprint("photos", __name__)


@bp.get("/media/photos/<uuid:photo_id>/<name>")
@public
def show(photo_id: UUID, name: str) -> ResponseReturnValue:
    """Send a photograph; asked for again, it is only asked whether it may still be seen."""
    etag = f"{photo_id}-{name}"
    is_held = request.if_none_match.contains_weak(etag)
    kind, content = queries.file_for(current_actor(), photo_id, name, is_held=is_held)
    if content is None:
        answer = Response(status=304)
        answer.set_etag(etag)
    else:
        answer = looked_at(content, kind=kind, etag=etag)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
