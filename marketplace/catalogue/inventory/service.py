"""Commands of stock: count, keep for a cart, sell, ship, give back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, TextClause, delete, text
from sqlalchemy.orm import SessionTransaction

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.statements import read_sql
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
# Opens a reservation, then locks levels in offer order; none is locked where it was open before.
_OPEN = text(
    """
    WITH opened AS (
        INSERT INTO marketplace.stock_reservation (id, cart_ref, expires_at, is_open, created_at)
        VALUES (:id, :cart_ref, :expires_at, true, :now) ON CONFLICT DO NOTHING RETURNING id
    ), locked AS MATERIALIZED (
        SELECT offer_id, on_hand, reserved, allocated FROM marketplace.stock_level
        WHERE offer_id = ANY(CAST(:ids AS bigint[])) AND EXISTS (SELECT FROM opened)
        ORDER BY offer_id FOR UPDATE
    )
    SELECT locked.* FROM opened LEFT JOIN locked ON true
    """
)
_MOVE = text(read_sql(__file__, "move"))
_KEEP = text(read_sql(__file__, "keep"))
_SETTLE = text(read_sql(__file__, "settle"))
# The lines are locked, too: of locked rows alone one who waited reads what they are by then.
_HELD = text(
    """
    SELECT r.cart_ref, r.expires_at, l.offer_id, l.quantity, l.state, l.order_ref
    FROM marketplace.stock_reservation r
    JOIN marketplace.stock_reservation_line l ON l.reservation_id = r.id
    WHERE r.id = :id ORDER BY l.offer_id FOR UPDATE
    """
)
_ORDER_LINES = text(
    """
    SELECT offer_id, sum(quantity)::int AS quantity FROM marketplace.stock_reservation_line
    WHERE order_ref = :order_ref AND state = 'allocated' GROUP BY offer_id ORDER BY offer_id
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
    " WHERE id = :id AND is_open RETURNING id"
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
_LevelRow = Row[int, int, int, int]  # offer, on hand, reserved, allocated
_Change = Callable[[Level, int], Level]


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
    opened = session().execute(_OPEN, head | {"ids": list(wanted)}).all()
    if not opened:
        return _replayed(key, wanted)
    levels = [row for row in opened if row.offer_id is not None]
    _keep(key, wanted, levels, subject=cart_ref)
    return _view(key, cart_ref, expires_at, wanted)


@command("marketplace.inventory.change_reservation")
def change_reservation(*, key: UUID, lines: Sequence[StockLine], actor: Actor) -> None:
    """Keep these pieces instead of those kept so far, until the same instant; all or none.

    Locks: the reservation, then stock levels in offer order. Events: StockCrossed.
    Raises: NoSuchReservation, InsufficientStock, ReservationOver once pieces are sold or back.
    """
    reservation, wanted = _locked(key), _summed(lines)
    assert wanted, "a reservation has lines"
    before = reservation.pieces
    if before == wanted:
        return
    if any(state != "reserved" for _, _, state, _ in reservation.lines):
        raise ReservationOver
    # Old and new at once, so that giving back and keeping have one order of locks.
    _move(before, rules.release, kind="released", subject=str(key), beside=wanted)
    session().execute(delete(ReservationLine).where(ReservationLine.reservation_id == key))
    _keep(key, wanted, _levels(wanted), subject=reservation.cart_ref)


@command("marketplace.inventory.keep_longer")
def keep_longer(*, key: UUID, until: datetime, actor: Actor) -> None:
    """Keep the pieces of an open reservation until a later instant.

    Locks: the reservation. Raises: NoSuchReservation, ReservationOver.
    """
    if session().execute(_LATER, {"id": key, "until": until}).one_or_none() is None:
        _locked(key)  # which says so where nothing was ever kept
        raise ReservationOver
    _let_go()


def held(key: UUID) -> dict[int, int]:
    """Return what a reservation still keeps, which is so until the open command ends.

    The next order that takes pieces over in the same command reads nothing of it again.
    Units: pieces by offer. Locks: the reservation. Raises: NoSuchReservation.
    """
    reservation = _locked(key)
    _hand_on(reservation)
    return {offer_id: n for offer_id, n, state, _ in reservation.lines if state == "reserved"}


@command("marketplace.inventory.allocate")
def allocate(
    *, reservation_key: UUID, order_ref: str, actor: Actor, offer_ids: Sequence[int] | None = None
) -> None:
    """Turn kept pieces into an order's; `offer_ids` picks one vendor order's part of a cart.

    A reservation whose time is over still counts while nobody took the pieces. Replays.
    Locks: the reservation, then stock levels in offer order.
    Raises: NoSuchReservation, ReservationOver.
    """
    reservation = _locked(reservation_key)
    lines = _chosen(reservation.lines, offer_ids)
    if all(state in {"allocated", "shipped"} and ref == order_ref for _, _, state, ref in lines):
        return
    if any(state != "reserved" for _, _, state, _ in lines):
        raise ReservationOver
    sold = {offer_id: quantity for offer_id, quantity, _, _ in lines}
    rest = [line for line in reservation.lines if line[0] not in sold]
    given = {
        "kind": "allocate",
        "subject": order_ref,
        "id": reservation_key,
        "state": "allocated",
        "order_ref": order_ref,
        "is_over": not any(state == "reserved" for _, _, state, _ in rest),
    }
    # All of the cart at once, so that several vendor orders keep one order of locks.
    _store(_SETTLE, sold, _levels(reservation.pieces), rules.allocate, given)
    taken = [(offer_id, quantity, "allocated", order_ref) for offer_id, quantity in sold.items()]
    _hand_on(replace(reservation, lines=tuple(sorted([*rest, *taken]))))


