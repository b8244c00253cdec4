"""Commands on saved cards; the network is asked between them, never inside one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from banking.cards.card_topups import charging
from banking.cards.card_topups import queries as payments
from banking.cards.card_topups.charging import SavedMethod
from banking.cards.saved_cards import queries
from banking.cards.saved_cards.errors import SavedCardUnknown
from banking.cards.saved_cards.events import SavedCardRemoved
from banking.cards.saved_cards.models import SavedCard
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, in_command, reading, session
from kernel.events import publish
from kernel.ids import derived_id


def keep_card(*, payment_id: UUID) -> None:
    """Keep the card that paid, where its holder ticked that; as often as anybody likes.

    Raises: PaymentUnknown, CardNetworkDown, CardNetworkRefused.
    """
    assert not in_command(), "the network is not asked inside a transaction"
    with reading():
        payment = payments.payment(payment_id=payment_id)
    if not payment.saves_card or payment.owner_id is None:
        return
    method = charging.method_of(page_ref=payment.page_ref)
    if method is not None:
        record_card(payment_id=payment_id, owner_id=payment.owner_id, method=method, actor=SYSTEM)


@command("banking.saved_cards.record_card")
def record_card(*, payment_id: UUID, owner_id: UUID, method: SavedMethod, actor: Actor) -> None:
    """Note a card that the network keeps for its owner; one that is there already stays."""
    session().execute(
        insert(SavedCard)
        .values(
            id=derived_id(payment_id, "saved card"),
            owner_id=owner_id,
            customer_ref=method.token.customer_ref,
            method_ref=method.token.method_ref,
            brand=method.brand,
            last4=method.last4,
            month=method.month,
            year=method.year,
            fingerprint=method.fingerprint,
            saved_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )


@command("banking.saved_cards.remove_card")
def remove_card(*, card_id: UUID, owner_id: UUID, actor: Actor) -> None:
    """Remove a saved card; it pays nothing from here on, and the network forgets it.

    Locks: the card. Events: SavedCardRemoved. Raises: SavedCardUnknown.
    """
    row = session().get(SavedCard, card_id, with_for_update=True, populate_existing=True)
    if row is None or row.owner_id != owner_id:
        raise SavedCardUnknown
    if row.removed_at is None:
        row.removed_at = clock.now()
        session().flush()
        publish(SavedCardRemoved(card_id=card_id))


def forget_card(*, card_id: UUID) -> None:
    """Let the network forget a card that was removed. Raises: CardNetworkDown."""
    assert not in_command(), "the network is not asked inside a transaction"
    with reading():
        method = queries.method_ref(card_id=card_id)
    charging.forget(method_ref=method)
