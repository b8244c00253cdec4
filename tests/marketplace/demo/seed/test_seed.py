from __future__ import annotations

import pytest
from sqlalchemy import text

from kernel.db import reading
from marketplace.demo.seed.seed import seed_demo
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index.queries import Reader


@pytest.fixture
def seeded(own_database):
    return seed_demo()


def counted(sql):
    with reading() as current:
        return current.execute(text(sql)).scalar_one()


def test_the_demo_world_fills_every_room_and_twice_is_once(seeded):
    again = seed_demo()

    assert seeded.vendors == 16
    assert seeded.products == seeded.product_cards == seeded.indexed == again.product_cards >= 150
    assert again.products == 0
    assert counted("SELECT count(*) FROM marketplace.vendor") == 16
    assert counted("SELECT count(*) FROM kernel.person") == seeded.people
    # Every vendor is paid in its own currency, at a bank that knows it by its name.
    plans = "SELECT count(*) FROM banking.payout_plans WHERE next_on IS NOT NULL"
    assert counted(plans) == 16
    assert counted("SELECT count(DISTINCT currency) FROM banking.payout_accounts") == 11
    assert (
        counted("SELECT count(*) FROM marketplace.product_card WHERE price_eur_minor IS NULL") == 0
    )
    assert counted("SELECT count(*) FROM marketplace.product_card WHERE featured_rank > 0") == 40
    unclassified = (
        "SELECT count(*) FROM marketplace.variant WHERE hs_code IS NULL OR weight_g IS NULL"
    )
    assert counted(unclassified) == 0
    with reading():
        front = shelves.featured(reader=Reader("zh-CN", "CNY"), size=40)
    assert {card.title_locale for card in front} == {"zh-CN"}
