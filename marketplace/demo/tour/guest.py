"""A guest of the story: no account and no wallet, a card, and the link in the letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from marketplace.demo.tour.tour import CARD
from marketplace.demo.tour.visitor import Visitor

Say = Callable[[str], None]

NAME: Final = "Eline Vos"
EMAIL: Final = "eline@example.com"
CITY: Final = "Utrecht"
_LANG, _COUNTRY, _CURRENCY = "en", "NL", "EUR"
PRODUCT: Final = "lysholm-rille-vase"
_ADDRESS = {"name": NAME, "line1": "Oudegracht 158", "postcode": "3511 AZ", "city": CITY}


def buy(base_url: str, page: str, say: Say) -> str:
    """Let the guest buy one thing by card, from its page; return the group."""
    visitor = Visitor(base_url, _LANG)
    visitor.open("/settings")
    visitor.send(
        'form[action$="/settings"]',
        {"language": _LANG, "country": _COUNTRY, "currency": _CURRENCY},
    )
    visitor.open(page)
    say(f"{NAME} in {CITY} wants {visitor.heading()}, and no account")
    visitor.send('form[action$="/cart/lines"]', {"quantity": "1"})
    visitor.open("/cart/")
    visitor.follow(visitor.links("a#checkout")[0])
    visitor.send("form#where", _ADDRESS | {"email": EMAIL})
    total = visitor.page.select_one("[data-total]")
    assert total is not None, "a checkout says what it costs"
    visitor.send('form[action$="/pay"]', {"pay_with": "card"})
    visitor.send('form[action*="/pay/"]', CARD)
    group_ref = visitor.address.rsplit("/", 1)[1]
    say(f"   pays {total.get_text(strip=True)} with a card ({group_ref})")
    return group_ref


def come_back(base_url: str, group_ref: str, say: Say) -> None:
    """Let the guest open the order in another browser, by the link in the letter.

    The letter has to be there: once nothing waits any more, it is.
    """
    visitor = Visitor(base_url, _LANG)
    visitor.open(f"/mailbox/?to={EMAIL}")
    letter = next(link for link in visitor.links(".letters a") if group_ref in link.get_text())
    visitor.follow(letter)
    frame = visitor.page.select_one("iframe.letter")
    assert frame is not None, "a letter is shown"
    visitor.open(base_url + str(frame["src"]))
    visitor.follow(visitor.links('a[href*="/guest/"]')[0])
    assert group_ref in visitor.address, f"the letter's link led to {visitor.address}"
    say("   opens the order by the link in the letter: no password, no account")
