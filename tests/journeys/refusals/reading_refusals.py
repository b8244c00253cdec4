"""Who asks wrongly, how a form is sent, and what its answer says and stores."""

from __future__ import annotations

from bs4 import BeautifulSoup
from sqlalchemy import text

from banking import api as bank
from kernel.money import Money

TOKEN = {"csrf_token": "test-token"}
BUYER, STRANGER = "camille@example.com", "haruka@example.com"
VENDOR, RIVAL = "owner@qinglan.example.com", "owner@meijiawu.example.com"


def post(browser, address, **fields):
    return browser.post(address, data=TOKEN | fields)


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def said(answer):
    """The page's own words, on one line."""
    return " ".join(soup(answer).find("main").get_text(" ", strip=True).split())


def beside(answer, name):
    """The complaint beside a field, which the field itself points at."""
    page = soup(answer)
    field = page.find(attrs={"name": name, "aria-invalid": "true"})
    assert field is not None, f"{name} is not marked: {said(answer)[:300]}"
    assert f"e-{name}" in field["aria-describedby"].split()
    return page.find(id=f"e-{name}").get_text(" ", strip=True)


def rows(market, table, where="true"):
    return market.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one()


def exchange_quote(actor):
    return bank.fx_quote(
        owner_id=actor.person_id,
        sell="EUR",
        buy="USD",
        amount=Money.of("10", "EUR"),
        side="sell",
        actor=actor,
    )
