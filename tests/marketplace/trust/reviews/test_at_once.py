"""Reviews that come in the same moment all count, and one purchase has one."""

from __future__ import annotations

import pytest

from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.people.identity import service as identity
from marketplace.catalogue.ratings import queries as ratings
from marketplace.trust.reviews import service
from marketplace.trust.reviews.errors import AlreadyReviewed, ReviewClosed
from tests.banking.bank_objects import outcomes
from tests.marketplace.makers import make_offer
from tests.marketplace.trust.reviews.review_objects import make_line, said

CROWD = 8


@pytest.fixture
def made(own_database):
    return make_offer()


def someone():
    person_id = identity.register(
        email=f"{new_id().hex}@example.com",
        password="correct horse battery",
        name="Ines Alves",
        locale="en",
        country="PT",
        actor=SYSTEM,
    )
    return Actor(person_id=person_id, roles=frozenset({Role.BUYER}))


def counts(made):
    with reading():
        return tuple(ratings.counts_of_product(made.product_id))


def write(line_id, actor, **words):
    return service.write(line_id=line_id, said=said(**words), actor=actor)


def test_reviews_of_the_same_goods_written_at_once_are_all_counted(made):
    bought = [(make_line(made, buyer), buyer) for buyer in (someone() for _ in range(CROWD))]

    outcomes(CROWD, lambda n: write(*bought[n], stars=1 + n % 2))

    assert counts(made) == (CROWD // 2, CROWD // 2, 0, 0, 0)


def test_one_purchase_reviewed_twice_at_once_has_one_review(made):
    buyer = someone()
    line = make_line(made, buyer)

    found = outcomes(2, lambda n: write(line, buyer, stars=1 + n))

    assert sum(counts(made)) == 1
    assert sorted(isinstance(result, AlreadyReviewed) for result in found) == [False, True]


def test_a_review_changed_and_withdrawn_at_once_leaves_no_star(made):
    buyer = someone()
    refs = [write(make_line(made, buyer), buyer, stars=5) for _ in range(4)]

    def act(n):
        ref = refs[n // 2]
        if n % 2:
            return service.withdraw(ref=ref, actor=buyer)
        return service.change(ref=ref, said=said(stars=1), actor=buyer)

    found = outcomes(2 * len(refs), act)

    assert counts(made) == (0, 0, 0, 0, 0)
    assert {type(result) for result in found} <= {type(None), ReviewClosed}
