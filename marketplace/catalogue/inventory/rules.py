"""Arithmetic of pieces: who may claim how many, and what a claim becomes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from marketplace.catalogue.inventory.errors import InsufficientStock, StockInUse


@dataclass(frozen=True, slots=True)
class Level:
    """A stock level. Units: pieces."""

    on_hand: int
    reserved: int = 0
    allocated: int = 0

    @property
    def available(self) -> int:
        """Pieces nobody has a claim on."""
        return self.on_hand - self.reserved - self.allocated


def reserve(level: Level, quantity: int) -> Level:
    """Return the level with pieces kept for a cart. Raises: InsufficientStock."""
    assert quantity > 0, "forms reject this"
    if quantity > level.available:
        raise InsufficientStock(free=max(level.available, 0))
    return replace(level, reserved=level.reserved + quantity)


def release(level: Level, quantity: int) -> Level:
    """Return the level with a cart's pieces free again."""
    assert 0 < quantity <= level.reserved, "only kept pieces are given back"
    return replace(level, reserved=level.reserved - quantity)


def allocate(level: Level, quantity: int) -> Level:
    """Return the level with a cart's pieces now an order's."""
    assert 0 < quantity <= level.reserved, "only kept pieces are sold"
    return replace(level, reserved=level.reserved - quantity, allocated=level.allocated + quantity)


def deallocate(level: Level, quantity: int) -> Level:
    """Return the level with a cancelled order's pieces free again."""
    assert 0 < quantity <= level.allocated, "only sold pieces are cancelled"
    return replace(level, allocated=level.allocated - quantity)


def ship(level: Level, quantity: int) -> Level:
    """Return the level with an order's pieces gone."""
    assert 0 < quantity <= level.allocated, "only sold pieces leave"
    return replace(level, on_hand=level.on_hand - quantity, allocated=level.allocated - quantity)


def recount(level: Level, on_hand: int) -> Level:
    """Return the level after the vendor counted. Raises: StockInUse below what is promised."""
    assert on_hand >= 0, "forms reject this"
    claimed = level.reserved + level.allocated
    if on_hand < claimed:
        raise StockInUse(claimed=claimed)
    return replace(level, on_hand=on_hand)


def crossed(before: Level, after: Level) -> bool:
    """Whether the goods sold out or came back: the only change that shelves show."""
    return (before.available > 0) != (after.available > 0)
