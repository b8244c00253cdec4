"""Has what shops write translated, once it is written; pages never wait for a translator."""

from __future__ import annotations

from functools import partial

from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import Note, on
from marketplace.catalogue.products.events import ProductChanged
from marketplace.catalogue.translating import queries, service
from marketplace.catalogue.translating.gateway import translator
from marketplace.catalogue.translating.queries import Scope
from marketplace.catalogue.vendors.events import VendorChanged, VendorOpened


@on(ProductChanged, "marketplace.translating.translate_product", queue="slow", outside=True)
def translate_product(event: ProductChanged) -> Note:
    """Say what a product lacks; asking again says the same again."""
    return _translated(Scope.of_product(event.product_id))


@on(VendorOpened, "marketplace.translating.translate_opened", queue="slow", outside=True)
def translate_opened(event: VendorOpened) -> Note:
    """Say the story of a new shop."""
    return _translated(Scope.of_shop(event.vendor_id))


@on(VendorChanged, "marketplace.translating.translate_shop", queue="slow", outside=True)
def translate_shop(event: VendorChanged) -> Note:
    """Say what a shop tells of itself by now."""
    return _translated(Scope.of_shop(event.vendor_id))


def _translated(within: Scope) -> Note:
    """Ask for what is missing; the answer is kept in the commit that ends the delivery."""
    by = translator()
    if by is None:
        return partial(_write, within, ())
    languages = by.languages()
    with reading():
        missing = queries.missing(by=by, languages=languages, within=within, most=service.PORTION)
    said = service.answers(missing, by)
    return partial(_write, within, said, by.name)


def _write(within: Scope, said: list[service.Said] | tuple[()], engine: str = "") -> None:
    service.drop_over(within=within, translates=bool(engine), actor=SYSTEM)
    if said:
        service.keep(said=said, engine=engine, actor=SYSTEM)
