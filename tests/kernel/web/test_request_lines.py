"""Every request is one line: what was asked by its pattern, and what it cost."""

import logging

import pytest


@pytest.fixture
def told(caplog):
    caplog.set_level(logging.INFO, logger="entrepot.requests")
    return lambda: [r.fields for r in caplog.records if r.name == "entrepot.requests"]


def test_a_page_is_told_by_its_pattern_with_what_it_cost(client, told):
    answer = client.get("/en/sign-in?next=/en/account")

    [line] = told()
    assert line["ms"] > 0
    assert line == {
        "method": "GET",
        "route": "/<lang>/sign-in",
        "status": 200,
        "ms": line["ms"],
        "bytes": len(answer.data),
        "statements": line["statements"],
    }


def test_statements_are_those_of_this_request_alone(make_person, as_, told):
    browser = as_(make_person())
    for _ in range(3):
        browser.get("/en/account")

    _first, second, third = [line["statements"] for line in told()]
    assert 0 < second == third < 30


@pytest.mark.parametrize(
    ("address", "route", "status"),
    [
        ("/en/no-such-page", "none", 404),
        ("/en/bank/pay/secret-token-of-somebody", None, None),
        ("/xx/", "/<lang>/", 404),
    ],
)
def test_what_stands_in_an_address_is_never_told(client, told, address, route, status):
    answer = client.get(address)

    [line] = told()
    assert line["route"] == (route or line["route"])
    assert line["status"] == (status or answer.status_code)
    assert "secret" not in str(line)
