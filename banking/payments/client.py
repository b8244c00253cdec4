"""The one client of the card network: its address, its patience, its errors in our words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from banking.payments.errors import CardNetworkDown, CardNetworkRefused
from kernel.config import settings

# The client brings every way to speak HTTP that it finds: only who asks the network loads it.
if TYPE_CHECKING:
    import stripe

_TIMEOUT_S = 20


def address_file() -> Path:
    """Return where the local stand-in writes its address."""
    return settings().var / "card-network" / "address"


def client() -> stripe.StripeClient:
    """Return the client of the network, or of the local stand-in. Raises: CardNetworkDown."""
    return _client_at(_address(), settings().stripe_key)


def explained(error: stripe.StripeError) -> CardNetworkDown | CardNetworkRefused:
    """Return the network's error in our words: whether asking again helps."""
    import stripe  # noqa: PLC0415 - see above

    refused = (stripe.InvalidRequestError, stripe.AuthenticationError, stripe.IdempotencyError)
    return CardNetworkRefused() if isinstance(error, refused) else CardNetworkDown()


def _address() -> str:
    if settings().stripe_api_base:
        return settings().stripe_api_base
    try:
        return address_file().read_text(encoding="ascii").strip()
    except FileNotFoundError as missing:
        raise CardNetworkDown from missing


@cache
def _client_at(address: str, key: str) -> stripe.StripeClient:
    import stripe  # noqa: PLC0415 - see above

    return stripe.StripeClient(
        key,
        base_addresses={"api": address},
        # Repeats carry the same idempotency key, so a lost answer never charges twice.
        max_network_retries=2,
        http_client=stripe.RequestsClient(timeout=_TIMEOUT_S),
    )
