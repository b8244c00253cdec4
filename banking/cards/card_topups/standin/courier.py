"""Delivers webhooks as card networks do: signed, at least once, again until answered 2xx."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

from banking.cards.card_topups.standin.faults import Fault, Faults

log = logging.getLogger("entrepot.card_network")

# Seconds before each further attempt; the real network goes on for three days.
AGAIN_AFTER = (2.0, 10.0, 60.0, 300.0, 1800.0, 7200.0)
_COPIES = 2
_LATE_S = 5.0
_OVERTAKEN_S = 20.0
_TOO_OLD_S = 360


@dataclass(frozen=True, slots=True)
class Attempt:
    """How the first attempt of a delivery is signed."""

    is_forged: bool = False
    is_old: bool = False


def sign(payload: bytes, secret: str, *, at: int) -> str:
    """Return the signature header of a payload."""
    mark = hmac.new(secret.encode(), b"%d." % at + payload, hashlib.sha256).hexdigest()
    return f"t={at},v1={mark}"


class Courier:
    """Carries events to one address."""

    def __init__(
        self,
        *,
        address: str,
        secret: str,
        faults: Faults,
        again_after: Sequence[float] = AGAIN_AFTER,
    ) -> None:
        self._address, self._secret, self._faults = address, secret, faults
        self._again_after = again_after
        self._tasks: set[asyncio.Task[None]] = set()
        self._overtaken: list[asyncio.Event] = []
        self._kept: list[bytes] = []

    def send(self, payload: bytes) -> None:
        """Deliver an event, with the faults that are due; returns at once."""
        faults = self._faults
        if faults.take(Fault.DROP):
            return
        if faults.take(Fault.KEEP):
            self._kept.append(payload)
            return
        copies = 1 + (_COPIES if faults.take(Fault.DUPLICATE) else 0)
        first = Attempt(faults.take(Fault.BAD_SIGNATURE), faults.take(Fault.OLD_SIGNATURE))
        late = _LATE_S if faults.take(Fault.DELAY) else 0.0
        turn = asyncio.Event()
        if faults.take(Fault.REORDER):
            self._overtaken.append(turn)
        else:
            turn.set()
        for _ in range(copies):
            task = asyncio.create_task(self._deliver(payload, first, late, turn))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def let_go(self) -> int:
        """Deliver what was kept back, signed now; return how many events."""
        payloads, self._kept = self._kept, []
        for payload in payloads:
            self.send(payload)
        return len(payloads)

    async def settle(self) -> None:
        """Wait until nothing is under way any more."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Forget what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(
        self, payload: bytes, first: Attempt, late: float, turn: asyncio.Event
    ) -> None:
        await asyncio.sleep(late)
        waited_for_its_turn = turn.is_set()
        if not waited_for_its_turn:
            await self._wait_to_be_overtaken(turn)
        attempt = first
        for pause in (*self._again_after, None):
            if await self._arrives(payload, attempt):
                break
            if pause is None:
                log.warning("gave up on a webhook")
                return
            await asyncio.sleep(pause)
            attempt = Attempt()
        if waited_for_its_turn:
            while self._overtaken:
                self._overtaken.pop().set()

    @staticmethod
    async def _wait_to_be_overtaken(turn: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(turn.wait(), _OVERTAKEN_S)
        except TimeoutError:
            log.info("nothing came to overtake a webhook")

    async def _arrives(self, payload: bytes, attempt: Attempt) -> bool:
        secret = "whsec_of_somebody_else" if attempt.is_forged else self._secret
        at = int(time.time()) - (_TOO_OLD_S if attempt.is_old else 0)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": sign(payload, secret, at=at),
        }
        timeout = aiohttp.ClientTimeout(total=20)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as client,
                client.post(self._address, data=payload, headers=headers) as answer,
            ):
                return 200 <= answer.status < 300
        except (aiohttp.ClientError, TimeoutError):
            return False
