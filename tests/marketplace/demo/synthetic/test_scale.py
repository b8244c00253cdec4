"""A catalogue for measuring stands at once, and leaves nothing behind for the worker."""

from __future__ import annotations

from sqlalchemy import text

from marketplace.demo.synthetic.scale import seed_scale

_OFFERS = text(
    "SELECT count(*) FROM marketplace.offer o JOIN marketplace.vendor v ON v.id = o.vendor_id"
    " WHERE v.external_ref LIKE 'scale-%'"
)
_WAITING = text(
    "SELECT count(*) FROM kernel.delivery WHERE done_at IS NULL AND handler LIKE :handlers"
)


def waiting(market, handlers):
    return market.execute(_WAITING, {"handlers": handlers}).scalar_one()


def test_exactly_so_many_offers_are_on_sale_and_no_shop_waits_for_a_translator(market):
    before = waiting(market, "marketplace.translating.translate_product")

    seeded = seed_scale(offers=30, vendor_count=3)

    assert (seeded.vendors, market.execute(_OFFERS).scalar_one()) == (3, 30)
    assert waiting(market, "marketplace.translating.translate_opened") == 0
    assert waiting(market, "marketplace.translating.translate_product") == before


def test_seeding_it_again_changes_nothing(market):
    seed_scale(offers=30, vendor_count=3)

    again = seed_scale(offers=30, vendor_count=3)

    assert (again.changed, market.execute(_OFFERS).scalar_one()) == (0, 30)
