"""The one place that turns an error into a page or an RFC 9457 problem."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from kernel import clock
from kernel.errors import HouseError, Invalid, LimitExceeded, NotFound, NotSignedIn, Upstream
from kernel.logging import log, request_id
from kernel.money import Money
from kernel.telemetry import outages
from kernel.web import i18n, kept_forms, refusals, telemetry
from kernel.web.access import AccountFirst
from kernel.web.preferences import LANGUAGES
from kernel.web.rendering import flash_refusal, own_address, render
from kernel.web.session_limits import NotThere

_STATIC = Path(__file__).parent / "static" / "dist" / "errors"
_TOLD = (str, int, bool, Money, date)
_OWN_PAGES = {403, 404, 405, 409, 410, 413, 422, 429}


def install(app: Flask) -> None:
    """Catch what views raise."""
    app.register_error_handler(HouseError, answer)
    app.register_error_handler(HTTPException, _from_werkzeug)
    for failure in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(failure, _away)
    app.register_error_handler(Exception, _bug)


def answer(error: HouseError) -> ResponseReturnValue:
    """Return the page or problem for an error."""
    telemetry.note_refusal(error)
    refusals.note(error)
    if _wants_json():
        return _problem_with_wait(error)
    if isinstance(error, NotSignedIn):
        return _to_sign_in(error)
    if isinstance(error, NotThere):
        return _to_confirm(error)
    if error.way:
        return redirect(url_for(error.way, next=_back()), 303)
    if error.status >= 500:
        return static_page(error.status)
    status = error.status if error.status in _OWN_PAGES else 409
    wait = error.retry_after if isinstance(error, LimitExceeded) else 0
    response = make_response(
        render(
            f"shell/errors/{status}.html",
            error=error,
            back=_came_from(),
            again_at=clock.now() + timedelta(seconds=wait) if wait else None,
        ),
        error.status,
    )
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _problem_with_wait(error: HouseError) -> Response:
    response = problem(error)
    if isinstance(error, LimitExceeded) and error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _came_from() -> str:
    """Return the page of ours that led here, empty without one or when it is this one."""
    referrer = urlsplit(request.referrer or "")
    if request.method == "GET" and referrer.path == request.path:
        return ""
    is_ours = referrer.netloc == request.host
    return own_address(f"{referrer.path}?{referrer.query}".rstrip("?")) if is_ours else ""


def _to_sign_in(error: NotSignedIn) -> ResponseReturnValue:
    """Lead to the door and back; whoever sent a form is told why it was not taken."""
    is_asked = request.method == "GET"
    if not is_asked or isinstance(error, AccountFirst):
        flash_refusal(error)
    if is_asked:
        return redirect(url_for("identity.sign_in", next=_back()), 303)
    return redirect(url_for("identity.sign_in", next=_twin() or _back() or None), 303)


def _to_confirm(error: NotThere) -> ResponseReturnValue:
    """Ask who is there and lead back; a form that was sent waits in the page that asks.

    Whoever pressed a button alone comes back to its page, which says anew what it does.
    """
    came_from = _came_from()
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for(error.way, why=error.risk, next=_back()), 303)
    if came_from and kept_forms.is_button():
        return redirect(url_for(error.way, why=error.risk, next=came_from, pressed=1), 303)
    g.kept_form = kept_forms.seal_form(back=came_from)
    g.locked = error.risk
    page = make_response(current_app.view_functions[error.way]())
    page.status_code = error.status
    page.headers["Cache-Control"] = "no-store"
    return page


def _twin() -> str:
    """Return this address when it is a page as well as a form's target, empty when it is not."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None, "a request has one"
    return request.path if adapter.test(method="GET") else ""


