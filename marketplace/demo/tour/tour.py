"""One purchase across borders, walked through the real pages by people with plain browsers."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bs4 import Tag

from marketplace.demo.seed.known import PASSWORD
from marketplace.demo.tour.abreast import abreast
from marketplace.demo.tour.visitor import PageRefused, Visitor

CARD = {"number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}


@dataclass(frozen=True, slots=True)
class Shopper:
    """Somebody who buys.

    Shape: address has the fields of the address form of the country; business is for which they
    buy, empty for none.
    """

    name: str
    email: str
    city: str
    lang: str
    country: str
    currency: str
    top_up: str
    query: str
    born_on: str
    address: dict[str, str]
    business: str = ""


SHOPPERS = (
    Shopper(
        "Margaux Perrin",
        "margaux@example.com",
        "Lyon",
        "en",
        "FR",
        "EUR",
        "600",
        "théière",
        "1988-05-14",
        {"name": "Margaux Perrin", "line1": "18 rue Mercière", "postcode": "69002", "city": "Lyon"},
        "Maison Perrin",
    ),
    Shopper(
        "Naoko Ishii",
        "naoko@example.com",
        "Tokyo",
        "en",
        "JP",
        "JPY",
        "90000",
        "急須",
        "1979-10-02",
        {
            "name": "Naoko Ishii",
            "line1": "2-19-15 Jingumae",
            "postcode": "150-0001",
            "city": "Shibuya-ku",
            "region": "Tokyo",
        },
    ),
    Shopper(
        "ليلى المنصوري",
        "layla.m@example.com",
        "Dubai",
        "ar",
        "AE",
        "AED",
        "3000",
        "إبريق شاي",
        "1992-03-21",
        {
            "name": "Layla Al Mansoori",
            "line1": "Jumeirah 1, Street 14B, Villa 9",
            "city": "Dubai",
            "region": "Dubai",
        },
    ),
)

TEAPOT_VENDOR = "Qinglan Porcelain"
LAMP_VENDOR = "Lysholm Lamper"
LAMP_QUERY = "lamp"


@dataclass(slots=True)
class Walk:
    """What a shopper's walk led to."""

    shopper: Shopper
    visitor: Visitor
    group_ref: str = ""
    order_refs: list[str] = field(default_factory=list)


Say = Callable[[str], None]

_PAY = 'form[action$="/pay"]'
_APP_CODE, _STEP = "[data-app-code]", 30  # seconds that a code is shown
_BY_WALLET = '[name="pay_with"][value="wallet"]'
_WHERE = "form#where"
_COVERED = 'form[action*="/cart/covers/"]:has([value="STD"])'
_CHOSEN_COVER = '[name^="cover-"][value="STD"][checked]'
_REMOVE = 'form[action*="/cart/lines/"]:has(input[type="hidden"][name="quantity"][value="0"])'


def buy(
    base_url: str,
    shopper: Shopper,
    say: Say,
    *,
    is_known: bool = False,
    goods: Sequence[str] = (),
) -> Walk:
    """Walk a shopper from the front page to a paid order.

    Shape: is_known says that the shopper has an account, from the seed or from a tour that was
    broken off. They sign in instead, begin with an empty cart, and leave out what is done: the
    cart's totals, and who they are and what they hold, are told by the pages. goods are pages of
    what they buy, none for the teapot and the lamp of the story, which they look for.
    """
    visitor = Visitor(base_url, shopper.lang)
    walk = Walk(shopper, visitor)
    if is_known:
        sign_in(visitor, shopper.email)
        _empty_cart(visitor)
    visitor.open("/settings")
    visitor.send(
        'form[action$="/settings"]',
        {
            "language": shopper.lang,
            "country": shopper.country,
            "currency": shopper.currency,
        },
    )
    _fill(visitor, shopper, goods, say)
    if is_known:
        say("   has an account already, and is signed in")
    else:
        sign_up(visitor, shopper)
        say("   opens an account")
    _to_checkout(visitor, shopper)
    checkout = visitor.address
    if not visitor.page.select_one(_BY_WALLET):
        _identify(visitor, shopper, say)
        top_up(visitor, shopper)
        say(f"   tops the wallet up by card: {shopper.top_up} {shopper.currency}")
    visitor.open(checkout)
    _pay(walk, say)
    return walk


