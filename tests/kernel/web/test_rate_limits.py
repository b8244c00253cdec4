"""A flood from one place is slowed down; people are not, and nobody elsewhere notices."""

from __future__ import annotations

import dataclasses
import json
import time
from pathlib import Path

import pytest

from kernel import alarms
from kernel import app as kernel_app
from kernel.config import settings
from kernel.db import counting_queries
from kernel.web import rate_limits, refusals
from kernel.web.assets import asset
from kernel.web.rate_limits import MOST_PLACES, Counts, Limit, limits, place
from tests.asking import heading

HERE, THERE = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "203.0.113.8"}
FEW = 3


@pytest.fixture
def few(app, monkeypatch):
    """The house with limits that a test reaches, and nobody counted yet."""
    small = {
        key: dataclasses.replace(one, per_second=0.1, burst=FEW) for key, one in limits().items()
    }
    monkeypatch.setattr(rate_limits, "limits", lambda: small)
    monkeypatch.setattr(refusals, "TALLY", refusals.Tally())


@pytest.fixture
def visitor(few, db):
    """A browser of an application of its own: counts are those of a process."""
    return kernel_app.create_app().test_client()


def flood(visitor, address, **where):
    answers = [visitor.get(address, environ_overrides=where or HERE) for _ in range(FEW + 1)]
    assert 429 not in {answer.status_code for answer in answers[:-1]}
    for answer in answers:
        answer.close()
    return answers[-1]


def test_a_flood_meets_a_page_in_its_language_that_costs_nothing(visitor):
    flood(visitor, "/fr/settings")
    visitor.get("/fr/settings", environ_overrides=HERE)  # the second is counted, like the first
    with counting_queries() as count:
        refused = visitor.get("/fr/settings", environ_overrides=HERE)

    assert (refused.status_code, refused.mimetype) == (429, "text/html")
    assert 0 < int(refused.headers["Retry-After"]) <= 10
    assert 'lang="fr"' in refused.text
    assert heading(refused)
    assert len(count) == 0, count.statements
    assert refused.headers["X-Request-Id"] in refused.text
    assert "RateLimit" not in refused.headers


def test_whoever_watches_is_told_of_a_flood_once_a_minute_and_how_large_it_is(
    visitor, caplog, monkeypatch
):
    counted = []
    monkeypatch.setattr(alarms, "count", lambda **told: counted.append(told))

    flood(visitor, "/en/settings")
    for _ in range(14):
        visitor.get("/api/v1/suggest?q=tea", environ_overrides=HERE)

    told = [one.fields for one in caplog.records if "refused" in getattr(one, "fields", {})]
    assert told == [{"refused": "flood", "code": "too_fast", "who": "", "network": "203.0.113.x"}]
    assert [one["kind"] for one in counted] == 4 * [alarms.Kind.FLOOD]
    assert sum(one["more"] for one in counted) == 8


def test_nobody_elsewhere_notices(visitor):
    assert flood(visitor, "/en/settings").status_code == 429

    assert visitor.get("/en/settings", environ_overrides=THERE).status_code == 200


def test_a_form_that_is_sent_too_fast_is_not_carried_out(visitor):
    flood(visitor, "/en/settings")

    refused = visitor.post("/en/settings", environ_overrides=HERE)

    assert refused.status_code == 429
    assert "Set-Cookie" not in refused.headers


def test_a_program_is_told_where_it_stands_and_how_long_to_wait(visitor):
    address = "/api/v1/search?q=tea"
    first = visitor.get(address, environ_overrides=HERE)
    second = visitor.get(address, environ_overrides=HERE)
    visitor.get(address, environ_overrides=HERE)
    refused = visitor.get(address, environ_overrides=HERE)

    assert first.headers["RateLimit-Policy"] == '"api";q=3;w=30'
    assert (first.headers["RateLimit"], second.headers["RateLimit"]) == (
        '"api";r=2;t=10',
        '"api";r=1;t=20',
    )
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert refused.json["code"] == "too_fast"
    assert refused.headers["RateLimit"].startswith('"api";r=0;t=')
    assert 0 < int(refused.headers["Retry-After"]) <= 10
    assert refused.json["retry_after"] == int(refused.headers["Retry-After"])


