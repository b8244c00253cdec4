"""The one client of the card network: its address, its patience, its errors in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from banking.cards.card_topups.errors import CardDeclined, CardNetworkDown, CardNetworkRefused
from kernel import answering
from kernel.breaker import Breaker, LeftAlone
from kernel.config import settings
from kernel.db import in_command
from kernel.readiness import part
from kernel.telemetry import tracing

if TYPE_CHECKING:
    import stripe

# Seconds that an answer may take. A page asks once and says that the network is away; a job has
# time, and its repeats carry the same idempotency key, so a lost answer never charges twice.
_OF_A_PAGE, _OF_A_JOB = 6, 20
_REPEATS_OF_A_JOB = 2
# Seconds after which others do not queue behind whoever waits.
_PATIENCE = 3


def address_file() -> Path:
    """Return where the local stand-in writes its address."""
    return settings().var / "card-network" / "address"


@contextmanager
def asking() -> Iterator[stripe.StripeClient]:
    """Give the client of the network, or of the local stand-in, and say its errors in our words.

    Raises: CardDeclined when a saved card's bank says no; CardNetworkRefused when it will not do
    what it understood, so that nothing has happened and nothing will; CardNetworkDown for
    everything else, which leaves open what has happened: a key that no longer opens may have opened
    a moment ago.
    """
    import stripe  # noqa: PLC0415 - takes 20 MB, and most processes never ask the network

    assert not in_command(), "the network is not asked inside a transaction"
    address = _address()
    try:
        with (
            tracing.span("ask the card network", kind="client"),
            _breaker_at(address).guard(stripe.APIConnectionError, stripe.APIError),
        ):
            yield _client_at(address, settings().stripe_key)
    except stripe.CardError as error:
        raise CardDeclined from error
    except stripe.InvalidRequestError as error:
        raise CardNetworkRefused from error
    except (stripe.StripeError, LeftAlone) as error:
        raise CardNetworkDown from error


@part("card_network")
def was_there() -> bool:
    """Whether the network answered when this process asked it last. Raises: CardNetworkDown."""
    return not _breaker_at(_address()).is_open


def _address() -> str:
    if settings().stripe_api_base:
        return settings().stripe_api_base
    try:
        return address_file().read_text(encoding="ascii").strip()
    except FileNotFoundError as missing:
        raise CardNetworkDown from missing


@cache
def _breaker_at(_address: str) -> Breaker:
    return Breaker("the card network", patience=_PATIENCE)


@cache
def _client_at(address: str, key: str) -> stripe.StripeClient:
    import stripe  # noqa: PLC0415 - takes 20 MB, and this runs where the network is asked

    is_page = answering.allowed() is answering.PAGES
    return stripe.StripeClient(
        key,
        base_addresses={"api": address},
        max_network_retries=0 if is_page else _REPEATS_OF_A_JOB,
        http_client=stripe.RequestsClient(timeout=_OF_A_PAGE if is_page else _OF_A_JOB),
    )
