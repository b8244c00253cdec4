"""Guesses, forgeries and wrong ways in are refused; every answer is dressed, a broken one too."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

import marketplace.demo.seed
from kernel import clock as house_clock
from kernel.ids import new_id
from marketplace.shop.storefront import front_page as storefront
from tests.asking import says
from tests.journeys.refusals.reading_refusals import BUYER, TOKEN, exchange_quote, post, said, soup

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_sent_from_another_site_is_refused_even_with_the_token(mine, site):
    answer = mine.post("/en/sign-out", data=TOKEN, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 403
    assert mine.get("/en/account").status_code == 200


def test_guessing_passwords_ends_in_a_wait_that_even_the_right_one_keeps(browse):
    browser = browse()

    def try_password(password):
        return post(browser, "/en/sign-in", email=BUYER, password=password)

    guesses = [try_password(f"guess number {n}").status_code for n in range(8)]
    locked = try_password("harbour lantern 1852")

    assert guesses == [422] * 8
    assert locked.status_code == 429
    assert 0 < int(locked.headers["Retry-After"]) <= 15 * 60
    assert says(
        said(locked), "Too many failed attempts. Try again in %(minutes)d minutes.", minutes=15
    )
    house_clock.freeze(house_clock.now() + timedelta(minutes=16))
    assert try_password("harbour lantern 1852").status_code == 303


def test_acts_have_no_page_and_pages_take_no_forms(app, mine):
    answers = {}
    for rule in app.url_map.iter_rules():
        kinds = {name: type(kind).__name__ for name, kind in rule._converters.items()}
        keys = {n: str(new_id()) if kind == "UUIDConverter" else "1" for n, kind in kinds.items()}
        with app.test_request_context("/en/"):
            bound = app.url_map.bind("localhost")
            address = bound.build(rule.endpoint, keys | {"lang": "en"}).partition("?")[0]
        methods = set(bound.allowed_methods(address))
        if "POST" in methods and "GET" not in methods:
            answers["GET", address] = mine.get(address)
        if "GET" in methods and "POST" not in methods and address.startswith("/en/"):
            answers["POST", address] = post(mine, address)

    assert len(answers) > 50
    wrong = {
        key: answer.status_code
        for key, answer in answers.items()
        if answer.status_code != 405 or key[0] in answer.headers["Allow"]
    }
    assert wrong == {}


def test_every_kind_of_answer_carries_the_headers(browse, mine, buyer, monkeypatch):
    monkeypatch.setattr(storefront, "home", lambda prefs: 1 / 0)
    stylesheet = soup(mine.get("/en/settings")).select_one("link[rel=stylesheet]")["href"]
    picture = soup(mine.get("/en/goods/")).select_one(".card img")["src"]
    answers = {
        "page": (200, mine.get("/en/cart/")),
        "redirect": (303, browse().get("/en/account")),
        "front door": (302, browse().get("/")),
        "forbidden": (403, mine.get("/en/operations/machinery")),
        "missing": (404, mine.get("/en/nowhere")),
        "refused": (422, post(mine, "/en/settings")),
        "impossible": (409, post(mine, f"/en/bank/exchange/{exchange_quote(buyer).id}")),
        "forged": (403, mine.post("/en/sign-out")),
        "broken": (500, mine.get("/en/")),
        "json": (200, browse().get("/api/v1/suggest?q=tea")),
        "problem": (404, browse().get("/api/v1/nothing")),
        "webhook": (400, browse().post("/webhooks/card-network", data=b"{}")),
        "alive": (200, browse().get("/healthz")),
        "ready": (200, browse().get("/readyz")),
        "style": (200, browse().get(stylesheet)),
        "picture": (200, browse().get(picture)),
    }

    assert {what: answer.status_code for what, (_, answer) in answers.items()} == {
        what: status for what, (status, _) in answers.items()
    }
    for what, (_, answer) in answers.items():
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), what
        assert "unsafe" not in policy, what
        assert "script-src 'self'" in policy, what
        assert "frame-ancestors 'none'" in policy, what
        assert answer.headers["X-Content-Type-Options"] == "nosniff", what
        assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin", what
        assert answer.headers["X-Request-Id"], what
        answer.close()


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Something went wrong on our side."), ("ar", "ع"), ("zh-cn", "我们")]
)
def test_a_broken_page_says_so_in_its_language_with_a_reference_and_no_detail(
    browse, monkeypatch, lang, words
):
    monkeypatch.setattr(storefront, "home", lambda prefs: 1 / 0)

    answer = browse().get(f"/{lang}/")

    assert answer.status_code == 500
    assert soup(answer).html["lang"].lower() == lang
    assert words in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "Traceback" not in answer.text


def test_health_says_alive_and_ready(browse):
    assert browse().get("/healthz").json == {"status": "ok"}
    ready = browse().get("/readyz")
    assert ready.json["parts"]["database"] == "ok"
    assert ready.headers["Cache-Control"] == "no-store"


def test_the_password_of_the_demonstration_stands_in_no_data_file():
    data = Path(marketplace.demo.seed.__file__).parent / "data"
    assert not any(
        "harbour lantern" in json.dumps(json.loads(path.read_text(encoding="utf-8")))
        for path in data.rglob("*.json")
    )
