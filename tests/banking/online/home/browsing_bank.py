"""Wallets with money, a company, and how the bank's pages are read and their forms are sent."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from sqlalchemy import text

from banking import api as bank
from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM
from kernel.ids import new_id
from kernel.money import Money


def make_wallet(actor, currency="EUR", amount="1000.00", *, owner_id=None, owner_kind="person"):
    wallet = bank.open_wallet(
        owner_id=owner_id or actor.person_id, owner_kind=owner_kind, currency=currency, actor=SYSTEM
    )
    if Money.of(amount, currency):
        give(wallet, Money.of(amount, currency))
    return wallet


def give(wallet, money):
    ledger.post(
        key=new_id(),
        kind="card_top_up",
        subject="T-TEST2345",
        actor=SYSTEM,
        legs=[
            ledger.Leg(wallet.account, money),
            ledger.Leg(ledger.AccountRef.house(bank.AccountKind.SUSPENSE, money.currency), -money),
        ],
    )


def make_company(db, actor):
    """Found a company that somebody works for."""
    company = new_id()
    db.execute(
        text(
            "INSERT INTO kernel.organisation (id, name, country, created_at)"
            " VALUES (:id, 'Takumi', 'JP', now())"
        ),
        {"id": company},
    )
    db.execute(
        text("INSERT INTO kernel.membership (person_id, organisation_id) VALUES (:p, :o)"),
        {"p": actor.person_id, "o": company},
    )
    return company


def page(response):
    found = BeautifulSoup(response.data, "html.parser")
    for space in ("\u00a0", "\u202f"):
        for words in found.find_all(string=re.compile(space)):
            words.replace_with(words.replace(space, " "))
    return found


def words(response):
    seen = " ".join(page(response).get_text(" ").split())
    return re.sub(r" (?=[.,:;])", "", seen)


def post(browser, address, **form):
    return browser.post(address, data={"csrf_token": "test-token"} | form)
