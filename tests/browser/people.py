"""Who lives in the past of the market, and a browser without scripts for each of them."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from kernel.actor import Actor
from kernel.web import presence

BUYER, VENDOR = "camille@example.com", "owner@qinglan.example.com"
OPERATOR, UNDERWRITER = "operator@example.com", "underwriter@example.com"
NEWCOMER, RIVAL = "newcomer@example.com", "owner@fibbia.example.com"
LISTED, SHOPPER = "mirela@example.com", "shopper@example.com"
# An operator of yesterday, who has a password and no second factor yet.
APPOINTED = "appointed@example.com"
# A treasurer of an insurer, who answers the letters that ask it for money.
TREASURER = "treasurer@lys.example.com"
# Somebody who buys without an account, and whose letter's link is followed.
GUEST = "noor.guest@example.com"
PEOPLE = (
    BUYER,
    VENDOR,
    OPERATOR,
    UNDERWRITER,
    NEWCOMER,
    RIVAL,
    LISTED,
    SHOPPER,
    APPOINTED,
    TREASURER,
)


def browser(app: Flask, actor: Actor | None) -> FlaskClient:
    """Return a browser without scripts, somebody's or nobody's."""
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update(cookies(actor))
    return client


def cookies(actor: Actor | None) -> dict[str, object]:
    """Return what the session of a visitor in France holds."""
    kept: dict[str, object] = {"csrf": "test-token", "country": "FR", "currency": "EUR"}
    return kept | ({"_user_id": str(actor.session_id)} | presence.arrived() if actor else {})


def post(client: FlaskClient, address: str, **fields: str) -> str:
    answer = client.post(address, data={"csrf_token": "test-token"} | fields)
    assert answer.status_code == 303, (address, answer.status_code, answer.text[-3000:])
    return answer.headers["Location"]
