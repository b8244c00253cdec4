"""What browsers report by themselves, and what programs of people who are signed in begin with."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from kernel.web import policy_reports
from kernel.web.access import current_actor, public
from kernel.web.blueprints import rest_blueprint
from kernel.web.rate_limits import limited_as
from kernel.web.security import csrf_token

bp = rest_blueprint("api_reports", __name__)


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
def session() -> ResponseReturnValue:
    """Return whether somebody is signed in, and the token that their writes have to carry.

    Pages elsewhere cannot read it: no answer of the house lets another origin in.
    """
    answer = jsonify(
        object="session", is_signed_in=current_actor().is_signed_in, csrf_token=csrf_token()
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
