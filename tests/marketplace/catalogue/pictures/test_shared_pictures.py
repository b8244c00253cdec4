"""Goods of a catalogue for measuring wear the pictures of other goods on their shelf."""

from __future__ import annotations

from sqlalchemy import insert, text

from kernel.actor import SYSTEM
from marketplace.catalogue.pictures import bulk
from marketplace.catalogue.pictures.models import Picture
from tests.marketplace.makers import make_offer


def put(db, product_id, feed, *pictures):
    name = "UPDATE marketplace.product SET external_ref = :ref WHERE id = :id"
    db.execute(text(name), {"ref": f"{feed}{product_id}", "id": product_id})
    for path in pictures:
        facts = {"width": 8, "height": 8, "sizes": [8], "alt": {}}
        db.execute(insert(Picture).values(product_id=product_id, path=path, **facts))


def worn_by(db, product_id):
    paths = "SELECT path FROM marketplace.picture WHERE product_id = :id"
    return db.execute(text(paths), {"id": product_id}).scalars().all()


def test_goods_of_a_feed_wear_one_picture_of_their_own_shelf(db):
    worn, elsewhere = make_offer(category="pots-x"), make_offer(category="lamps-x")
    first, second = make_offer(category="pots-x"), make_offer(category="pots-x")
    put(db, worn.product_id, "D-", "products/a", "products/b")
    put(db, elsewhere.product_id, "D-", "products/c")
    for made in (first, second):
        put(db, made.product_id, "S-")

    for _ in range(2):
        bulk.share(feed="S-", actor=SYSTEM)

    paths = [worn_by(db, made.product_id) for made in (first, second)]
    assert sorted(paths) == [["products/a"], ["products/b"]]
    assert worn_by(db, elsewhere.product_id) == ["products/c"]
