from __future__ import annotations

import pytest

from kernel.actor import SYSTEM
from kernel.db import reading
from marketplace.catalogue.products import drafts as queries
from marketplace.catalogue.products import drafts as service
from marketplace.catalogue.products.errors import DraftChangedMeanwhile, TooManyDrafts
from tests.marketplace.makers import make_vendor


@pytest.fixture
def shop(db):
    return make_vendor()


def save(shop, ref, title, seen=0):
    return service.save(
        vendor_id=shop.id, ref=ref, fields={"title": [title]}, seen_version=seen, actor=SYSTEM
    )


def kept(shop, ref):
    with reading():
        return queries.draft(vendor_id=shop.id, ref=ref)


def test_each_saving_raises_the_version_that_the_next_must_name(shop):
    first = save(shop, "D-1", "One")
    second = save(shop, "D-1", "Two", seen=first.version)

    assert (first.version, second.version) == (1, 2)
    assert kept(shop, "D-1").typed("title") == "Two"


def test_a_version_that_was_not_seen_is_never_overwritten(shop):
    save(shop, "D-1", "One")

    with pytest.raises(DraftChangedMeanwhile):
        save(shop, "D-1", "Two")
    assert kept(shop, "D-1").typed("title") == "One"


def test_a_shop_keeps_fifty_drafts_and_makes_room_by_throwing_one_away(shop):
    for number in range(service.MOST_DRAFTS):
        save(shop, f"D-{number}", "One")

    with pytest.raises(TooManyDrafts):
        save(shop, "D-more", "One")
    service.discard(vendor_id=shop.id, ref="D-0", actor=SYSTEM)
    assert save(shop, "D-more", "One").version == 1


def test_drafts_of_two_shops_under_one_name_are_two(shop):
    other = make_vendor()
    save(shop, "D-1", "Mine")
    save(other, "D-1", "Theirs")

    assert (kept(shop, "D-1").typed("title"), kept(other, "D-1").typed("title")) == (
        "Mine",
        "Theirs",
    )


@pytest.mark.parametrize(
    ("ref", "is_one"),
    [("D-ABC", True), ("P-ABC", False), ("D-../x", False), ("D-" + "A" * 30, False)],
)
def test_a_reference_of_a_draft_is_known_by_its_shape(ref, is_one):
    assert queries.is_ref(ref) is is_one
    assert queries.is_ref(queries.new_ref())
