"""Commands of stock: count, keep for a cart, sell, ship, give back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, text

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from marketplace.catalogue.inventory import rules
from marketplace.catalogue.inventory.errors import (
    InsufficientStock,
    NoSuchReservation,
    ReservationMismatch,
    ReservationOver,
)
from marketplace.catalogue.inventory.events import ReservationExpired, StockCrossed
from marketplace.catalogue.inventory.models import ReservationLine
from marketplace.catalogue.inventory.rules import Level

_LOCK = text(
    """
    SELECT offer_id, on_hand, reserved, allocated FROM marketplace.stock_level
    WHERE offer_id = ANY(CAST(:ids AS bigint[])) ORDER BY offer_id FOR UPDATE
    """
)
_STORE = text(
    """
    WITH new AS (
        SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:on_hand AS int[]),
            CAST(:reserved AS int[]), CAST(:allocated AS int[]))
            AS n (offer_id, on_hand, reserved, allocated)
    ), moved AS (
        INSERT INTO marketplace.stock_movement
            (offer_id, kind, on_hand, reserved, allocated, subject, moved_at)
        SELECT n.offer_id, :kind, n.on_hand - s.on_hand, n.reserved - s.reserved,
            n.allocated - s.allocated, :subject, :now
        FROM new n JOIN marketplace.stock_level s USING (offer_id)
    )
    UPDATE marketplace.stock_level s
    SET on_hand = new.on_hand, reserved = new.reserved, allocated = new.allocated,
        version = s.version + 1
    FROM new WHERE s.offer_id = new.offer_id
    """
)
_OPEN = text(
    """
    INSERT INTO marketplace.stock_reservation (id, cart_ref, expires_at, is_open, created_at)
    VALUES (:id, :cart_ref, :expires_at, true, :now) ON CONFLICT DO NOTHING RETURNING id
    """
)
_KEEP = text(
    """
    INSERT INTO marketplace.stock_reservation_line (reservation_id, offer_id, quantity, state)
    SELECT :id, w.offer_id, w.quantity, 'reserved'
    FROM unnest(CAST(:ids AS bigint[]), CAST(:pieces AS int[])) AS w (offer_id, quantity)
    """
)
_LINES = text(
    """
    SELECT offer_id, quantity, state, order_ref FROM marketplace.stock_reservation_line
    WHERE reservation_id = :id ORDER BY offer_id
    """
)
_ORDER_LINES = text(
    """
    SELECT offer_id, sum(quantity)::int AS quantity FROM marketplace.stock_reservation_line
    WHERE order_ref = :order_ref AND state = 'allocated' GROUP BY offer_id ORDER BY offer_id
    """
)
# What is no longer kept of a reservation, which is closed once nothing is.
_SET_STATE = text(
    """
    WITH closed AS (
        UPDATE marketplace.stock_reservation SET is_open = false
        WHERE id = :id AND CAST(:is_over AS boolean)
    )
    UPDATE marketplace.stock_reservation_line SET state = :state, order_ref = :order_ref
    WHERE reservation_id = :id AND offer_id = ANY(CAST(:ids AS bigint[]))
    """
)
_SET_ORDER_STATE = text(
    """
    UPDATE marketplace.stock_reservation_line SET state = :state
    WHERE order_ref = :order_ref AND state = 'allocated'
    """
)
_LATER = text(
    "UPDATE marketplace.stock_reservation SET expires_at = greatest(expires_at, :until)"
    " WHERE id = :id"
)
_HEAD = text(
    "SELECT cart_ref, expires_at, is_open FROM marketplace.stock_reservation"
    " WHERE id = :id FOR UPDATE"
)
_EXPIRED = text(
    """
    SELECT id FROM marketplace.stock_reservation
    WHERE is_open AND expires_at <= :now ORDER BY expires_at LIMIT :most
    FOR UPDATE SKIP LOCKED
    """
)
_FIRST_COUNT = text(
    """
    INSERT INTO marketplace.stock_level (offer_id, on_hand) VALUES (:offer_id, 0)
    ON CONFLICT (offer_id) DO NOTHING
    """
)


_Line = tuple[int, int, str, str | None]  # offer, pieces, state, order


@dataclass(frozen=True, slots=True)
class StockLine:
    """So many pieces of an offer. Units: pieces."""

    offer_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class ReservationView:
    """What is kept for a cart and until when. Shape: lines sorted by offer."""

    key: UUID
    cart_ref: str
    expires_at: datetime
    lines: tuple[StockLine, ...]


@command("marketplace.inventory.reserve")
def reserve(
    *, key: UUID, lines: Sequence[StockLine], cart_ref: str, expires_at: datetime, actor: Actor
) -> ReservationView:
    """Keep pieces for a cart until an instant; all lines or none. The same key replays.

    Locks: the reservation, then stock levels in offer order. Events: StockCrossed.
    Raises: InsufficientStock, ReservationMismatch for a key with other lines, ReservationOver.
    """
    wanted = _summed(lines)
    assert wanted, "a reservation has lines"
    head = {"id": key, "cart_ref": cart_ref, "expires_at": expires_at, "now": clock.now()}
    if session().execute(_OPEN, head).one_or_none() is None:
        return _replayed(key, wanted)
    _move(wanted, rules.reserve, kind="reserve", subject=cart_ref)
    _keep(key, wanted)
    return _view(key, cart_ref, expires_at, wanted)


@command("marketplace.inventory.change_reservation")
def change_reservation(*, key: UUID, lines: Sequence[StockLine], actor: Actor) -> None:
    """Keep these pieces instead of those kept so far, until the same instant; all or none.

    Locks: the reservation, then stock levels in offer order. Events: StockCrossed.
    Raises: NoSuchReservation, InsufficientStock, ReservationOver once pieces are sold or back.
    """
    cart_ref, reservation, wanted = _head(key).cart_ref, _lines(key), _summed(lines)
    assert wanted, "a reservation has lines"
    before = {offer_id: quantity for offer_id, quantity, _, _ in reservation}
    if before == wanted:
        return
    if any(state != "reserved" for _, _, state, _ in reservation):
        raise ReservationOver
    # Old and new at once, so that giving back and keeping have one order of locks.
    session().execute(_LOCK, {"ids": sorted({*before, *wanted})})
    _move(before, rules.release, kind="released", subject=str(key))
    _move(wanted, rules.reserve, kind="reserve", subject=cart_ref)
    session().execute(delete(ReservationLine).where(ReservationLine.reservation_id == key))
    _keep(key, wanted)


@command("marketplace.inventory.keep_longer")
def keep_longer(*, key: UUID, until: datetime, actor: Actor) -> None:
    """Keep the pieces of an open reservation until a later instant.

    Locks: the reservation. Raises: NoSuchReservation, ReservationOver.
    """
    if not _head(key).is_open:
        raise ReservationOver
    session().execute(_LATER, {"id": key, "until": until})


@command("marketplace.inventory.allocate")
def allocate(
    *, reservation_key: UUID, order_ref: str, actor: Actor, offer_ids: Sequence[int] | None = None
) -> None:
    """Turn kept pieces into an order's; `offer_ids` picks one vendor order's part of a cart.

    A reservation whose time is over still counts while nobody took the pieces. Replays.
    Locks: the reservation, then stock levels in offer order.
    Raises: NoSuchReservation, ReservationOver.
    """
    _head(reservation_key)  # locked: the lines stay as they are read
    reservation = _lines(reservation_key)
    lines = _chosen(reservation, offer_ids)
    if all(state in {"allocated", "shipped"} and ref == order_ref for _, _, state, ref in lines):
        return
    if any(state != "reserved" for _, _, state, _ in lines):
        raise ReservationOver
    sold = {offer_id: quantity for offer_id, quantity, _, _ in lines}
    if len(lines) < len(reservation):
        # All of the cart at once, so that several vendor orders keep one order of locks.
        session().execute(_LOCK, {"ids": [line[0] for line in reservation]})
    _move(sold, rules.allocate, kind="allocate", subject=order_ref)
    is_over = not any(
        state == "reserved" for offer_id, _, state, _ in reservation if offer_id not in sold
    )
    _set_state(reservation_key, "allocated", sold, is_over=is_over, order_ref=order_ref)


@command("marketplace.inventory.release_reservation")
def release_reservation(*, reservation_key: UUID, actor: Actor) -> None:
    """Give a cart's pieces back; what is sold already stays sold. Replays.

    Locks: the reservation, then stock levels in offer order. Events: StockCrossed.
    Raises: NoSuchReservation.
    """
    _head(reservation_key)
    _give_back(reservation_key, state="released")


@command("marketplace.inventory.ship")
def ship(*, order_ref: str, actor: Actor) -> None:
    """Take an order's pieces off the shelf: they left. Replays. Locks: stock levels."""
    _settle_order(order_ref, rules.ship, kind="ship", state="shipped")


