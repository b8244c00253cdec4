"""Visitors of the benchmarks: plain HTTP, cookies, kept connections, random and repeatable."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from hashlib import sha256
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from itertools import count, cycle
from urllib.parse import quote, urlencode, urlsplit

from sqlalchemy import text

from banking import api as bank
from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.identity import service as identity
from marketplace.buying.buyers import service as buyers
from marketplace.buying.buyers.service import NewAddress
from marketplace.catalogue.products.queries import slug
from marketplace.shop.storefront.by_price import DEEPEST
from marketplace.shop.storefront.rules import PAGE_SIZE

PAGE = 20  # goods on a page of a shelf
POOL = 400
# What is dear at the door takes a passkey or a code, which these visitors have not.
MOST_UNASKED = 200_00
PASSWORD = "harbour lantern 1852"
COUNTRIES = ("de-DE", "fr-FR", "en-GB", "en-US", "ja-JP", "zh-CN", "pl-PL", "ar-AE")
BUYERS_COUNTRY = "fr-FR"
LANGUAGES = {"en": "en", "zh-cn": "zh-CN", "ar": "ar"}
SORTS = {
    "best": ("rank", "DESC"),
    "new": ("listed_at", "DESC"),
}

_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_CHECKED = re.compile(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked>')
_PAPER = re.compile(r'name="insurer"\s+value="([^"]*)"')
_COVER = re.compile(r'<input type="radio" name="cover-(\d+)" value="STD"')


class AskedForCode(AssertionError):
    """Somebody has paid often enough without a passkey or a code, and has neither."""


class Visitor:
    """One person's browser on a kept connection."""

    def __init__(self, connection: HTTPConnection, lang: str, country: str) -> None:
        self.connection, self.lang = connection, lang
        self.headers = {"Accept-Language": country, "Accept": "text/html"}
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        """Return a page's HTML; anything but a page is a failure."""
        return self._page("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Send a form and return the page it leads to."""
        return self._page("POST", path, urlencode(fields))

    def fill_cart(self, product: str) -> str:
        """Open a product, put one piece into the cart, see the cart."""
        fields = dict(_FIELD.findall(form_to(self.get(product), "/cart/lines")))
        return self.post(f"/{self.lang}/cart/lines", fields | {"quantity": "1"})

    def _page(self, method: str, path: str, body: str | None) -> str:
        answer, content = self._send(method, path, body)
        if answer.status == 303:
            where = urlsplit(answer.headers["Location"])
            if where.port not in (None, self.connection.port):
                return self.leave(where.geturl())
            return self._page("GET", f"{where.path}?{where.query}", None)
        if answer.status == 307:  # the same form, on to where it belongs
            return self._page(method, answer.headers["Location"], body)
        is_asked = answer.status == 403 and b'name="kept"' in content
        shown = content.decode()
        assert answer.status == 200 or is_asked, f"{answer.status} at {path}: {refused_for(shown)}"
        return shown

    def _send(self, method: str, path: str, body: str | None) -> tuple[HTTPResponse, bytes]:
        headers = dict(self.headers)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (ConnectionError, OSError):
            self.connection.close()  # the server lets idle connections go
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        content = answer.read()
        for value in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        return answer, content

    def leave(self, address: str) -> str:
        """Go on at another server, and return the page that it leads back to."""
        raise AssertionError(f"nobody here has business at {address}")

    def step(
        self,
        page: str,
        ending: str,
        values: dict[str, str] | None = None,
        *,
        to: Callable[[str], str] = str,
    ) -> str:
        """Send a form of a page, filled in, and return the page it leads to."""
        form = form_to(page, ending)
        action = re.search(r'action="([^"]+)"', form)
        assert action, form
        fields = dict(_FIELD.findall(form)) | dict(_CHECKED.findall(form)) | (values or {})
        return self.post(to(unescape(action[1])), fields)


class Guest(Visitor):
    """Somebody without an account who has a card of their own."""

    def buy_by_card(self, product: str) -> str:
        """Buy one piece at once: product page, address, pay; return the paid order."""
        page = self.get(product)
        form = form_to(page, "/cart/lines")
        at_once = re.search(r'formaction="([^"]+)"', form)
        assert at_once, form
        wanted = dict(_FIELD.findall(form)) | {"quantity": "1", "apart": "on"}
        page = self.post(unescape(at_once[1]), wanted)
        self.email = f"guest-{new_id().hex}@example.com"
        home = {
            "email": self.email,
            "name": "Noor Aziz",
            "line1": "18 rue Mercière",
            "postcode": "69002",
            "city": "Lyon",
            "country": "FR",
        }
        page = self.step(page, "/checkout/", home)
        page = self.step(page, "/pay", {"pay_with": "card"})
        assert "article" in page, "the page of the paid order"
        return page

    def leave(self, address: str) -> str:
        """Type a card at the network; it leads back to the house."""
        where = urlsplit(address)
        assert where.hostname
        network = HTTPConnection(where.hostname, where.port)
        network.request("GET", f"{where.path}?{where.query}")
        form = form_to(network.getresponse().read().decode(), "")
        action = re.search(r'action="([^"]+)"', form)
        assert action, form
        card = {"number": card_number(self.email), "expiry": "12/34", "cvc": "123"}
        typed = {"Content-Type": "application/x-www-form-urlencoded"}
        network.request("POST", unescape(action[1]), urlencode(card), typed)
        back = urlsplit(network.getresponse().headers["Location"])
        network.close()
        return self.get(f"{back.path}?{back.query}")


class Buyer(Visitor):
    """Somebody with an account, an address and money."""

    def __init__(self, connection: HTTPConnection, email: str) -> None:
        super().__init__(connection, "en", BUYERS_COUNTRY)
        self.email = email

    def sign_in(self) -> None:
        """Sign in through the page."""
        path = f"/{self.lang}/sign-in"
        fields = dict(_FIELD.findall(form_to(self.get(path), "/sign-in")))
        self.post(path, fields | {"email": self.email, "password": PASSWORD})

    def check_out(self, product: str) -> str:
        """Buy one piece: product page, cart, every page of the checkout; return the paid order."""
        return self.pay_for(self.fill_cart(product))

    def begin(self, product: str) -> None:
        """Begin to buy one piece, and go away: it is kept for a while, and stays in the cart."""
        self.step(self.fill_cart(product), "/checkout/start")

    def return_to_cart(self) -> None:
        """Buy what was left in the cart."""
        self.pay_for(self.get(f"/{self.lang}/cart/"))

    def pay_for(self, page: str) -> str:
        """Go from the page of the cart through the checkout; return the page of the paid order."""
        page = self.step(page, "/checkout/start")
        covers = dict.fromkeys(_COVER.findall(page), "STD")
        chosen = {f"cover-{vendor}": level for vendor, level in covers.items()}
        informed = {f"informed-{vendor}": "on" for vendor in covers}
        page = self.step(page, "/pay", chosen | informed, to=self._checkout)
        for insurer in dict.fromkeys(_PAPER.findall(page)):
            self.step(page, "/product-information", {"insurer": insurer})
        by_wallet = {"pay_with": "wallet"} | informed
        page = self.step(page, "/pay", by_wallet)
        if 'name="password"' in page:  # what was sent is kept, and sent by one press more
            page = self.step(self._shown(page), "/pay")
        if "/bank/approvals/" in page and "article" not in page:
            raise AskedForCode
        assert "article" in page, "the page of the paid order"
        return page

    def _shown(self, page: str) -> str:
        """Show that it is them where a page asks: whoever did nothing for five minutes is asked."""
        if 'name="password"' not in page:
            return page
        return self.step(page, "/account/security/confirm", {"password": PASSWORD})

    @staticmethod
    def _checkout(pays: str) -> str:
        """Return where choices go without being paid: the button that brings sums up to date."""
        return pays.removesuffix("/pay")


def card_number(holder: str) -> str:
    """Return somebody's card number, which adds up: of one card strangers pay only so much."""
    digits = [4, *(int(byte) % 10 for byte in sha256(holder.encode()).digest()[:14])]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[::2])
    digits.append(-(sum(doubled) + sum(digits[1::2])) % 10)
    return "".join(map(str, digits))