def _fill(visitor: Visitor, shopper: Shopper, goods: Sequence[str], say: Say) -> None:
    """Put what is bought into the cart, from its pages or after a search."""
    for page in goods:
        visitor.open(page)
        _put_in_cart(visitor, say)
    if not goods:
        say(f"{shopper.name} in {shopper.city} looks for “{shopper.query}”")
        for query, vendor in ((shopper.query, TEAPOT_VENDOR), (LAMP_QUERY, LAMP_VENDOR)):
            _find(visitor, query, vendor)
            _put_in_cart(visitor, say)


def _find(visitor: Visitor, query: str, vendor: str) -> None:
    visitor.open(f"/search?q={query}")
    products = [one for one in visitor.page.select(".card") if vendor in _text(one)]
    assert products, f"nothing of {vendor} found for {query}"
    link = products[0].select_one("h3 a")
    assert link is not None, "a card leads to its goods"
    visitor.follow(link)


def _put_in_cart(visitor: Visitor, say: Say) -> None:
    title = visitor.heading()
    total = visitor.page.select_one("[data-total]")
    price = total.get_text(strip=True) if total else "?"
    say(f"   finds {title}: {price} at the door")
    visitor.send('form[action$="/cart/lines"]', {"quantity": "1"})


def sign_up(visitor: Visitor, shopper: Shopper) -> None:
    """Open an account."""
    visitor.open("/sign-up")
    visitor.send(
        'form[action$="/sign-up"]',
        {
            "name": shopper.name,
            "email": shopper.email,
            "password": PASSWORD,
        },
    )
    visitor.leave(shopper.email)


def sign_in(visitor: Visitor, email: str) -> None:
    """Sign somebody of the demonstration in, by both steps where there are two.

    Who left a browser signed in goes on there: a password takes a sixth of a second to try.
    A code counts once: who signed in within the same half minute waits for the next one.
    Raises: PageRefused.
    """
    if visitor.take_up(email):
        return
    visitor.open("/sign-in")
    visitor.send('form[action*="/sign-in"]', {"email": email, "password": PASSWORD})
    if visitor.page.select_one(_APP_CODE):
        try:
            _second_step(visitor)
        except PageRefused:
            time.sleep(_STEP - time.time() % _STEP)
            visitor.open("/sign-in/second")
            _second_step(visitor)
    visitor.leave(email)


def _second_step(visitor: Visitor) -> None:
    shown = visitor.page.select_one(_APP_CODE)
    assert shown is not None, "a demonstration shows what its staff's phones show"
    visitor.send('form:has([name="code"])', {"code": str(shown["data-app-code"])})


def _empty_cart(visitor: Visitor) -> None:
    while visitor.open("/cart/").select_one(_REMOVE):
        visitor.send(_REMOVE)


def top_up(visitor: Visitor, shopper: Shopper) -> None:
    """Bring money into a wallet by card, and wait until it is there."""
    wallets = 'form[action$="/bank/wallets"]'
    visitor.open("/bank/")
    if visitor.page.select_one(f'{wallets} option[value="{shopper.currency}"]'):
        visitor.send(wallets, {"currency": shopper.currency})
    visitor.open(f"/bank/top-up?currency={shopper.currency}")
    visitor.send(
        'form[action*="/bank/top-up"]',
        {
            "currency": shopper.currency,
            "amount": shopper.top_up,
        },
    )
    visitor.send('form[action*="/pay/"]', CARD)
    digits = shopper.top_up[:3]
    visitor.until(
        f"/bank/wallets/{shopper.currency}",
        lambda page: digits in re.sub(r"\D", "", _text(page.select_one("main"))),
    )


