"""Declare a shipment: one command, whichever door it came by.

In one transaction its limits are tested, its policy is bound, and its premium is drawn: from the
deposit, then owed. The cover is locked first, so of two that would pass a limit together one is
left; the conveyance comes after it, as when a shipment is insured by itself.
"""

from __future__ import annotations

from fractions import Fraction

from insurance.money.books import deposits
from insurance.rating.tariff.queries import Premium, Refusal
from insurance.trade.cargo import declared, words
from insurance.trade.cargo.queries import Signed
from insurance.trade.open_cover import queries, rules
from insurance.trade.open_cover.errors import (
    ConveyanceLimit,
    LocationLimit,
    OpenCoverNotActive,
    OpenCoverOutsideYear,
    OpenCoverSuspended,
    ShipmentDeclared,
    ShipmentLate,
    ShipmentRefused,
    ShipmentWithdrawn,
)
from insurance.trade.open_cover.events import ShipmentInsured
from insurance.trade.open_cover.holding import held_by, move, note
from insurance.trade.open_cover.models import Declaration, OpenCover
from insurance.trade.open_cover.queries import DeclarationView
from insurance.trade.open_cover.rules import Agreed, Shipment, Source, State, Use
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money
from kernel.text import Message, Quoted


@command("insurance.open_cover.declare")
def declare(*, ref: str, shipment: Shipment, source: Source, actor: Actor) -> DeclarationView:
    """Insure a shipment under an open cover in the second it is declared.

    The holder's reference is the key: declared again it is the same declaration, and nothing more
    is drawn. What was withdrawn is not declared again by it: who sends a file or a request twice
    would take the old certificate for cover. A shipment that has left is held covered where it was
    left out by an honest mistake, and its premium is due (Marine Insurance Act 1906,
    section 29(3)).
    Locks: the cover, the conveyance. Events: CargoBound, ShipmentInsured, OpenCoverNews where a
    limit comes near.
    Raises: OpenCoverUnknown, ShipmentDeclared, ShipmentWithdrawn, OpenCoverSuspended,
    OpenCoverNotActive, OpenCoverOutsideYear, ShipmentLate, ConveyanceLimit, LocationLimit,
    ShipmentRefused.
    """
    row = held_by(ref, actor)
    seal = rules.seal_of(shipment)
    known = queries.declaration_of(row, shipment.reference)
    if known is not None and known.withdrawn_at is not None:
        raise ShipmentWithdrawn(number=known.number)
    if known is not None:
        if known.seal != seal:
            raise ShipmentDeclared(number=known.number)
        return queries.declaration_view(known, row.currency)
    agreed = _open_for(row, shipment)
    is_late = shipment.departs_on < clock.today()
    if is_late and not shipment.is_honest:
        raise ShipmentLate
    cargo = rules.cargo_of(agreed, shipment, row.war_until)
    signed = Signed(
        discount_pct=Fraction(agreed.discount_pct),
        flat_rate_pct=Fraction(agreed.flat_rate_pct) if agreed.flat_rate_pct else None,
        is_held_covered=is_late,
    )
    answer, euro_rate = declared.price(cargo, signed, insurer_key=queries.insurer_of(row).key)
    if isinstance(answer, Refusal):
        raise ShipmentRefused(why=Message(words.REASONS[answer.reason.value]))
    near = _within_limits(row, shipment, cargo.voyage, answer.sum_insured, agreed)
    done = _bind(row, shipment, source, (answer, euro_rate), actor)
    _tell(row, done)
    for kind, use in near:
        data = {"kind": kind, "where": use.what, "used": use.used.minor, "limit": use.limit.minor}
        note(row, "near", data, actor)
    return done


def _tell(row: OpenCover, done: DeclarationView) -> None:
    publish(
        ShipmentInsured(
            ref=row.ref,
            owner_id=row.owner_id,
            number=done.number,
            reference=done.reference,
            source=done.source.value,
            sum_insured=done.sum_insured,
            premium=done.gross,
            from_deposit=done.from_deposit,
        )
    )


def _open_for(row: OpenCover, shipment: Shipment) -> Agreed:
    """Return the terms by which a shipment may be declared now."""
    if row.state in (State.DRAFT, State.ENDED):
        raise OpenCoverNotActive
    overdue = queries.overdue_of(row, clock.today())
    if overdue:
        raise OpenCoverSuspended(amount=overdue)
    assert row.terms is not None, "a running cover has terms"
    assert row.starts_on is not None, "a running cover has its days"
    assert row.ends_on is not None, "a running cover has its days"
    if not row.starts_on <= shipment.departs_on <= row.ends_on:
        raise OpenCoverOutsideYear(first=row.starts_on, last=row.ends_on)
    return rules.agreed_from(row.terms)


def _within_limits(
    row: OpenCover, shipment: Shipment, voyage: str, insured: Money, agreed: Agreed
) -> list[tuple[str, Use]]:
    """Return the limits that come near by a shipment, none of which it passes."""
    found = []
    before = queries.on_conveyance(row.id, voyage, agreed)
    if insured > before.free:
        raise ConveyanceLimit(free=before.free, needed=insured)
    after = before.with_more(insured)
    if rules.comes_near(before, after, agreed.warn_pct):
        found.append(("conveyance", after))
    for place in sorted(set(shipment.places)):
        before = queries.at_place(row.id, place, shipment.departs_on, agreed)
        if insured > before.free:
            raise LocationLimit(free=before.free, needed=insured, place=Quoted(place))
        after = before.with_more(insured)
        if rules.comes_near(before, after, agreed.warn_pct):
            found.append(("place", after))
    return found


def _bind(
    row: OpenCover,
    shipment: Shipment,
    source: Source,
    priced: tuple[Premium, Fraction | None],
    actor: Actor,
) -> DeclarationView:
    assert row.terms is not None, "a running cover has terms"
    assert row.wallet_id is not None, "a running cover has a wallet"
    agreed = rules.agreed_from(row.terms)
    policy = declared.bind(
        key=derived_id(row.id, f"declared {shipment.reference}"),
        cargo=rules.cargo_of(agreed, shipment, row.war_until),
        priced=priced,
        owner_id=row.owner_id,
        wallet_id=row.wallet_id,
        insurer_key=queries.insurer_of(row).key,
        open_cover=row.ref,
        actor=actor,
    )
    split = policy.quote.split
    from_deposit = min(split.gross, Money(row.deposit, row.currency))
    deposits.premium_drawn(
        policy_id=policy.id,
        subject=policy.number,
        ref=row.ref,
        split=split,
        from_deposit=from_deposit,
        insurer_key=policy.quote.insurer_key,
        actor=actor,
    )
    owed = split.gross - from_deposit
    due = rules.due_on(clock.today(), agreed.payment_days) if owed else None
    move(row, "declared", policy.number, deposit=-from_deposit, owed=owed, due=due)
    line = Declaration(
        id=derived_id(policy.id, "declaration"),
        open_cover_id=row.id,
        reference=shipment.reference,
        source=source,
        seal=rules.seal_of(shipment),
        policy_id=policy.id,
        number=policy.number,
        goods=shipment.goods,
        voyage=policy.cargo.voyage,
        places=list(shipment.places),
        departs_on=shipment.departs_on,
        cif=policy.price.cif.minor,
        sum_insured=policy.price.sum_insured.minor,
        net=split.net.minor,
        tax=split.tax.minor,
        from_deposit=from_deposit.minor,
        is_late=shipment.departs_on < clock.today(),
        at=clock.now(),
    )
    session().add(line)
    session().flush()
    return queries.declaration_view(line, row.currency)
