"""The door of programs: a shipment is declared once by its holder's own reference."""

from __future__ import annotations

from dataclasses import dataclass

from insurance.trade.open_cover import declaring, queries
from insurance.trade.open_cover.holding import held_by
from insurance.trade.open_cover.queries import DeclarationView
from insurance.trade.open_cover.rules import Shipment, Source
from kernel.actor import Actor
from kernel.db import command


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared shipment, and whether its reference had been declared before."""

    line: DeclarationView
    is_known: bool


@command("insurance.open_cover.declare_by_program")
def declare(*, ref: str, shipment: Shipment, actor: Actor) -> Declared:
    """Insure a shipment under an open cover; the same again is the same declaration.

    Locks: the cover, first of all, so that of two that come at once one knows of the other; then as
    `declaring.declare`. Events and errors: as there.
    """
    row = held_by(ref, actor)
    is_known = queries.declaration_of(row, shipment.reference) is not None
    line = declaring.declare(ref=ref, shipment=shipment, source=Source.API, actor=actor)
    return Declared(line, is_known)
