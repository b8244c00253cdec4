"""Days that no calendar has, or that lie where calendars end."""

from __future__ import annotations

import pytest

from tests.banking.attacks.hands import made, post, wallet

CADENCES = ("weekly", "monthly", "quarterly", "yearly")
DAYS = [
    "9999-12-31",
    "9999-12-30",
    "2999-12-31",
    "2100-02-28",
    "0001-01-01",
    "1969-12-31",
    "2026-02-30",
    "٢٠٢٦-١٢-٠١",
    "20261201",
    "2026-W49-2",
    "2026-12-01T00:00",
    "tomorrow",
    "-1",
    "+",
    "2026-12-01\u0000",
]


@pytest.mark.parametrize("day", DAYS)
def test_no_day_is_a_fault_of_ours(owner, payee, browse, day):
    mine = browse(owner)
    begun = made(mine, "/en/bank/send", to=wallet(payee).iban, name="Camille Martin")
    result = made(mine, made(mine, begun, currency="EUR", amount="12.50"))
    regularly, orders = f"{result}/regularly", "/en/bank/statements/orders"
    later = made(mine, "/en/bank/send", to=wallet(payee).iban, name="Camille Martin")
    person = {"name": "A", "nationality": "FR", "street": "x 1", "postcode": "1", "city": "y"}

    asked = [
        *(post(mine, regularly, amount="9", cadence=one, first_on=day) for one in CADENCES),
        *(
            post(mine, regularly, amount="9", cadence=one, first_on="2026-12-31", last_on=day)
            for one in CADENCES
        ),
        post(mine, later, currency="EUR", amount="5", due_on=day),
        post(mine, "/en/bank/pots/", name="Tea", currency="EUR", target="100", due_on=day),
        post(mine, orders, currency="EUR", format="csv", **{"from": day, "to": day}),
        post(mine, orders, currency="EUR", format="pdf", **{"from": "2026-11-01", "to": day}),
        post(mine, "/en/bank/verify", born_on=day, country="FR", **person),
        mine.get("/en/bank/movements/", query_string={"from": day, "to": day}),
        # Read to its end: what is still being written keeps the page, and what it has read, open.
        mine.get("/en/bank/movements/table.csv", query_string={"to": day}, buffered=True),
        mine.get("/en/bank/statements/fees", query_string={"year": day}),
    ]
    led = [mine.get(one.headers["Location"]) for one in asked if one.status_code == 303]
    lists = [mine.get(f"/en/bank/{one}") for one in ("standing", "pots/", "statements/")]

    assert [one.status_code for one in (*asked, *led, *lists) if one.status_code >= 500] == []
    assert {one.status_code for one in lists} == {200}