@command("marketplace.inventory.deallocate")
def deallocate(*, order_ref: str, actor: Actor) -> None:
    """Free a cancelled order's pieces. Replays. Locks: stock levels. Events: StockCrossed."""
    _settle_order(order_ref, rules.deallocate, kind="deallocate", state="released")


@command("marketplace.inventory.restock")
def restock(*, offer_id: int, quantity: int, subject: str, actor: Actor) -> None:
    """Add pieces that arrived or came back. Locks: the stock level. Events: StockCrossed."""
    assert quantity > 0, "forms reject this"
    session().execute(_FIRST_COUNT, {"offer_id": offer_id})
    _move(
        {offer_id: quantity},
        lambda level, n: rules.recount(level, level.on_hand + n),
        kind="restock",
        subject=subject,
    )


@command("marketplace.inventory.count")
def count(*, offer_id: int, on_hand: int, actor: Actor, subject: str = "count") -> None:
    """Set how many pieces lie there, as the vendor counted.

    Locks: the stock level. Events: StockCrossed. Raises: StockInUse below what is promised.
    """
    session().execute(_FIRST_COUNT, {"offer_id": offer_id})
    _move({offer_id: on_hand}, rules.recount, kind="count", subject=subject)


@command("marketplace.inventory.release_expired")
def expire_reservations(*, actor: Actor, most: int = 200) -> int:
    """Give back the pieces of carts whose time is over; return how many reservations ended.

    Locks: due reservations that nobody else holds, then stock levels.
    Events: ReservationExpired, StockCrossed.
    """
    due = session().execute(_EXPIRED, {"now": clock.now(), "most": most}).scalars().all()
    for key in sorted(due):
        cart_ref = _head(key).cart_ref
        _give_back(key, state="expired")
        publish(ReservationExpired(cart_ref=cart_ref))
    return len(due)


