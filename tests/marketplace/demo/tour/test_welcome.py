"""Who the demonstration names can sign in, and reads a page made for them."""

import json

from marketplace.demo.seed import seed
from marketplace.demo.seed.known import PASSWORD
from marketplace.demo.tour import tour, welcome


def test_everybody_named_stands_in_the_world():
    world = json.loads((seed.HERE / "data" / "people.json").read_text(encoding="utf-8"))
    known = {row["email"] for rows in world.values() for row in rows}
    known |= {shopper.email for shopper in tour.SHOPPERS}
    assert {account.email for account in welcome.ACCOUNTS} <= known


def test_the_columns_stand_under_each_other():
    said = list(welcome.rows("http://127.0.0.1:8001"))
    rows = [row for row in said if "@" in row]
    assert len(rows) == len(welcome.ACCOUNTS)
    for column in ("email", "path", "sees"):
        places = {
            row.index(getattr(account, column), 8)
            for row, account in zip(rows, welcome.ACCOUNTS, strict=True)
        }
        assert len(places) == 1, column
    assert PASSWORD in "\n".join(said)
