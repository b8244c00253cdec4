"""Parts of pages that are the same for everybody who reads a language, written once in a while."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from urllib.parse import quote

from flask import request
from markupsafe import Markup

from kernel.memory import Memory
from kernel.web.locales import current_locale
from kernel.web.slots import Tile

# Stands in a kept part where the address of the page around it belongs; quoting leaves it alone.
HERE = "the-page-around-this"

_kept: Memory[tuple[Hashable, ...], Markup] = Memory(seconds=60, most=300)


def shared_part(name: str, *facts: Hashable, caller: Callable[[], Markup]) -> Markup:
    """Return what a block writes; the same name, language and facts are written once a minute.

    Shape: facts are everything besides the language that the block depends on, from a small set:
    never a visitor's own words. HERE in it becomes the address of the page in force, quoted.
    """
    key = (name, current_locale(), request.root_path, *facts)
    markup = _kept.get(key)
    if markup is None:
        markup = caller()
        _kept.keep({key: markup})
    return markup.replace(HERE, quote(request.full_path, safe=""))


def tile_facts(tiles: Sequence[Tile]) -> tuple[object, ...]:
    """Return what tiles show, as facts of the part that holds them."""
    return tuple(tile.content for tile in tiles)


GLOBALS = {"shared_part": shared_part, "tile_facts": tile_facts, "HERE": HERE}
