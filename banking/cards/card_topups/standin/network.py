"""What every part of the stand-in works on: records, faults, courier, and localstripe behind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import aiohttp

from banking.cards.card_topups.standin.answers import Answer
from banking.cards.card_topups.standin.courier import AGAIN_AFTER, Courier
from banking.cards.card_topups.standin.faults import Faults
from banking.cards.card_topups.standin.records import Records, keep_store_in


class Network:
    """The card network as its parts share it.

    Shape: address is the public one, inner_address is localstripe's; both are empty until the
    server listens.
    """

    def __init__(
        self,
        *,
        folder: Path,
        webhook_address: str,
        webhook_secret: str,
        again_after: Sequence[float] = AGAIN_AFTER,
    ) -> None:
        keep_store_in(folder)
        self.faults, self.records = Faults(), Records(folder)
        self.courier = Courier(
            address=webhook_address,
            secret=webhook_secret,
            faults=self.faults,
            again_after=again_after,
        )
        self.address = ""
        self.inner_address = ""

    async def inner(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """Ask localstripe."""
        headers = {"Authorization": "Bearer sk_test_relay"}
        async with (
            aiohttp.ClientSession() as client,
            client.request(method, self.inner_address + path, data=form, headers=headers) as answer,
        ):
            return Answer(answer.status, await answer.text())
