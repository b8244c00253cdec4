"""Every kind of answer carries what keeps browsers safe; cookies go where they were meant for."""

from __future__ import annotations

import dataclasses

import pytest

import kernel.web.views
from kernel import app as kernel_app
from kernel.config import settings
from kernel.web import choices, security
from kernel.web.assets import asset

REPORTS = "/api/v1/policy-reports"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Reporting-Endpoints": f'policy="{REPORTS}"',
}


def answers_of_every_kind(visitor, somebody):
    token = {"csrf_token": "test-token"}
    return {
        "page": (200, visitor.get("/en/settings")),
        "signed in": (200, somebody.get("/en/account")),
        "style": (200, visitor.get(asset("app.css"))),
        "picture": (200, visitor.get(asset("img/mark.svg"))),
        "script": (200, visitor.get(asset("js/app.js"))),
        "no such file": (404, visitor.get("/static/nothing.css")),
        "robots": (200, visitor.get("/robots.txt")),
        "site map": (200, visitor.get("/sitemap.xml")),
        "table": (200, somebody.get("/en/account/security/log.csv")),
        "own words": (200, somebody.get("/en/account/words/words.json")),
        "front door": (302, visitor.get("/")),
        "to the door": (303, visitor.get("/en/account")),
        "missing": (404, visitor.get("/en/nowhere")),
        "unknown language": (404, visitor.get("/xx/settings")),
        "other method": (405, visitor.get("/en/sign-out")),
        "options": (200, visitor.options("/en/settings")),
        "head": (200, visitor.head("/en/settings")),
        "forged": (403, somebody.post("/en/sign-out")),
        "refused": (422, somebody.post("/en/settings", data=token)),
        "too large": (413, somebody.post("/en/settings", data=b"x" * (17 * 1024 * 1024))),
        "alive": (200, visitor.get("/healthz")),
        "json": (200, visitor.get("/api/v1/suggest?q=tea")),
        "problem": (404, visitor.get("/api/v1/nothing")),
        "webhook": (400, visitor.post("/webhooks/card-network", data=b"{}")),
        "report": (415, visitor.post(REPORTS, data=b"{}")),
    }


def test_every_kind_of_answer_carries_every_header(app, client, as_, make_person, monkeypatch):
    kinds = answers_of_every_kind(client, as_(make_person()))
    monkeypatch.setitem(app.view_functions, "shell_pages.chooser", lambda **_: 1 / 0)
    kinds["broken"] = (500, client.get("/en/settings"))

    assert {what: answer.status_code for what, (_, answer) in kinds.items()} == {
        what: status for what, (status, _) in kinds.items()
    }
    for what, (_, answer) in kinds.items():
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS, what
        told = answer.headers["Content-Security-Policy"]
        policy = {part.partition(" ")[0]: part.partition(" ")[2] for part in told.split("; ")}
        assert policy["default-src"] == "'none'", what
        assert (policy["report-uri"], policy["report-to"]) == (REPORTS, "policy"), what
        assert "unsafe" not in str(policy), what
        assert "Server" not in answer.headers, what
        assert "Access-Control-Allow-Origin" not in answer.headers, what
        answer.close()


@pytest.fixture
def over_tls(monkeypatch, db):
    """A browser of a house whose cookies travel over TLS only."""
    chosen = dataclasses.replace(settings(), secure_cookies=True)
    for module in (kernel_app, security, kernel.web.views, choices):
        monkeypatch.setattr(module, "settings", lambda: chosen)
    return kernel_app.create_app().test_client()


def cookies_set(answer):
    return {line.split("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def test_over_tls_the_session_is_bound_to_this_host(over_tls):
    page = over_tls.get("/en/sign-in", base_url="https://shop.example")
    with over_tls.session_transaction(base_url="https://shop.example") as kept:
        token = kept["csrf"]
    chosen = over_tls.post(
        "/en/settings",
        data={"csrf_token": token, "language": "en", "country": "JP", "currency": "JPY"},
        base_url="https://shop.example",
    )

    session = cookies_set(page)["__Host-entrepot"]
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(session.split("; "))
    assert "Domain" not in session
    assert chosen.status_code == 303
    assert all("; Secure;" in line for line in cookies_set(chosen).values()), cookies_set(chosen)
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_over_tls_choices_are_kept_and_heard_under_names_of_this_host_alone(over_tls):
    at = {"base_url": "https://shop.example"}
    page = over_tls.get("/en/sign-in", **at)
    with over_tls.session_transaction(**at) as kept:
        token = kept["csrf"]
    form = {"csrf_token": token, "country": "JP", "currency": "JPY", "theme": "dark"}
    chosen = over_tls.post("/en/settings", data=form | {"language": "ar"}, **at)

    told = cookies_set(chosen) | cookies_set(page)
    assert all(name.startswith("__Host-") for name in told), told
    for name in ("__Host-language", "__Host-theme"):
        assert "Path=/" in told[name].split("; ")
        assert "Domain" not in told[name]
    assert over_tls.get("/", **at).location.endswith("/ar/")
    assert 'data-theme="dark"' in over_tls.get("/en/sign-in", **at).text

    stranger = over_tls.application.test_client()
    for name, value in (("language", "ar"), ("theme", "dark")):
        stranger.set_cookie(name, value, domain="shop.example")
    assert stranger.get("/", **at).location.endswith("/en/")
    assert 'data-theme="dark"' not in stranger.get("/en/sign-in", **at).text


def test_a_demonstration_without_tls_keeps_the_plain_name(client):
    page = client.get("/en/sign-in")

    session = cookies_set(page)["entrepot"]
    assert "Secure" not in session
    assert "Strict-Transport-Security" not in page.headers
