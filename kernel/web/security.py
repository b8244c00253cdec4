"""What every answer carries and every write must prove: headers, and that our page sent it."""

from __future__ import annotations

import base64
import hmac
import secrets

from flask import Flask, Response, g, request, session

from kernel.config import settings
from kernel.errors import Forbidden, NotSignedIn
from kernel.ids import new_id
from kernel.logging import request_id
from kernel.text import N_
from kernel.web.access import current_actor, risk_of_view
from kernel.web.arguments import check_form
from kernel.web.session_limits import Risk

# An address without a host is read beside the page's own; both ways, as not all browsers know both.
_REPORTS = "/api/v1/policy-reports"
REPORTED = f"report-uri {_REPORTS}; report-to policy"
_CSP = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "frame-src 'self'",
        "form-action 'self'{hosted}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        REPORTED,
    ]
)
_SAFE = {"GET", "HEAD", "OPTIONS"}
# Whoever sits down at the same browser next finds nothing of money and of ways in, by no way back;
# nor of the pages elsewhere that ask as soon as the bank does.
# Source: OWASP ASVS 5.0, 14.3.2; RFC 9111, section 5.2.2.5.
_KEPT_NOWHERE = ("banking.", "kernel.people.")


class NotFromOurPage(Forbidden):
    """A write came without the token of our own form."""

    code = "not_from_our_page"
    message = N_("This form has expired. Please open the page again and resend it.")


def name_requests(app: Flask) -> None:
    """Give each request its own name before anything else happens to it."""

    @app.before_request
    def name() -> None:
        request_id.set(new_id().hex[-12:])


def install(app: Flask, *, hosted_origin: str = "") -> None:
    """Check writes before views, and dress answers after them."""
    csp = _CSP.format(hosted=f" {hosted_origin}" if hosted_origin else "")

    @app.before_request
    def check_write() -> None:
        # Where nothing listens nothing is written: that answer (404, 405) is the router's.
        is_heard = request.routing_exception is None
        view = app.view_functions.get(request.endpoint or "")
        # Before anything of the form is read: nobody sends forty megabytes without a name.
        if largest := getattr(view, "largest", 0):
            if current_actor().person_id is None:
                raise NotSignedIn
            request.max_content_length = largest
        if request.method not in _SAFE and is_heard and not _is_exempt(view):
            # What a browser sends along by itself opens nothing where a key has to be named.
            if current_actor().scopes is None:
                check_csrf()
            check_form(request.form)

    @app.after_request
    def dress(response: Response) -> Response:
        headers = response.headers
        headers["X-Request-Id"] = request_id.get()
        headers.setdefault("Content-Security-Policy", csp)
        headers.update(_of_every_answer())
        _say_who_keeps(response, app.view_functions.get(request.endpoint or ""))
        return response


def _of_every_answer() -> dict[str, str]:
    always = {
        "Reporting-Endpoints": f'policy="{_REPORTS}"',
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    }
    if settings().secure_cookies:
        always["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return always


def of_a_refusal() -> dict[str, str]:
    """Return what an answer carries that the server gives itself, before the house is asked."""
    policy = {"Content-Security-Policy": _CSP.format(hosted=""), "Cache-Control": "no-store"}
    return _of_every_answer() | policy


def _say_who_keeps(response: Response, view: object) -> None:
    """Let no cache keep answers about money and ways in, and browsers alone keep other pages."""
    is_of_room = getattr(view, "__module__", "").startswith(_KEPT_NOWHERE)
    if is_of_room or risk_of_view(view) is Risk.BANK:
        response.headers["Cache-Control"] = "no-store"
    elif response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "private, no-cache")


def csrf_token() -> str:
    """Return the token of this visitor's session, made on first use, masked anew in each answer.

    Pages are compressed, and the length of two answers that say the same twice tells what it is
    (Source: BREACH, 2013). The mask differs each time, so there is nothing to say twice.
    """
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(18)
    token: str = session["csrf"]
    masking: tuple[str, str] = g.get("masked_csrf", ("", ""))
    known, masked = masking
    if known != token:
        masked = _masked(token.encode())
        g.masked_csrf = (token, masked)
    return masked


def _masked(token: bytes) -> str:
    mask = secrets.token_bytes(len(token))
    return base64.urlsafe_b64encode(mask + _crossed(mask, token)).decode()


def _unmasked(sent: str) -> bytes:
    """Return the token under a mask, nothing when there is none."""
    try:
        both = base64.urlsafe_b64decode(sent)
    except ValueError:
        return b""
    half = len(both) // 2
    return _crossed(both[:half], both[half:])


def _crossed(mask: bytes, token: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(mask, token, strict=False))


def check_csrf() -> None:
    """Refuse a write that our own page did not send.

    Raises: NotFromOurPage.
    """
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        raise NotFromOurPage
    sent = request.form.get("csrf_token") or request.headers.get("X-CSRF-Token") or ""
    token = session.get("csrf", "").encode()
    # The bare token too: it stands in no page, whoever knows it read the session.
    is_ours = [
        hmac.compare_digest(candidate, token) for candidate in (sent.encode(), _unmasked(sent))
    ]
    if not token or not any(is_ours):
        raise NotFromOurPage


def _is_exempt(view: object) -> bool:
    """Whether nobody's session stands behind a write: signed letters, and what anybody may send.

    A program that writes for somebody who is signed in brings the token of their session.
    """
    name = request.endpoint or ""
    is_anybodys = getattr(view, "permission", None) is None
    return name.startswith("webhooks.") or (name.startswith("api_") and is_anybodys)
