"""Which drawing stands for goods without a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kernel.memory import Memory
from marketplace.catalogue.drawings import rules
from marketplace.catalogue.drawings.errors import NoSuchDrawing
from marketplace.catalogue.drawings.kinds import noun_shape, shape_of
from marketplace.catalogue.pictures.queries import Picture
from marketplace.catalogue.products import queries as catalogue

_shapes: Memory[int, str] = Memory(seconds=60, most=20_000)


def path_for(
    *, category_ids: Sequence[int], key: str, title: str = "", colour: str | None = None
) -> str:
    """Return a drawing's path below `/media/`.

    Shape: category_ids from the root down, key names the goods, title is the English one where
    there is one, colour is `#rrggbb` or None.
    """
    shape = noun_shape(title) or _shape(category_ids)
    return f"drawn/{rules.name_of(shape=shape, key=key, colour=colour)}"


def picture_for(
    *,
    category_ids: Sequence[int],
    key: str,
    title: str = "",
    colour: str | None = None,
    alt: str = "",
) -> Picture:
    """Return what a page needs to show the drawing of goods."""
    path = path_for(category_ids=category_ids, key=key, title=title, colour=colour)
    return Picture((), f"/media/{path}", 2 * rules.SIDE, 2 * rules.SIDE, alt)


def foresee(chains: Iterable[Sequence[int]]) -> None:
    """Learn the shapes of many goods in one question, before they are drawn one by one.

    Shape: chains of category ids from the root down.
    """
    unknown = [chain for chain in chains if chain and _shapes.get(chain[-1]) is None]
    if unknown:
        catalogue.categories({key for chain in unknown for key in chain})


def svg(name: str) -> str:
    """Return a drawing by its file name. Raises: NoSuchDrawing."""
    subject = rules.subject_of(name)
    if subject is None:
        raise NoSuchDrawing
    return rules.drawing(subject)


def _shape(category_ids: Sequence[int]) -> str:
    if not category_ids:
        return rules.FALLBACK
    leaf = category_ids[-1]
    known = _shapes.get(leaf)
    if known is None:
        tree = catalogue.categories(category_ids)
        chain = [tree[key] for key in reversed(category_ids) if key in tree]
        known = shape_of([(c.key, c.names.get("en", "")) for c in chain])
        _shapes.keep({leaf: known})
    return known
