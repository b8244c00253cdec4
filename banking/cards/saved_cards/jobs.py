"""What becomes of saved cards: kept once they have paid, forgotten once they are removed."""

from __future__ import annotations

from banking.cards.card_topups.errors import CardNetworkRefused
from banking.cards.card_topups.events import CardToKeep
from banking.cards.saved_cards import service
from banking.cards.saved_cards.events import SavedCardRemoved
from kernel.events import on
from kernel.logging import log


@on(CardToKeep, "banking.saved_cards.keep_after_payment", queue="money", outside=True)
def keep_after_payment(event: CardToKeep) -> None:
    """Keep the card that paid. Raises: CardNetworkDown, so that it is tried again."""
    service.keep_card(payment_id=event.payment_id)


@on(SavedCardRemoved, "banking.saved_cards.forget_removed", queue="money", outside=True)
def forget_removed(event: SavedCardRemoved) -> None:
    """Let the network forget a card. Raises: CardNetworkDown, so that it is tried again."""
    try:
        service.forget_card(card_id=event.card_id)
    except CardNetworkRefused:
        log.info("the card network had forgotten a card already")
