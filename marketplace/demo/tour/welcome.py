"""What the demonstration says to whoever started it: whom to be, where to look, what broke."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.demo.seed.known import PASSWORD
from marketplace.demo.tour.tour import SHOPPERS


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to sign in as. Shape: path is a page, in English, that only makes sense to them."""

    who: str
    email: str
    path: str
    sees: str


ACCOUNTS = (
    Account(
        "shopper",
        SHOPPERS[0].email,
        "/en/orders/",
        "what the tour bought: two parcels, the paid claim, messages, the wallet",
    ),
    Account(
        "regular",
        "camille@example.com",
        "/en/",
        "a regular with an order under way, a wallet, reviews and lists: buy, insure, ask",
    ),
    Account(
        "vendor",
        "owner@qinglan.example.com",
        "/en/desk/",
        "a shop in Jingdezhen: orders to pack, questions, messages, goods, earnings",
    ),
    Account(
        "operator",
        "operator@example.com",
        "/en/bank/books/",
        "the bank's books, disputes, reports to decide, the machinery",
    ),
    Account(
        "officer",
        "officer@example.com",
        "/en/bank/officers/",
        "who says they are somebody, and the second signature",
    ),
    Account(
        "underwriter",
        "underwriter@example.com",
        "/en/cover/desk",
        "claims to decide, and one to confirm",
    ),
    Account(
        "second underwriter",
        "underwriter2@example.com",
        "/en/cover/desk",
        "whoever confirms what the first one proposed",
    ),
    Account(
        "claims clerk",
        "claims@example.com",
        "/en/cover/desk",
        "whoever proposed how one claim ends, and may not confirm it",
    ),
)


def rows(base_url: str) -> Iterator[str]:
    """Yield what a person reads when the shop is open, in columns."""
    who, email, path = (
        max(len(text) for text in column)
        for column in zip(*((a.who, a.email, a.path) for a in ACCOUNTS), strict=True)
    )
    yield ""
    yield f"Open {base_url}/ and sign in; everybody's password is “{PASSWORD}”."
    yield "Who works for the house is asked for a code as well, which stands beside its field."
    yield ""
    for one in ACCOUNTS:
        yield f"   {one.who:<{who}}  {one.email:<{email}}  {one.path:<{path}}  {one.sees}"
    yield ""
    yield f"Every mail that was sent: {base_url}/en/mailbox/    Ctrl-C stops."


def other(port: int) -> int:
    """Return a port to try instead."""
    return port + 1 if port < 65535 else 8000