@command("marketplace.inventory.release_reservation")
def release_reservation(*, reservation_key: UUID, actor: Actor) -> None:
    """Give a cart's pieces back; what is sold already stays sold. Replays.

    Locks: the reservation, then stock levels in offer order. Events: StockCrossed.
    Raises: NoSuchReservation.
    """
    _give_back(_locked(reservation_key), state="released")


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
        reservation = _locked(key)
        _give_back(reservation, state="expired")
        publish(ReservationExpired(cart_ref=reservation.cart_ref))
    return len(due)


def _move(
    pieces: Mapping[int, int],
    change: _Change,
    *,
    kind: str,
    subject: str,
    beside: Iterable[int] = (),
) -> None:
    """Lock levels in offer order, with those of further offers, and store what changes."""
    given = {"kind": kind, "subject": subject}
    _store(_MOVE, pieces, _levels({*pieces, *beside}), change, given)


def _levels(offer_ids: Collection[int]) -> Sequence[_LevelRow]:
    """Return stock levels, locked in offer order."""
    return session().execute(_LOCK, {"ids": list(offer_ids)}).all()


def _keep(
    key: UUID, wanted: Mapping[int, int], levels: Sequence[_LevelRow], *, subject: str
) -> None:
    """Keep pieces of levels that are locked, and write the reservation's lines."""
    pieces = [wanted[offer_id] for offer_id in sorted(wanted)]
    given = {"kind": "reserve", "subject": subject, "id": key, "pieces": pieces}
    _store(_KEEP, wanted, levels, rules.reserve, given)


def _store(
    statement: TextClause,
    pieces: Mapping[int, int],
    levels: Sequence[_LevelRow],
    change: _Change,
    given: Mapping[str, object],
) -> None:
    """Apply the rule to each level, store them by a statement and tell who crossed zero."""
    before = {row.offer_id: Level(row.on_hand, row.reserved, row.allocated) for row in levels}
    after = {}
    for offer_id in sorted(pieces):
        level = before.get(offer_id, Level(0))
        try:
            after[offer_id] = change(level, pieces[offer_id])
        except InsufficientStock as short:
            raise InsufficientStock(**short.data, offer_id=offer_id) from None
    stored = {
        "ids": list(after),
        "on_hand": [x.on_hand for x in after.values()],
        "reserved": [x.reserved for x in after.values()],
        "allocated": [x.allocated for x in after.values()],
        "now": clock.now(),
    }
    session().execute(statement, {**stored, **given})
    over = [key for key, level in after.items() if rules.crossed(before[key], level)]
    if over:
        publish(StockCrossed(offer_ids=over))


def _summed(lines: Sequence[StockLine]) -> dict[int, int]:
    wanted: dict[int, int] = {}
    for line in sorted(lines, key=lambda line: line.offer_id):
        wanted[line.offer_id] = wanted.get(line.offer_id, 0) + line.quantity
    return wanted


def _replayed(key: UUID, wanted: Mapping[int, int]) -> ReservationView:
    reservation = _locked(key)
    if reservation.pieces != wanted:
        raise ReservationMismatch
    if any(state in {"released", "expired"} for _, _, state, _ in reservation.lines):
        raise ReservationOver
    return _view(key, reservation.cart_ref, reservation.expires_at, wanted)


def _view(
    key: UUID, cart_ref: str, expires_at: datetime, wanted: Mapping[int, int]
) -> ReservationView:
    return ReservationView(
        key, cart_ref, expires_at, tuple(StockLine(o, q) for o, q in wanted.items())
    )


@dataclass(frozen=True, slots=True)
class _Reservation:
    """A reservation that is locked, within a savepoint or none, which would let go of it."""

    key: UUID
    within: SessionTransaction | None
    cart_ref: str
    expires_at: datetime
    lines: tuple[_Line, ...]

    @property
    def pieces(self) -> dict[int, int]:
        """What it was made for, whatever became of it. Units: pieces by offer."""
        return {offer_id: quantity for offer_id, quantity, _, _ in self.lines}


def _locked(key: UUID) -> _Reservation:
    """Return a reservation, locked, as it was handed on or as it is read now."""
    within, before = session().get_nested_transaction(), _let_go()
    if before is not None and before.key == key and before.within is within:
        return before
    given = {"id": key}
    # Who waited for somebody that exchanged all lines finds none of those: the new ones are next.
    rows = session().execute(_HELD, given).all() or session().execute(_HELD, given).all()
    if not rows:
        raise NoSuchReservation
    first, lines = rows[0], tuple((r.offer_id, r.quantity, r.state, r.order_ref) for r in rows)
    return _Reservation(key, within, first.cart_ref, first.expires_at, lines)


def _hand_on(reservation: _Reservation) -> None:
    """Spare the next command on a reservation its reading: locked, it changes in this room only."""
    session().info[_Reservation] = reservation


def _let_go() -> _Reservation | None:
    handed_on: _Reservation | None = session().info.pop(_Reservation, None)
    return handed_on


def _chosen(lines: Sequence[_Line], offer_ids: Sequence[int] | None) -> Sequence[_Line]:
    if offer_ids is None:
        return lines
    part = [line for line in lines if line[0] in set(offer_ids)]
    if len(part) != len(set(offer_ids)):
        raise NoSuchReservation
    return part


def _give_back(reservation: _Reservation, *, state: str) -> None:
    pieces = {o: q for o, q, was, _ in reservation.lines if was == "reserved"}
    given = {
        "kind": state,
        "subject": str(reservation.key),
        "id": reservation.key,
        "state": state,
        "order_ref": None,
        "is_over": True,
    }
    _store(_SETTLE, pieces, _levels(pieces), rules.release, given)


def _settle_order(order_ref: str, change: _Change, *, kind: str, state: str) -> None:
    _let_go()  # its lines may be among those that change
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
