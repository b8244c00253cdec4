"""Money that a page writes is the money that a form reads, in every language and currency."""

from __future__ import annotations

import json
import random

import pytest

from kernel.events import decode, encode
from kernel.money import CURRENCIES, Money
from kernel.web.amounts import parse_amount, typed_amount
from kernel.web.formats import format_money
from kernel.web.i18n import use_locale
from kernel.web.preferences import LANGUAGES

_CHANCE = random.Random(48)
AMOUNTS = [
    0,
    1,
    9,
    10,
    99,
    100,
    999,
    1_000,
    1_234,
    99_999,
    100_000,
    1_234_567,
    10**15,
    10**15 + 1,
    *(_CHANCE.randrange(10**12) for _ in range(10)),
]


@pytest.mark.parametrize("locale", LANGUAGES.values())
def test_money_that_is_written_is_read_again_to_the_last_minor_unit(app, locale):
    changed = []
    with app.test_request_context("/en/"), use_locale(locale):
        for currency in CURRENCIES:
            for minor in (*AMOUNTS, *(-amount for amount in AMOUNTS)):
                money = Money(minor, currency)
                told = (
                    format_money(money, explicit=True),
                    format_money(money, explicit=False),
                    typed_amount(money, locale),
                )
                changed += [t for t in told if parse_amount(t, currency, locale) != money]
    assert changed == []


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
@pytest.mark.parametrize("minor", [10**15, 10**15 + 1, -(10**15) - 1])
def test_a_very_great_amount_survives_json(currency, minor):
    from banking.core.ledger.events import HoldExpired
    from kernel.ids import new_id

    money = Money(minor, currency)
    told = HoldExpired(hold_id=new_id(), account_key="k", released=money, reason="r", subject="s")

    again = decode(told.name, json.loads(json.dumps(encode(told))))

    assert again.released == money