def test_search_completions_and_reports_are_counted_apart(visitor):
    assert flood(visitor, "/api/v1/search?q=tea").status_code == 429

    suggested = visitor.get("/api/v1/suggest?q=tea", environ_overrides=HERE)
    assert suggested.headers["RateLimit-Policy"].startswith('"suggest"')
    reported = visitor.post("/api/v1/policy-reports", environ_overrides=HERE)
    assert (reported.status_code, reported.headers["RateLimit"][:9]) == (415, '"reports"')
    assert flood(visitor, "/en/search?q=tea").status_code == 429
    assert visitor.get("/en/settings", environ_overrides=HERE).status_code == 200


@pytest.mark.parametrize(
    "address", ["/healthz", "/readyz", "/favicon.ico", "/media/nothing.webp", "/static/{sheet}"]
)
def test_what_costs_next_to_nothing_is_not_counted(visitor, address):
    address = address.replace("/static/{sheet}", asset("app.css"))

    assert flood(visitor, address).status_code != 429


def test_letters_of_the_card_network_are_not_counted(visitor):
    answers = [
        visitor.post("/webhooks/card-network", environ_overrides=HERE) for _ in range(FEW + 2)
    ]

    assert {answer.status_code for answer in answers} == {400}


def test_this_machine_is_not_counted(visitor):
    assert flood(visitor, "/en/settings", REMOTE_ADDR="127.0.0.1").status_code == 200


@pytest.mark.parametrize(("hops", "status"), [(0, 429), (1, 200)])
def test_whose_request_it_is_says_the_proxy_that_is_trusted(few, db, monkeypatch, hops, status):
    chosen = dataclasses.replace(settings(), trusted_proxies=hops)
    monkeypatch.setattr(kernel_app, "settings", lambda: chosen)
    visitor = kernel_app.create_app().test_client()

    answers = [
        visitor.get(
            "/en/settings", headers={"X-Forwarded-For": f"203.0.113.{n}"}, environ_overrides=THERE
        )
        for n in range(20, 20 + FEW + 1)
    ]

    assert answers[-1].status_code == status


@pytest.mark.parametrize(
    ("address", "one"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::4", "2001:0db8:0001:0002"),
        ("2001:db8:1:2:ffff::", "2001:0db8:0001:0002"),
        ("127.0.0.9", ""),
        ("::1", ""),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_a_place_is_an_address_or_the_network_of_a_house(address, one):
    assert place(address) == one


def refused_of(limit, times):
    counts = Counts()
    return sum(counts.take(limit, "school", at).wait > 0 for at in times)


def test_a_school_behind_one_address_is_never_slowed_down():
    """600 pupils open a page each in the first minute, then one every half minute for an hour."""
    begin = [n / 10 for n in range(600)]
    lesson = [60 + n / 20 for n in range(20 * 3600)]

    assert refused_of(limits()["pages"], begin + lesson) == 0


def test_a_flood_gets_no_more_than_its_share():
    pages = limits()["pages"]
    asked = [n / 1000 for n in range(60_000)]  # a thousand a second for a minute

    let_through = len(asked) - refused_of(pages, asked)

    assert let_through == pytest.approx(pages.burst + 60 * pages.per_second, abs=2)


def test_who_waits_as_long_as_was_said_is_let_in():
    counts, limit = Counts(), Limit("pages", 2, 4)
    for _ in range(4):
        assert counts.take(limit, "here", 0.0).wait == 0
    wait = counts.take(limit, "here", 0.0).wait

    assert wait == 1
    assert counts.take(limit, "here", float(wait)).wait == 0


def test_places_without_end_fill_no_memory():
    counts, limit = Counts(), Limit("pages", 1, 10)

    for n in range(3 * MOST_PLACES):
        counts.take(limit, str(n), 0.0)

    assert len(counts._until) <= MOST_PLACES


def test_counting_costs_a_page_next_to_nothing():
    counts, limit = Counts(), limits()["pages"]
    start = time.process_time()
    for n in range(10_000):
        counts.take(limit, place(f"203.0.113.{n % 200}"), n / 20)

    assert (time.process_time() - start) / 10_000 < 100e-6


def test_every_limit_has_its_reason():
    rows = json.loads((Path(rate_limits.__file__).parent / "data" / "rate_limits.json").read_text())
    assert {row["key"] for row in rows} == {"pages", "search", "suggest", "api", "reports"}
    assert all(row["reason"].startswith("House decision: ") and row["valid_from"] for row in rows)