def _identify(visitor: Visitor, shopper: Shopper, say: Say) -> None:
    """Say who one is, as the bank asks whoever keeps so much money there."""
    visitor.open(f"/bank/verify?next={urlsplit(visitor.address).path}")
    say_who(visitor, shopper)
    say("   says who they are; the identity service confirms it, and the checkout goes on")


def say_who(visitor: Visitor, shopper: Shopper) -> None:
    """Say who one is to the bank, on the page that asks for it."""
    home = shopper.address
    asked = 'form[action*="/verify/identity"]'
    if visitor.page.select_one(asked):  # not where the answer is only awaited
        visitor.send(
            asked,
            {
                "name": home["name"],
                "born_on": shopper.born_on,
                "nationality": shopper.country,
                "street": home["line1"],
                "postcode": home.get("postcode", ""),
                "city": home["city"],
                "country": shopper.country,
            },
        )


def _to_checkout(visitor: Visitor, shopper: Shopper) -> None:
    visitor.open("/cart/")
    cover = visitor.page.select_one(_COVERED)
    assert cover is not None, f"cover is sold to {shopper.city} in {shopper.currency}"
    visitor.send(_COVERED, {"cover": "STD"})
    visitor.send('form[action$="/checkout/start"]')
    if visitor.page.select_one(_WHERE):
        visitor.send(_WHERE, shopper.address)


def _pay(walk: Walk, say: Say) -> None:
    visitor = walk.visitor
    if walk.shopper.business:
        business = {"for_business": "on", "business_name": walk.shopper.business}
        visitor.send(_PAY, business, press="update")
    total = _text(visitor.page.select_one("[data-total]"))
    read = visitor.page.select_one(_CHOSEN_COVER)
    assert read is not None, "the cover that was wished for is chosen"
    informed, checkout = str(read["name"]).replace("cover-", "informed-"), visitor.address
    visitor.press(f'[data-opens="{read["name"]}"][data-levels~="{read["value"]}"]')
    visitor.open(checkout)
    visitor.send(_PAY, {"pay_with": "wallet", informed: "on"})
    walk.group_ref = visitor.address.rsplit("/", 1)[1]
    walk.order_refs = [str(a["id"]) for a in visitor.page.select("article.parcel")]
    say(f"   pays {total} once; the vendors get their orders ({walk.group_ref})")


def dispatch_everything(base_url: str, emails: list[str], say: Say) -> None:
    """Let vendors sign in and hand every waiting order to the carrier."""
    abreast(emails, lambda email, told: _dispatch(base_url, email, told), say)


def _dispatch(base_url: str, email: str, say: Say) -> None:
    desk = Visitor(base_url, "en")
    sign_in(desk, email)
    desk.open("/desk/orders?view=to-pack")
    waiting = [str(link["href"]) for link in desk.links('a[href*="/desk/orders/"]')]
    for address in dict.fromkeys(waiting):
        desk.open(re.sub(r"^/[^/]+", "", address))
        desk.send('form[action$="/dispatch"]')
    say(f"   {email} packs {len(set(waiting))} orders")


def send_back(base_url: str, shopper: Shopper, order_ref: str, say: Say) -> None:
    """Let a shopper ask to send an order's goods back; nothing where they asked already."""
    visitor = Visitor(base_url, shopper.lang)
    sign_in(visitor, shopper.email)
    visitor.open(f"/orders/parcels/{order_ref}/return")
    if visitor.page.select_one(_RETURN):
        visitor.send(_RETURN, {"reason": "not_as_described"})
        back = _text(visitor.page.select_one("main .sum output"))
        visitor.send('form[action*="/return/"]', {"note": _NOT_AS_DESCRIBED})
        say(f"{shopper.name} sends the lamp back, and waits for {back}")


_RETURN = 'form[action$="/return"]'
_NOT_AS_DESCRIBED = "The page says cream, and the shade is as white as paper."


def _text(found: Tag | None) -> str:
    return found.get_text(" ", strip=True) if found else ""
