"""Commands of safeguarding: compute a day, top up what is short, make a pack."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from banking.control.safeguarding import packing, queries, rules
from banking.control.safeguarding.errors import PackUnknown, TopUpUnknown
from banking.control.safeguarding.events import PackAsked, ShortfallFound
from banking.control.safeguarding.models import (
    ResolutionPack,
    SafeguardingDay,
    SafeguardingPart,
    SafeguardingScope,
    SafeguardingTopUp,
)
from banking.control.safeguarding.queries import PackView, TopUpView
from banking.control.safeguarding.rules import Position, TopUpState
from banking.core.ledger import service as ledger
from banking.core.ledger.service import AccountKind, AccountRef, Leg
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.four_eyes import check_second_person
from kernel.ids import derived_id, new_id, public_ref
from kernel.money import Money

# So far back are missed days made good; entries older than that do not change any more.
_MOST_DAYS = 100
_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtext('banking.safeguarding.compute_days'))")


@command("banking.safeguarding.load_scope")
def load_scope(*, actor: Actor) -> None:
    """Store which accounts count; what stands already stays."""
    session().execute(insert(SafeguardingScope).on_conflict_do_nothing(), queries.house_scope())


@command("banking.safeguarding.store_days")
def compute_days(*, actor: Actor) -> list[date]:
    """Compute every day that is over and was not computed; return them, oldest first.

    Only the newest can be short still: its top-ups replace those of earlier days.
    Locks: computing itself, so that of two the second finds what the first computed; the open
    top-ups. Events: ShortfallFound, of one that is new or has grown.
    """
    session().execute(_ONE_BY_ONE)
    due = rules.days_to_compute(queries.last_day(), today=clock.today(), most=_MOST_DAYS)
    for on in due:
        positions = queries.positions_on(on)
        _store(on, positions)
        if on == due[-1]:
            _propose(on, positions)
    session().flush()
    return due


def _store(on: date, found: list[Position]) -> None:
    for position in found:
        session().execute(
            insert(SafeguardingDay).values(
                on=on,
                currency=position.currency,
                computed_at=clock.now(),
                requirement_minor=position.requirement.minor,
                resource_minor=position.resource.minor,
            )
        )
        parts = [
            {
                "on": on,
                "currency": position.currency,
                "kind": part.kind,
                "side": part.side.value,
                "amount_minor": part.amount.minor,
            }
            for part in position.parts
        ]
        session().execute(insert(SafeguardingPart), parts)


def _propose(on: date, found: list[Position]) -> None:
    """Propose what the day is short of; what was proposed for earlier days is over.

    What stands as it stood is no news: a letter a day that says the same is soon read no more.
    """
    query = select(SafeguardingTopUp).where(
        SafeguardingTopUp.state.in_([TopUpState.PROPOSED, TopUpState.SIGNED])
    )
    known: dict[str, int] = {}
    for earlier in session().execute(query.with_for_update()).scalars():
        known[earlier.currency] = earlier.amount_minor
        earlier.state, earlier.closed_at = TopUpState.COVERED, clock.now()
    session().flush()
    for position in found:
        if position.shortfall:
            top_up = SafeguardingTopUp(
                id=new_id(),
                ref=public_ref("SG"),
                on=on,
                currency=position.currency,
                amount_minor=position.shortfall.minor,
                state=TopUpState.PROPOSED,
                proposed_at=clock.now(),
            )
            session().add(top_up)
            if top_up.amount_minor > known.get(top_up.currency, 0):
                publish(ShortfallFound(top_up_id=top_up.id, on=on, amount=position.shortfall))


@command("banking.safeguarding.sign")
def sign(*, top_up_id: UUID, actor: Actor) -> TopUpView:
    """Sign a top-up as the first of two people. Locks: the top-up.

    Raises: TopUpUnknown, TopUpClosed.
    """
    top_up = _locked(top_up_id)
    rules.check_state(TopUpState(top_up.state), TopUpState.PROPOSED)
    check_second_person(maker=None, checker=actor.person_id)
    top_up.state, top_up.maker_id = TopUpState.SIGNED, actor.person_id
    session().flush()
    return queries.top_up_view(top_up)


@command("banking.safeguarding.book")
def book(*, top_up_id: UUID, actor: Actor) -> TopUpView:
    """Move own money beside the customers', as the second of two people. Locks: the top-up.

    Raises: TopUpUnknown, TopUpClosed, OwnProposal.
    """
    top_up = _locked(top_up_id)
    rules.check_state(TopUpState(top_up.state), TopUpState.SIGNED)
    check_second_person(maker=top_up.maker_id, checker=actor.person_id)
    amount = Money(top_up.amount_minor, top_up.currency)
    journal = ledger.post(
        key=derived_id(top_up.id, "booked"),
        kind="safeguarding_top_up",
        subject=top_up.ref,
        actor=actor,
        legs=_beside_customers(amount),
    )
    top_up.state, top_up.closed_at = TopUpState.BOOKED, clock.now()
    top_up.checker_id, top_up.journal_id = actor.person_id, journal.id
    session().flush()
    return queries.top_up_view(top_up)


@command("banking.safeguarding.place_own_money")
def place_own_money(*, amount: Money, key: UUID, actor: Actor) -> None:
    """Place money of the house beside the customers'; the same key places it once.

    What the card network keeps for itself is missing there from the first top-up on: a house has
    something of its own there before, and tops up only what that does not cover.
    """
    assert amount.minor > 0, "money is placed"
    ledger.post(
        key=key,
        kind="safeguarding_own_money",
        subject="own money",
        actor=actor,
        legs=_beside_customers(amount),
    )


@command("banking.safeguarding.ask_pack")
def ask_pack(*, key: UUID, actor: Actor) -> PackView:
    """Ask for a resolution pack; the same key asks once. Events: PackAsked."""
    known = session().get(ResolutionPack, key)
    if known is None:
        known = ResolutionPack(
            id=key,
            ref=public_ref("RP"),
            asked_by=actor.person_id,
            asked_at=clock.now(),
            sha256="",
            size=0,
        )
        session().add(known)
        session().flush()
        publish(PackAsked(pack_id=key))
    return queries.pack_view(known)


@command("banking.safeguarding.store_pack")
def make_pack(*, pack_id: UUID, actor: Actor) -> PackView:
    """Make a pack from the books as they are now; one that is made stays as it is.

    Locks: the pack. Raises: PackUnknown.
    """
    query = select(ResolutionPack).where(ResolutionPack.id == pack_id).with_for_update()
    pack = session().execute(query).scalar_one_or_none()
    if pack is None:
        raise PackUnknown
    if pack.made_at is None:
        pack.content = packing.pack(pack.ref, at=clock.now())
        pack.sha256 = hashlib.sha256(pack.content).hexdigest()
        pack.size, pack.made_at = len(pack.content), clock.now()
        session().flush()
    return queries.pack_view(pack)


def _beside_customers(amount: Money) -> list[Leg]:
    return [
        Leg(AccountRef.house(AccountKind.OPERATING_BANK, amount.currency), amount),
        Leg(AccountRef.house(AccountKind.SAFEGUARDING_BANK, amount.currency), -amount),
    ]


def _locked(top_up_id: UUID) -> SafeguardingTopUp:
    query = select(SafeguardingTopUp).where(SafeguardingTopUp.id == top_up_id).with_for_update()
    top_up = session().execute(query).scalar_one_or_none()
    if top_up is None:
        raise TopUpUnknown
    return top_up