def _move(
    pieces: Mapping[int, int], change: Callable[[Level, int], Level], *, kind: str, subject: str
) -> None:
    """Lock levels in offer order, apply the rule to each, store them and tell who crossed zero."""
    rows = session().execute(_LOCK, {"ids": list(pieces)}).all()
    before = {row.offer_id: Level(row.on_hand, row.reserved, row.allocated) for row in rows}
    after = {}
    for offer_id in sorted(pieces):
        level = before.get(offer_id, Level(0))
        try:
            after[offer_id] = change(level, pieces[offer_id])
        except InsufficientStock as short:
            raise InsufficientStock(**short.data, offer_id=offer_id) from None
    session().execute(
        _STORE,
        {
            "ids": list(after),
            "on_hand": [x.on_hand for x in after.values()],
            "reserved": [x.reserved for x in after.values()],
            "allocated": [x.allocated for x in after.values()],
            "kind": kind,
            "subject": subject,
            "now": clock.now(),
        },
    )
    over = [key for key, level in after.items() if rules.crossed(before[key], level)]
    if over:
        publish(StockCrossed(offer_ids=over))


def _keep(key: UUID, wanted: Mapping[int, int]) -> None:
    kept = {"id": key, "ids": list(wanted), "pieces": list(wanted.values())}
    session().execute(_KEEP, kept)


def _summed(lines: Sequence[StockLine]) -> dict[int, int]:
    wanted: dict[int, int] = {}
    for line in sorted(lines, key=lambda line: line.offer_id):
        wanted[line.offer_id] = wanted.get(line.offer_id, 0) + line.quantity
    return wanted


def _replayed(key: UUID, wanted: Mapping[int, int]) -> ReservationView:
    head = _head(key)
    lines = _lines(key)
    if {offer_id: quantity for offer_id, quantity, _, _ in lines} != wanted:
        raise ReservationMismatch
    if any(state in {"released", "expired"} for _, _, state, _ in lines):
        raise ReservationOver
    return _view(key, head.cart_ref, head.expires_at, wanted)


def _view(
    key: UUID, cart_ref: str, expires_at: datetime, wanted: Mapping[int, int]
) -> ReservationView:
    return ReservationView(
        key, cart_ref, expires_at, tuple(StockLine(o, q) for o, q in wanted.items())
    )


@dataclass(frozen=True, slots=True)
class _Head:
    cart_ref: str
    expires_at: datetime
    is_open: bool


def _head(key: UUID) -> _Head:
    row = session().execute(_HEAD, {"id": key}).one_or_none()
    if row is None:
        raise NoSuchReservation
    return _Head(*row)


def _lines(key: UUID) -> list[_Line]:
    return [tuple(row) for row in session().execute(_LINES, {"id": key})]


def _chosen(lines: list[_Line], offer_ids: Sequence[int] | None) -> list[_Line]:
    if offer_ids is None:
        return lines
    part = [line for line in lines if line[0] in set(offer_ids)]
    if len(part) != len(set(offer_ids)):
        raise NoSuchReservation
    return part


def _give_back(key: UUID, *, state: str) -> None:
    pieces = {o: q for o, q, was, _ in _lines(key) if was == "reserved"}
    if pieces:
        _move(pieces, rules.release, kind=state, subject=str(key))
    _set_state(key, state, pieces, is_over=True)


def _set_state(
    key: UUID, state: str, offer_ids: Iterable[int], *, is_over: bool, order_ref: str | None = None
) -> None:
    session().execute(
        _SET_STATE,
        {
            "id": key,
            "state": state,
            "order_ref": order_ref,
            "ids": list(offer_ids),
            "is_over": is_over,
        },
    )


def _settle_order(
    order_ref: str, change: Callable[[Level, int], Level], *, kind: str, state: str
) -> None:
    rows = session().execute(_ORDER_LINES, {"order_ref": order_ref}).all()
    pieces = {row.offer_id: row.quantity for row in rows}
    if not pieces:
        return
    session().execute(_LOCK, {"ids": list(pieces)})
    # Two dispatches at once: the second one waited for the lock and finds nothing left to do.
    rows = session().execute(_ORDER_LINES, {"order_ref": order_ref}).all()
    pieces = {row.offer_id: row.quantity for row in rows}
    if pieces:
        _move(pieces, change, kind=kind, subject=order_ref)
        session().execute(_SET_ORDER_STATE, {"order_ref": order_ref, "state": state})
