"""A person has one cart, whatever is clicked at once and wherever it was filled before."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel.actor import ANONYMOUS, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from marketplace.buying.cart import queries as carts
from marketplace.buying.cart import service as cart
from marketplace.buying.cart.errors import OfferGone
from tests.marketplace.makers import make_offer


def buyer() -> Actor:
    return Actor(person_id=new_id(), roles=frozenset({Role.BUYER}))


def put(actor: Actor, offer_id: int, *, cart_id: UUID | None = None, quantity: int = 1) -> UUID:
    return cart.add_line(
        cart_id=cart_id, offer_id=offer_id, quantity=quantity, seen=Money(1, "JPY"), actor=actor
    )


def contents() -> dict[tuple[UUID, int], int]:
    with reading() as current:
        rows = current.execute(
            text("SELECT cart_id, offer_id, quantity FROM marketplace.cart_line")
        )
        return {(row.cart_id, row.offer_id): row.quantity for row in rows}


def test_of_many_first_clicks_at_once_every_piece_lands_in_one_cart(own_database):
    offers = [make_offer(stock=50).offer_id for _ in range(2)]
    actor, gate = buyer(), Barrier(8)

    def click(number: int) -> UUID:
        gate.wait()
        return put(actor, offers[number % 2])

    with ThreadPoolExecutor(8) as clicks:
        (one,) = set(clicks.map(click, range(8)))
    assert contents() == {(one, offers[0]): 4, (one, offers[1]): 4}


def test_the_database_itself_refuses_a_second_cart_of_a_person(db):
    person = new_id()
    second = text(
        "INSERT INTO marketplace.cart (id, person_id, changed_at) VALUES (:id, :person, now())"
    )
    db.execute(second, {"id": new_id(), "person": person})
    with pytest.raises(IntegrityError, match="uq_cart_person_id"), db.begin_nested():
        db.execute(second, {"id": new_id(), "person": person})


def test_a_visitors_cart_joins_the_persons_with_the_next_click(db):
    offer_id, actor = make_offer(stock=50).offer_id, buyer()
    own = put(actor, offer_id)
    before = put(ANONYMOUS, offer_id, quantity=3)

    assert put(actor, offer_id, cart_id=before) == own
    assert contents() == {(own, offer_id): 4}


def test_a_visitor_never_gets_into_the_cart_of_a_person(db):
    offer_id = make_offer(stock=50).offer_id
    own = put(buyer(), offer_id)
    other = put(ANONYMOUS, offer_id, cart_id=own, quantity=2)
    assert contents() == {(own, offer_id): 1, (other, offer_id): 2}


def test_what_a_visitor_gathered_is_shown_beside_the_persons_own_before_any_click(db):
    first, second, actor = make_offer().offer_id, make_offer().offer_id, buyer()
    put(actor, first)
    before = put(ANONYMOUS, second, quantity=2)

    with reading():
        seen = carts.cart_for(actor, before, locale="en", currency="JPY")
        alone = carts.cart_for(actor, None, locale="en", currency="JPY")
    assert {line.offer.offer_id: line.quantity for line in seen.lines} == {first: 1, second: 2}
    assert (seen.brought, alone.brought, alone.count) == (2, 0, 1)


def test_a_line_saved_for_later_waits_through_a_sign_in_and_counts_nowhere(db):
    offer_id, actor = make_offer().offer_id, buyer()
    before = put(ANONYMOUS, offer_id, quantity=2)
    cart.save(cart_id=before, offer_id=offer_id, is_saved=True, actor=ANONYMOUS)

    own = cart.adopt(cart_id=before, actor=actor)

    with reading():
        seen = carts.cart_for(actor, own, locale="en", currency="JPY")
        assert (seen.count, carts.count(actor)) == (0, 0)
    assert [(line.offer.offer_id, line.quantity) for line in seen.saved] == [(offer_id, 2)]


def test_a_saved_line_that_was_removed_comes_back_saved(db):
    offer_id, actor = make_offer().offer_id, buyer()
    own = put(actor, offer_id)
    cart.save(cart_id=own, offer_id=offer_id, is_saved=True, actor=actor)
    gone = cart.set_quantity(cart_id=own, offer_id=offer_id, quantity=0, actor=actor)

    cart.put_back(cart_id=own, line=gone, actor=actor)

    with reading():
        seen = carts.cart_for(actor, own, locale="en", currency="JPY")
    assert (len(seen.lines), len(seen.saved)) == (0, 1)


def test_what_was_bought_leaves_the_cart_and_what_was_put_in_since_or_put_by_stays(db):
    actor = buyer()
    whole, part, since, saved = (make_offer().offer_id for _ in range(4))
    for offer_id in (whole, part, since, saved):
        own = put(actor, offer_id, quantity=3)
    cart.save(cart_id=own, offer_id=saved, is_saved=True, actor=actor)

    cart.take_out(cart_id=own, pieces={part: 2, whole: 4, saved: 1}, actor=actor)

    assert contents() == {(own, part): 1, (own, since): 3, (own, saved): 3}


def test_goods_that_are_sold_no_longer_are_not_set_apart(db):
    listed, gone = make_offer().offer_id, make_offer().offer_id
    withdrawn = text("UPDATE marketplace.offer SET status = 'withdrawn' WHERE id = :id")
    db.execute(withdrawn, {"id": gone})
    asked = {"quantity": 2, "seen": Money(1, "JPY"), "actor": ANONYMOUS}

    apart = cart.set_apart(offer_id=listed, **asked)
    with pytest.raises(OfferGone):
        cart.set_apart(offer_id=gone, **asked)

    assert contents() == {(apart, listed): 2}
    assert db.execute(text("SELECT count(*) FROM marketplace.cart")).scalar_one() == 1


def test_the_header_counts_what_will_be_in_the_cart_after_a_sign_in(db):
    actor, both, saved = buyer(), make_offer(), make_offer()
    here = put(ANONYMOUS, both.offer_id, quantity=3)
    put(ANONYMOUS, saved.offer_id, cart_id=here)
    cart.save(cart_id=here, offer_id=saved.offer_id, is_saved=True, actor=ANONYMOUS)
    put(actor, both.offer_id, quantity=2)

    with reading():
        assert carts.count(actor) == 2
        assert carts.count(actor, here) == 3
    cart.adopt(cart_id=here, actor=actor)
    with reading():
        assert carts.count(actor) == 3
