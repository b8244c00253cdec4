"""Many buyers want the same last pieces in the same moment, and pay; or one buyer pays in haste."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.errors import HouseError
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.identity import service as identity
from marketplace.buying.buyers import service as buyers
from marketplace.buying.cart import service as cart
from marketplace.buying.checkout import queries as checkouts
from marketplace.buying.checkout import service as checkout
from tests.banking.bank_objects import available, make_customer, make_wallet, outcomes
from tests.journeys.shopping import pay
from tests.marketplace.makers import make_offer, make_rates

FUNDS = Money.of("90000", "JPY")

_STOCK = text(
    "SELECT on_hand, reserved, allocated FROM marketplace.stock_level WHERE offer_id = :id"
)
_ORDERS = text(
    "SELECT o.ref FROM marketplace.vendor_order o JOIN marketplace.order_line l"
    " ON l.vendor_order_id = o.id WHERE l.offer_id = :id"
)
_HELD = text(
    "SELECT count(*), coalesce(sum(funded), 0) FROM banking.escrows"
    " WHERE payer_wallet_id = ANY(:wallets)"
)
_JOURNALS = text(
    "SELECT count(DISTINCT j.id) FROM banking.journals j"
    " JOIN banking.entries e ON e.journal_id = j.id"
    " JOIN banking.ledger_accounts a ON a.id = e.account_id"
    " WHERE e.amount < 0 AND a.key = ANY(:wallets)"
)


@dataclass(frozen=True)
class Buyer:
    """Somebody the bank knows, with money, an address and one piece in the cart."""

    actor: Actor
    wallet: bank.WalletView
    cart_id: Any
    address_id: Any

    def review(self) -> checkouts.CheckoutView:
        """Keep the goods and choose everything up to the page with the button."""
        ref = checkout.start(
            cart_id=self.cart_id, locale="en", country="JP", currency="JPY", actor=self.actor
        )
        checkout.send_to(ref=ref, address_id=self.address_id, actor=self.actor)
        checkout.choose(ref=ref, options={}, covers={}, actor=self.actor)
        with reading():
            return checkouts.checkout_for(self.actor, ref)


@dataclass(frozen=True)
class Outcome:
    """How a race ended.

    Units: held is what the escrows hold, taken what all wallets lost together.
    Shape: paid holds the groups that buyers were told of; refusals counts them by the code they
    were refused with; failures are anything else.
    """

    paid: set[str]
    orders: int
    holds: int
    held: Money
    taken: Money
    journals: int
    refusals: Counter[str]
    failures: list[BaseException]
    on_hand: int
    reserved: int
    allocated: int
    is_balanced: bool


def open_house() -> None:
    """Load the little that buying in yen needs into an empty database."""
    make_rates(JPY="160")
    approvals.load_reference_data(actor=SYSTEM)


def race(*, buyers: int = 16, pieces: int = 5) -> Outcome:
    """Let buyers with one piece each in their carts buy it at once, to the paid order."""
    offer_id = make_offer(stock=pieces).offer_id
    people = [make_buyer(offer_id, number) for number in range(buyers)]

    def buy(number: int) -> str:
        return str(pay(people[number].review(), people[number].actor))

    return _told(offer_id, people, outcomes(buyers, buy))


def replay(*, times: int = 16) -> tuple[Money, Outcome]:
    """Let one buyer press the button of one checkout so often at once; return its total too."""
    offer_id = make_offer(stock=times).offer_id
    buyer = make_buyer(offer_id, 0)
    view = buyer.review()
    return view.total, _told(
        offer_id, [buyer], outcomes(times, lambda _: str(pay(view, buyer.actor)))
    )


def make_buyer(offer_id: int, number: int) -> Buyer:
    """Return a buyer who is ready to check out."""
    email = f"{new_id().hex}@example.com"
    person = identity.register(
        email=email,
        password="harbour lantern 1852",
        name="Naoko Ishii",
        locale="en",
        country="JP",
        actor=SYSTEM,
    )
    owner = make_customer(owner_id=person)
    actor = Actor(
        person_id=owner, roles=frozenset({Role.BUYER}), label=f"buyer {number}", email=email
    )
    address = buyers.NewAddress(
        name="Naoko Ishii",
        lines=("2-19-15 Jingumae",),
        city="Shibuya-ku",
        region="Tokyo",
        postcode="150-0001",
        country="JP",
    )
    return Buyer(
        actor=actor,
        wallet=make_wallet(str(FUNDS.amount), currency="JPY", owner_id=owner),
        cart_id=cart.add_line(
            cart_id=None, offer_id=offer_id, quantity=1, seen=Money(1, "JPY"), actor=actor
        ),
        address_id=buyers.add_address(address=address, actor=actor),
    )


def _told(offer_id: int, people: list[Buyer], found: list[Any]) -> Outcome:
    wallets = [person.wallet.id for person in people]
    left = sum((available(person.wallet) for person in people), Money.zero("JPY"))
    with reading() as current:
        holds, held = current.execute(_HELD, {"wallets": wallets}).one()
        return Outcome(
            paid={ref for ref in found if isinstance(ref, str)},
            orders=len(current.execute(_ORDERS, {"id": offer_id}).all()),
            holds=holds,
            held=Money(int(held), "JPY"),
            taken=Money(FUNDS.minor * len(people), "JPY") - left,
            journals=current.execute(
                _JOURNALS, {"wallets": [person.wallet.account.key for person in people]}
            ).scalar_one(),
            refusals=Counter(refused.code for refused in found if isinstance(refused, HouseError)),
            failures=[f for f in found if not isinstance(f, (str, HouseError))],
            is_balanced=bank.verify_ledger().balanced,
            **current.execute(_STOCK, {"id": offer_id}).mappings().one(),
        )
