"""Commands of a product's pictures: show one more, order them, name them, take one away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, text

from kernel.actor import Actor
from kernel.db import command, session
from marketplace.catalogue.pictures import service as pictures
from marketplace.catalogue.pictures.errors import TooManyPictures
from marketplace.catalogue.pictures.models import Picture
from marketplace.catalogue.pictures.service import StoredPicture
from marketplace.catalogue.products import service as catalogue

MOST_PICTURES = 12

_ARRANGE = text(
    """
    UPDATE marketplace.picture p SET position = a.position, variant_id = v.id,
        alt = CASE WHEN a.alt = '' THEN p.alt - :locale
                   ELSE p.alt || jsonb_build_object(CAST(:locale AS text), a.alt) END
    FROM unnest(CAST(:ids AS bigint[]), CAST(:alts AS text[]), CAST(:variants AS bigint[]))
        WITH ORDINALITY AS a (id, alt, variant_id, position)
    LEFT JOIN marketplace.variant v ON v.id = a.variant_id AND v.product_id = :product_id
    WHERE p.id = a.id AND p.product_id = :product_id
    """
)


@dataclass(frozen=True, slots=True)
class Hung:
    """A picture at its place. Shape: alt in one language, variant_id is None for all forms."""

    picture_id: int
    alt: str
    variant_id: int | None


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A kept picture that comes to a place. Shape: alt by language, variant_id as of `Hung`."""

    kept: StoredPicture
    alt: Mapping[str, str]
    variant_id: int | None = None


@command("marketplace.pictures.add_picture")
def add_picture(
    *,
    product_id: int,
    vendor_id: int,
    picture: StoredPicture,
    alt: Mapping[str, str],
    actor: Actor,
    variant_id: int | None = None,
) -> None:
    """Show one more kept picture, after the others; the same picture again changes nothing.

    Locks: the product. Events: ProductChanged, PictureKept.
    Raises: NoSuchProduct, TooManyPictures.
    """
    shown = [NewPicture(picture, alt, variant_id)]
    add_pictures(product_id=product_id, vendor_id=vendor_id, shown=shown, actor=actor)


@command("marketplace.pictures.add_pictures")
def add_pictures(
    *, product_id: int, vendor_id: int, shown: Sequence[NewPicture], actor: Actor
) -> None:
    """Show more kept pictures, after the others; those that hang already change nothing.

    Locks: the product. Events: ProductChanged, PictureKept for each.
    Raises: NoSuchProduct, TooManyPictures.
    """
    catalogue.lock_own(product_id=product_id, vendor_id=vendor_id)
    there = select(Picture.path, Picture.position).where(Picture.product_id == product_id)
    hung = {row.path: row.position for row in session().execute(there)}
    new: dict[str, NewPicture] = {}
    for one in shown:
        if one.kept.path not in hung:
            new.setdefault(one.kept.path, one)
    if len(hung) + len(new) > MOST_PICTURES:
        raise TooManyPictures(most=MOST_PICTURES)
    if not new:
        return
    places = enumerate(new.values(), max(hung.values(), default=-1) + 1)
    session().execute(insert(Picture), [_row(product_id, one, place) for place, one in places])
    for path in new:
        pictures.want_sizes(path=path, actor=actor)
    catalogue.touch(product_id=product_id, actor=actor)


def _row(product_id: int, one: NewPicture, place: int) -> dict[str, object]:
    return {
        "product_id": product_id,
        "variant_id": one.variant_id,
        "path": one.kept.path,
        "width": one.kept.width,
        "height": one.kept.height,
        "sizes": list(one.kept.sizes),
        "alt": dict(one.alt),
        "position": place,
    }


@command("marketplace.pictures.arrange")
def arrange(
    *,
    product_id: int,
    vendor_id: int,
    hung: Sequence[Hung],
    removed: Sequence[int],
    locale: str,
    actor: Actor,
) -> None:
    """Hang the pictures of a product in the given order, with words in one language.

    The files stay: orders of the past still show them. Locks: the product.
    Events: ProductChanged. Raises: NoSuchProduct.
    """
    catalogue.lock_own(product_id=product_id, vendor_id=vendor_id)
    session().execute(
        delete(Picture).where(Picture.product_id == product_id, Picture.id.in_(removed))
    )
    session().execute(
        _ARRANGE,
        {
            "product_id": product_id,
            "locale": locale,
            "ids": [h.picture_id for h in hung],
            "alts": [h.alt for h in hung],
            "variants": [h.variant_id for h in hung],
        },
    )
    catalogue.touch(product_id=product_id, actor=actor)