def _back() -> str:
    """Return the page to come back to: this one, or the one whose form was sent."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return own_address(urlsplit(request.referrer or "").path)


def problem(error: HouseError) -> Response:
    """Return RFC 9457 JSON; `type` carries the stable code."""
    say = i18n.translate
    body: dict[str, object] = {
        "type": f"urn:entrepot:error:{error.code}",
        "title": say(error.sentence),
        "status": error.status,
        "code": error.code,
        "instance": request_id.get(),
    }
    body |= {k: _plain(v) for k, v in error.data.items() if isinstance(v, _TOLD)}
    if isinstance(error, Invalid):
        body["errors"] = {name: say(sentence) for name, sentence in error.fields.items()}
    response = jsonify(body)
    response.status_code = error.status
    response.mimetype = "application/problem+json"
    return response


def _plain(value: object) -> object:
    """Return a value of a refusal as programs read it: money by its minor units, a day by ISO."""
    if isinstance(value, Money):
        return {"amount": value.minor, "currency": value.currency}
    return value.isoformat() if isinstance(value, date) else value


def static_page(status: int) -> Response:
    """Return the pre-rendered page of a failure in the URL's language: no database, no template."""
    locale = LANGUAGES.get(g.get("lang", "en"), "en")
    response = make_response(_prerendered(status, locale).replace("{reference}", request_id.get()))
    response.status_code = status
    if status == 503:
        response.headers["Retry-After"] = "10"
    return response


@cache
def _prerendered(status: int, locale: str) -> str:
    for name in (f"{status}.{locale}.html", f"{status}.en.html", "500.en.html"):
        if (_STATIC / name).exists():
            return (_STATIC / name).read_text(encoding="utf-8")
    return "<!doctype html><title>Entrepôt</title><p>{reference}</p>"


def _from_werkzeug(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    if error.code == 404:
        # For now: a browser that kept this for good would go in circles should the address that
        # was asked for become a page's own one day.
        meant = _without_slash()
        return redirect(meant, 302) if meant else answer(NotFound())
    wrapped = HouseError()
    wrapped.status = error.code  # type: ignore[misc]  # this instance speaks for an HTTP status
    if error.code == 405:
        return _other_methods(wrapped, sorted(getattr(error, "valid_methods", None) or ()))
    if _wants_json():
        return problem(wrapped)
    status = error.code if error.code in _OWN_PAGES else 422
    page = render(f"shell/errors/{status}.html", error=wrapped, back=_came_from(), again_at=None)
    return make_response(page, error.code)


def _without_slash() -> str | None:
    """Return the page that an address with a slash too many at its end meant, None for no page.

    The other way round, a slash too few, the router leads on by itself.
    """
    path, router = request.path.removesuffix("/"), current_app.create_url_adapter(request)
    is_asked = request.method in {"GET", "HEAD"} and path != request.path and not _wants_json()
    if router is None or not is_asked:
        return None
    try:
        endpoint, values = router.match(path, method="GET")
    except HTTPException:  # nobody is there either, or only further on
        return None
    if values.get("lang") not in LANGUAGES:
        return None
    asked = request.query_string.decode("latin-1")
    return f"{url_for(endpoint, **values)}{'?' if asked else ''}{asked}"


def _other_methods(wrapped: HouseError, methods: list[str]) -> ResponseReturnValue:
    """Return that the address takes other methods, and which."""
    if _wants_json():
        response = make_response(problem(wrapped))
    else:
        page = render("shell/errors/405.html", error=wrapped, back=_came_from())
        response = make_response(page, 405)
    response.headers["Allow"] = ", ".join(methods)
    return response


def _away(error: Exception) -> ResponseReturnValue:
    outages.tell(error, "a statement was given up")
    if _wants_json():
        return problem(Upstream())
    return static_page(503)


def _bug(error: Exception) -> ResponseReturnValue:
    log.exception("unexpected: %s", error)
    if _wants_json():
        return problem(HouseError())
    return static_page(500)


def _wants_json() -> bool:
    return request.path.startswith(("/api/", "/webhooks/"))
