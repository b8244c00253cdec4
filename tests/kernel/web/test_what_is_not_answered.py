"""What a browser, a search engine or somebody curious asks for and does not get."""

from __future__ import annotations

import dataclasses

import pytest

from kernel.app import create_app
from kernel.config import settings
from kernel.ops.mailbox import views as mailbox
from kernel.web import security, views

DOORS = ("/", "/en/sign-in", "/api/v1/suggest?q=tea", "/healthz", "/en/nowhere")


@pytest.mark.parametrize("address", DOORS)
def test_no_other_site_reads_what_we_answer(client, address):
    for method in ("GET", "OPTIONS"):
        asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
        answer = client.open(address, method=method, headers=asked)

        assert [n for n, _ in answer.headers if n.lower().startswith("access-control")] == []


@pytest.mark.parametrize("address", DOORS)
def test_nobody_hears_their_own_request_again(client, address):
    answer = client.open(address, method="TRACE", headers={"X-Said": "harbour"})

    assert answer.status_code in {404, 405}
    assert "harbour" not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/static/",
        "/static/css/",
        "/media/",
        "/media/products/",
        "/.git/HEAD",
        "/static/../security.py",
        "/static/..%2f..%2fsecurity.py",
        "/media/../secret_key",
        "/media/%2e%2e/secret_key",
        "/media/%252e%252e/secret_key",
    ],
)
def test_folders_are_not_listed_and_nothing_beside_them_is_sent(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("field", [{"country": "J\0P"}, {"beside": "a\0b"}, {"a\0b": "JP"}])
def test_a_form_with_a_sign_that_nothing_stores_is_refused_before_any_field_is_read(client, field):
    with client.session_transaction() as kept:
        kept["csrf"] = "test-token"
    whole = {"csrf_token": "test-token", "language": "en", "country": "JP", "currency": "JPY"}

    assert client.post("/en/settings", data=whole | field).status_code == 422
    assert client.post("/en/settings", data=whole).status_code == 303


def test_what_belongs_to_a_demonstration_is_not_there_without_one(client, monkeypatch):
    shown = ["/en/dev/ui", "/en/mailbox/"]
    assert [client.get(address).status_code for address in shown] == [200, 200]

    real = dataclasses.replace(settings(), demo=False)
    for module in (views, mailbox):
        monkeypatch.setattr(module, "settings", lambda: real)

    assert [client.get(address).status_code for address in shown] == [404, 404]


def test_no_page_for_programmers_is_ever_open(app, monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")

    assert not app.debug
    assert not create_app().debug


@pytest.mark.parametrize("address", DOORS)
def test_a_browser_that_came_by_tls_comes_by_nothing_else_for_a_year(client, monkeypatch, address):
    safe = dataclasses.replace(settings(), secure_cookies=True)
    assert "Strict-Transport-Security" not in client.get(address).headers
    monkeypatch.setattr(security, "settings", lambda: safe)

    told = client.get(address).headers["Strict-Transport-Security"]

    age, _, rest = told.removeprefix("max-age=").partition(";")
    assert int(age) >= 365 * 24 * 60 * 60
    assert rest.strip() == "includeSubDomains"


@pytest.mark.parametrize("address", DOORS)
def test_a_page_brings_in_nothing_of_others_and_stands_in_no_frame(client, address):
    policy = dict(
        part.strip().split(" ", 1)
        for part in client.get(address).headers["Content-Security-Policy"].split(";")
    )

    ours_alone = {"'none'", "'self'", "'self' data:"}
    assert {"default-src", "base-uri", "frame-ancestors"} <= {
        name for name, sources in policy.items() if sources == "'none'"
    }
    assert {name for name, sources in policy.items() if sources not in ours_alone} <= {
        "form-action",  # leads to the card network's own page
        "report-to",
        "report-uri",
    }


def test_cookies_are_for_no_script_and_travel_with_no_request_of_others(client):
    with client.session_transaction() as kept:
        kept["csrf"] = "test-token"
    token = {"csrf_token": "test-token"}
    settings_ = {"language": "en", "country": "JP", "currency": "KRW"}
    answers = [
        client.get("/en/sign-in"),
        client.post("/en/settings", data=token | settings_),
        client.post("/en/sign-out", data=token),
    ]

    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert len(cookies) > 2
    assert [c for c in cookies if "HttpOnly" not in c or "SameSite=Lax" not in c] == []
