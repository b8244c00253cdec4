"""What hands do on pages: press, and expect to be led on."""

from __future__ import annotations

from banking import api as bank
from kernel.db import reading
from kernel.ids import new_id


def wallet(actor):
    with reading():
        return bank.wallet_for(owner_id=actor.person_id, currency="EUR")


def post(browser, address, **form):
    return browser.post(address, data={"csrf_token": "test-token", "key": str(new_id())} | form)


def made(browser, address, **form):
    answer = post(browser, address, **form)
    assert answer.status_code == 303, answer.text[-2000:]
    return answer.headers["Location"]
