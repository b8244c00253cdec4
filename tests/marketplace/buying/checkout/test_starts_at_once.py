"""One cart has one open checkout, however often its button is pressed in the same moment."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from marketplace.buying.cart import service as cart
from marketplace.buying.checkout import service as checkout
from tests.marketplace.makers import make_offer


def standing(offer_id: int) -> tuple[dict[str, int], int]:
    """Return how many checkouts there are in each state, and the pieces they keep."""
    with reading() as current:
        states = current.execute(
            text("SELECT state, count(*) FROM marketplace.checkout GROUP BY state")
        )
        kept = text("SELECT reserved FROM marketplace.stock_level WHERE offer_id = :id")
        return (
            {row.state: row.count for row in states},
            current.execute(kept, {"id": offer_id}).scalar_one(),
        )


def test_of_many_starts_at_once_one_stays_open_and_keeps_its_pieces_once(own_database):
    made = make_offer(stock=50)
    buyer = Actor(person_id=new_id(), roles=frozenset({Role.BUYER}))
    cart_id = cart.add_line(
        cart_id=None, offer_id=made.offer_id, quantity=2, seen=Money(1, "JPY"), actor=buyer
    )

    def start(_: int) -> str:
        return checkout.start(
            cart_id=cart_id, locale="en", country="JP", currency="JPY", actor=buyer
        )

    with ThreadPoolExecutor(8) as presses:
        refs = set(presses.map(start, range(8)))
    assert len(refs) == 8
    assert standing(made.offer_id) == ({"left": 7, "open": 1}, 2)


def test_of_many_presses_of_buy_now_at_once_one_stays_open_for_who_has_no_cart(own_database):
    made = make_offer(stock=2)
    buyer = Actor(person_id=new_id(), roles=frozenset({Role.BUYER}))

    def press(_: int) -> str:
        apart = cart.set_apart(
            offer_id=made.offer_id, quantity=2, seen=Money(1, "JPY"), actor=buyer
        )
        return checkout.start(
            cart_id=apart, locale="en", country="JP", currency="JPY", actor=buyer, is_alone=True
        )

    with ThreadPoolExecutor(8) as presses:
        refs = set(presses.map(press, range(8)))
    assert len(refs) == 8
    assert standing(made.offer_id) == ({"left": 7, "open": 1}, 2)
