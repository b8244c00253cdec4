"""The steps of a payment in a browser, and how the bank's pages are read."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from banking import api as bank
from kernel.db import reading
from kernel.ids import new_id

OUTSIDE = "FR14 2004 1010 0505 0001 3M02 606"


def wallet(actor, currency="EUR"):
    with reading():
        return bank.wallet_for(owner_id=actor.person_id, currency=currency)


def post(browser, address, **form):
    return browser.post(address, data={"csrf_token": "test-token"} | form)


def soup(answer):
    return BeautifulSoup(answer.data, "html.parser")


def words(answer):
    seen = " ".join(soup(answer).get_text(" ").replace("\u00a0", " ").split())
    return re.sub(r" (?=[.,:;?!])", "", seen.replace("\u202f", " "))


def words_of(node, within=None):
    node = node.select_one(within) if within else node
    return " ".join(node.get_text(" ").replace("\u00a0", " ").split())


def at_amount(browser, to, name="Camille Martin"):
    """Say whom; return the address of the page that asks how much."""
    answer = post(browser, "/en/bank/send", to=to, name=name, key=str(new_id()))
    assert answer.status_code == 303, words(answer)
    return answer.headers["Location"]


def at_check(browser, to, amount, name="Camille Martin", **more):
    answer = post(browser, at_amount(browser, to, name), currency="EUR", amount=amount, **more)
    assert answer.status_code == 303, words(answer)
    return answer.headers["Location"]


def sent(browser, to, amount, name="Camille Martin", **more):
    answer = post(browser, at_check(browser, to, amount, name, **more))
    assert answer.status_code == 303, words(answer)
    return answer.headers["Location"]
