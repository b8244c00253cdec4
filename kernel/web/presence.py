"""Whether somebody who is signed in is still there: what the session's cookie knows of it.

By the real clock: a demonstration that moves its own sends nobody away. The cookie is signed, and
an older copy of it says an earlier hour, so whoever keeps one gains nothing.
"""

from __future__ import annotations

import time
from datetime import timedelta

from flask import Flask, Response, g, request, session

from kernel.web.session_limits import NotThere, Risk, in_force, why_not

# How old the cookie's word may be before a page writes it anew. Units: seconds.
_WRITTEN_ANEW = 30


def arrived() -> dict[str, object]:
    """Return what the cookie keeps of somebody who proves themselves now."""
    now = int(time.time())
    return {"proven_at": now, "active_at": {Risk.BANK: now, Risk.STAFF: now}}


def prove() -> None:
    """Note that whoever is signed in proved themselves now."""
    session.update(arrived())


def refusal(risk: Risk) -> NotThere | None:
    """Return why somebody has to show again who they are, None while there is no need.

    An hour that has not come yet is of a clock that was ahead: it is as far from now as it looks.
    """
    now = time.time()
    active_at, proven_at = session.get("active_at", {}), session.get("proven_at", 0)
    return why_not(
        risk,
        idle=timedelta(seconds=abs(now - active_at.get(risk, 0))),
        proven=timedelta(seconds=abs(now - proven_at)),
    )


def require(risk: Risk) -> None:
    """Go on only for somebody who is still there. Raises: WasAway, SignedInLong."""
    refused = refusal(risk)
    if refused is not None:
        raise refused


def install(app: Flask) -> None:
    """Note after each page that somebody is there."""

    @app.after_request
    def note(response: Response) -> Response:
        # Only where the page asked who it is: a file reads no session and says `Vary` of none.
        if "_login_user" in g and "active_at" in session and _is_by_hand():
            _note_activity()
        return response


def _note_activity() -> None:
    """Keep the hour, but open nothing that has locked itself: for that it takes a proof."""
    now, active_at = int(time.time()), session["active_at"]
    limits = in_force().asking()
    seen = {
        risk: now
        for risk, limit in limits.items()
        if _WRITTEN_ANEW <= now - active_at.get(risk, 0) < limit.idle.total_seconds()
    }
    if seen:
        session["active_at"] = active_at | seen


def _is_by_hand() -> bool:
    """Whether a person asked for this, and no script, picture or page that is fetched ahead.

    Source: Fetch Metadata Request Headers (W3C), `Sec-Fetch-Mode`; browsers without it send none.
    """
    if "Sec-Purpose" in request.headers:
        return False
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    return request.method == "POST" or mode == "navigate"
