"""Pictures hang in the order in which they came, several at once, and none of them twice."""

import pytest
from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.db import reading
from marketplace.catalogue.pictures import gallery
from marketplace.catalogue.pictures.errors import TooManyPictures
from marketplace.catalogue.pictures.gallery import MOST_PICTURES, NewPicture
from marketplace.catalogue.pictures.service import StoredPicture
from tests.marketplace.makers import make_offer


@pytest.fixture
def made(db):
    return make_offer()


def new(sign, said="", variant_id=None):
    kept = StoredPicture(f"products/{sign * 32}", 960, 640, (240, 480, 960))
    return NewPicture(kept, {"en": said} if said else {}, variant_id)


def hang(made, *shown):
    gallery.add_pictures(
        product_id=made.product_id, vendor_id=made.vendor.id, shown=shown, actor=SYSTEM
    )


def hung(made):
    with reading() as current:
        rows = current.execute(
            text(
                "SELECT right(path, 1) AS sign, position, variant_id, alt->>'en' AS said"
                " FROM marketplace.picture WHERE product_id = :id ORDER BY position"
            ),
            {"id": made.product_id},
        )
        return [tuple(row) for row in rows]


def news(name):
    with reading() as current:
        counted = text("SELECT count(*) FROM kernel.outbox WHERE name LIKE :name")
        return current.execute(counted, {"name": f"%{name}%"}).scalar_one()


def test_pictures_hang_behind_the_others_and_a_product_is_told_of_once(made):
    hang(made, new("a", "From the front"))
    told = news("product"), news("picture")

    hang(made, new("b", variant_id=made.variant_id), new("a", "Again"), new("c"), new("b"))

    assert hung(made) == [
        ("a", 0, None, "From the front"),
        ("b", 1, made.variant_id, None),
        ("c", 2, None, None),
    ]
    assert (news("product") - told[0], news("picture") - told[1]) == (1, 2)


def test_what_hangs_already_is_no_news(made):
    hang(made, new("a"), new("b"))
    told = news("")
    hang(made, new("b"), new("a"))
    hang(made)
    assert news("") == told


def test_no_more_hang_than_a_page_shows_and_then_none_of_them(made):
    signs = "0123456789abcdef"
    hang(made, *(new(sign) for sign in signs[: MOST_PICTURES - 1]))
    with pytest.raises(TooManyPictures):
        hang(made, new("d"), new("e"))
    assert len(hung(made)) == MOST_PICTURES - 1
    hang(made, new("d"), new("0"))
    assert len(hung(made)) == MOST_PICTURES