def form_to(page: str, ending: str) -> str:
    """Return the first form whose address ends so."""
    for form in re.findall(r'<form [^>]*method="post".*?</form>', page, re.DOTALL):
        if re.search(rf'action="[^"]*{re.escape(ending)}(\?[^"]*)?"', form):
            return str(form)
    raise AssertionError(f"no form to {ending}: {refused_for(page)}")


def refused_for(page: str) -> str:
    """Return the codes of what a page refuses."""
    codes = re.findall(r'data-code="([^"]+)"', page)
    return f"refused for {', '.join(codes) or 'nothing'}"


class Market:
    """What there is to visit, read from the database once, handed out at random."""

    def __init__(self, port: int, chance: random.Random) -> None:
        self.chance = chance
        self._port, self._addresses = port, count()
        self._connections = cycle([HTTPConnection("127.0.0.1", port) for _ in range(8)])
        with reading() as session:
            products = session.execute(
                text(
                    "SELECT ref, titles, source_locale, (SELECT min(p.price_eur_minor)"
                    " FROM marketplace.shelf_place p WHERE p.product_id = c.product_id) AS price,"
                    " EXISTS (SELECT FROM marketplace.stock_level s WHERE s.offer_id = c.offer_id"
                    " AND s.on_hand - s.reserved - s.allocated >= 10) AS is_plenty"
                    " FROM marketplace.product_card c WHERE in_stock ORDER BY random() LIMIT :pool"
                ),
                {"pool": 4 * POOL},
            ).all()
        self._titles = [product.titles for product in products]
        self._products = [
            f"p/{one.ref}/{quote(slug(one.titles.get('en') or one.titles[one.source_locale]))}"
            for one in products
        ]
        self._unasked = {
            path
            for path, product in zip(self._products, products, strict=True)
            if product.price is not None and product.price < MOST_UNASKED and product.is_plenty
        }
        self._listings = list(_listings(chance))
        self._buyable: list[str] = []
        self._choose_buyable()

    def visitor(self, country: str = "") -> Visitor:
        """Return a new anonymous visitor, from somewhere unless a country is asked for."""
        return Visitor(next(self._connections), "en", country or self.chance.choice(COUNTRIES))

    def guest(self) -> Guest:
        """Return a new visitor from France with a card, at an address that nobody paid from yet.

        From one address only so many strangers pay in an hour.
        """
        number = next(self._addresses)
        home = f"127.{1 + number // 250}.0.{1 + number % 250}"
        connection = HTTPConnection("127.0.0.1", self._port, source_address=(home, 0))
        return Guest(connection, "en", BUYERS_COUNTRY)

    def listing(self) -> str:
        """Return a full page of a shelf at a random place."""
        return f"/{self._lang()}/{self.chance.choice(self._listings)}"

    def product(self) -> str:
        """Return a product page."""
        return f"/{self._lang()}/{self.chance.choice(self._products)}"

    def search(self) -> str:
        """Return a search for words of some title."""
        lang = self._lang()
        title = self.chance.choice(self._titles)
        words = (title.get(LANGUAGES[lang]) or next(iter(title.values()))).split()
        start = self.chance.randrange(len(words))
        return f"/{lang}/search?q={quote(' '.join(words[start : start + 2])[:40])}"

    def buyable(self) -> str:
        """Return a product that goes to France."""
        return f"/en/{self.chance.choice(self._buyable)}"

    def _lang(self) -> str:
        return self.chance.choice(tuple(LANGUAGES))

    def _choose_buyable(self) -> None:
        for path in [path for path in self._products if path in self._unasked][-POOL // 4 :]:
            page = self.visitor(BUYERS_COUNTRY).get(f"/en/{path}")
            if 'name="offer_id"' in page:
                self._buyable.append(path)


_PLACE = """
SELECT p.{key}, p.product_id FROM marketplace.shelf_place p WHERE p.category_id = :id
ORDER BY p.{key} {way}, p.product_id {way} OFFSET :before LIMIT 1
"""


def _listings(chance: random.Random) -> list[str]:
    """Return addresses of pages with twenty goods, half of them on the shelf of everything."""
    found = []
    with reading() as session:
        shelves = session.execute(
            text(
                "SELECT n.category_id, n.goods, c.key FROM marketplace.shelf_count n"
                " LEFT JOIN marketplace.category c ON c.id = n.category_id"
                " WHERE n.goods > :page ORDER BY n.category_id"
            ),
            {"page": PAGE + 1},
        ).all()
        everything = next(shelf for shelf in shelves if shelf.key is None)
        for number in range(POOL):
            shelf = everything if number % 2 else chance.choice(shelves)
            sort = chance.choice(("price", *SORTS))
            path = "goods/" if shelf.key is None else f"c/{shelf.key}"
            if sort == "price":
                # Half of the shelf at most: what does not come to a visitor has no place there.
                most = min(DEEPEST, shelf.goods // (2 * PAGE_SIZE)) or 1
                asked = {"sort": sort, "after": chance.randrange(most) + 1}
                found.append(f"{path}?{urlencode(asked)}")
                continue
            key, way = SORTS[sort]
            before = chance.randrange(shelf.goods - PAGE)
            row = session.execute(
                text(_PLACE.format(key=key, way=way)), {"id": shelf.category_id, "before": before}
            ).one()
            value = row[0].isoformat() if sort == "new" else row[0]
            found.append(f"{path}?{urlencode({'sort': sort, 'after': f'{value}~{row[1]}'})}")
    return found


def open_buyers(port: int, number: int) -> list[Buyer]:
    """Return people in France who are signed in and have money that came by card."""
    return [_open_buyer(port, one) for one in range(number)]


def _open_buyer(port: int, number: int) -> Buyer:
    email = f"buyer-{new_id().hex}@example.com"
    person = identity.register(
        email=email,
        password=PASSWORD,
        name=f"Buyer {number}",
        locale="en",
        country="FR",
        actor=SYSTEM,
    )
    actor = Actor(person_id=person, roles=frozenset({Role.BUYER}))
    bank.register_customer(owner_id=person, kind="person", country="FR", locale="en", actor=SYSTEM)
    bank.vouch(owner_id=person, words="A visitor of the benchmarks.", actor=SYSTEM)
    address = NewAddress(
        name=f"Buyer {number}",
        lines=("18 rue Mercière",),
        city="Lyon",
        postcode="69002",
        country="FR",
    )
    buyers.add_address(address=address, actor=actor)
    # A wallet of the house's kind: whoever buys all day must not meet a person's daily limit.
    wallet = bank.open_wallet(owner_id=person, owner_kind="house", currency="EUR", actor=actor)
    money = Money.of("1000000", "EUR")
    card = ledger.AccountRef.house(bank.AccountKind.CARD_RECEIVABLE, "EUR")
    ledger.post(
        key=new_id(),
        kind="card_top_up",
        subject="benchmark",
        actor=SYSTEM,
        legs=[ledger.Leg(card, -money), ledger.Leg(wallet.account, money)],
    )
    buyer = Buyer(HTTPConnection("127.0.0.1", port), email)
    buyer.sign_in()
    return buyer
