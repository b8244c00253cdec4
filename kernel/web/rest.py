"""What browsers report by themselves, what programs begin with, and what they read of all."""

from __future__ import annotations

import hashlib
import json

from flask import Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from kernel.web import described, openapi, policy_reports
from kernel.web.access import current_actor, public
from kernel.web.blueprints import rest_blueprint
from kernel.web.described import Described
from kernel.web.rate_limits import limited_as
from kernel.web.security import csrf_token

bp = rest_blueprint("api_reports", __name__)

# Units: seconds. It changes with a version alone, and its tag tells of that.
_DOCUMENT_KEPT = 3600

described.add_schemas(
    {
        "Session": described.answer(
            object=described.always("session"),
            is_signed_in=described.FLAG,
            csrf_token=described.TEXT,
        ),
        "Document": {"type": "object", "description": "This document."},
    }
)


@bp.post("/policy-reports")
@limited_as("reports")
@public
def hear_breaches() -> ResponseReturnValue:
    """Take a browser's report that a page wanted what its content security policy forbids."""
    request.max_content_length = policy_reports.LARGEST
    seen = policy_reports.read(request.mimetype, request.get_data(cache=False))
    policy_reports.TALLY.note(seen)
    return "", 204


@bp.get("/session")
@public
@described.described(Described(answers={200: "Session"}))
def session() -> ResponseReturnValue:
    """Return whether somebody is signed in, and the token that their writes have to carry.

    Pages elsewhere cannot read it: no answer of the house lets another origin in.
    """
    answer = jsonify(
        object="session", is_signed_in=current_actor().is_signed_in, csrf_token=csrf_token()
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/openapi.json")
@public
@described.described(Described(answers={200: "Document"}))
def openapi_document() -> ResponseReturnValue:
    """Return what programs can ask and do, as OpenAPI: read from the routes, once in a process."""
    known = current_app.extensions.get("openapi")
    if known is None:
        known = json.dumps(openapi.document(current_app), ensure_ascii=False).encode()
        current_app.extensions["openapi"] = known
    answer = Response(known, mimetype="application/json")
    answer.cache_control.public = True
    answer.cache_control.max_age = _DOCUMENT_KEPT
    answer.set_etag(hashlib.sha256(known).hexdigest()[:32])
    return answer.make_conditional(request)
