from __future__ import annotations

from dataclasses import fields

from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from marketplace.demo.seed.seed import Seeded, seed_demo
from marketplace.shop.listing_index.front import Sizes, front
from marketplace.shop.listing_index.queries import Reader

# As it stood before a language came to the demonstration.
_FORGET_FRENCH = """
    DELETE FROM marketplace.product_text t USING marketplace.product p
    WHERE p.id = t.product_id AND p.external_ref = 'cascade-trail-26' AND t.locale = 'fr'
"""
_SPOKEN = """
    SELECT count(*) FROM marketplace.product_text t JOIN marketplace.product p
    ON p.id = t.product_id WHERE p.external_ref = 'cascade-trail-26'
"""

_NEWS_OF_OFFERS = """
    SELECT count(*) FROM kernel.delivery d JOIN kernel.outbox o ON o.id = d.event_id
    WHERE o.name ~ 'offer|stock' AND d.done_at IS NULL
"""


def counted(sql):
    with reading() as current:
        return current.execute(text(sql)).scalar_one()


def test_the_demo_world_fills_every_room_and_twice_is_once(market, market_seeded):
    seeded = Seeded(**{field.name: market_seeded[field.name] for field in fields(Seeded)})
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(text(_FORGET_FRENCH))
    again = seed_demo()

    assert counted(_SPOKEN) == 9
    assert seeded.vendors == 16
    assert seeded.products == seeded.product_cards == seeded.indexed == again.product_cards >= 150
    assert again.products == 0
    # Who waits for goods or likes them heard of all offers at once, and nobody of each again.
    assert counted(_NEWS_OF_OFFERS) == 0
    assert counted("SELECT count(*) FROM marketplace.vendor") == 16
    assert counted("SELECT count(*) FROM kernel.person") == seeded.people
    # Every vendor is paid in its own currency, at a bank that knows it by its name.
    assert (market_seeded["plans"], market_seeded["currencies"]) == (16, 11)
    assert (
        counted("SELECT count(*) FROM marketplace.product_card WHERE price_eur_minor IS NULL") == 0
    )
    assert counted("SELECT count(*) FROM marketplace.product_card WHERE featured_rank > 0") == 40
    unclassified = (
        "SELECT count(*) FROM marketplace.variant WHERE hs_code IS NULL OR weight_g IS NULL"
    )
    assert counted(unclassified) == 0
    with reading():
        found = front(reader=Reader("zh-CN", "CNY"), shelves=(), sizes=Sizes(40, 1, 1, 1, 1))
    assert len(found.picked) == 40
    assert {card.title_locale for card in found.picked} == {"zh-CN"}
