"""What browsers report by themselves."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from kernel.web import policy_reports
from kernel.web.access import public
from kernel.web.blueprints import rest_blueprint
from kernel.web.rate_limits import limited_as

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
