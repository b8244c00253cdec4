"""The carriers' claims desk: its protocol, and the stand-in of a demonstration.

The stand-in keeps what it was sent in tables of its own and answers by business time, up to the
limit. It can be told to misbehave: to answer twice or not before it is reminded, to pay a half or
nothing, or not to be there at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from insurance.losses.recovery.errors import ClaimsDeskDown
from insurance.losses.recovery.letters import Letter
from insurance.losses.recovery.models import CarrierDeskLetter, CarrierDeskMischief
from insurance.losses.recovery.rules import DeskMischief, LetterKind, Said
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.config import outside, settings
from kernel.db import command, reading, session
from kernel.ids import new_id
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a carrier says to a claim. Shape: id is the same when the answer is fetched again."""

    id: str
    ref: str
    said: Said
    amount: Money
    reason: str
    at: datetime


class ClaimsDesk(Protocol):
    """Where letters to carriers go and their answers come from."""

    def send(self, letter: Letter) -> None:
        """Bring a letter to its carrier; the same key twice is once. Raises: ClaimsDeskDown."""

    def answers(self, refs: Sequence[str]) -> list[Answer]:
        """Return everything said to these cases so far. Raises: ClaimsDeskDown."""


@cache
def claims_desk() -> ClaimsDesk | None:
    """Return the way to the carriers, None where officers send the letters themselves."""
    if not settings().carrier_desk_client and not settings().demo:
        return None
    desk: ClaimsDesk = outside("carrier_desk_client", stand_in=SimulatedClaimsDesk)
    return desk


_ANSWERS_AFTER = timedelta(days=5)


class SimulatedClaimsDesk:
    """Every carrier's claims desk in our own tables."""

    def send(self, letter: Letter) -> None:
        """Take a letter into the books."""
        if _used_up(kinds=[DeskMischief.TIMEOUT], actor=SYSTEM):
            raise ClaimsDeskDown
        _take(letter=letter, actor=SYSTEM)

    def answers(self, refs: Sequence[str]) -> list[Answer]:
        """Return what the passing of business time has brought about."""
        if _used_up(kinds=[DeskMischief.TIMEOUT], actor=SYSTEM):
            raise ClaimsDeskDown
        with reading() as current:
            rows = current.scalars(
                select(CarrierDeskLetter)
                .where(CarrierDeskLetter.ref.in_(refs))
                .order_by(CarrierDeskLetter.came_at, CarrierDeskLetter.key)
            ).all()
        reminded = {row.ref: row for row in rows if row.kind == LetterKind.REMINDER}
        told = []
        for row in rows:
            last = reminded.get(row.ref) if row.mood == DeskMischief.SILENT else row
            is_ripe = last is not None and last.came_at + _ANSWERS_AFTER <= clock.now()
            if row.kind == LetterKind.CLAIM and is_ripe:
                told += [_said(row)] * (2 if row.mood == DeskMischief.DUPLICATE else 1)
        return told


@command("insurance.recovery.let_carriers_misbehave")
def misbehave(*, kind: DeskMischief, actor: Actor, times: int = 1) -> None:
    """Tell the stand-in to misbehave with the next claims, or with the next calls."""
    session().add(CarrierDeskMischief(id=new_id(), kind=kind.value, remaining=times))


@command("insurance.recovery.enter_at_carrier")
def _take(*, letter: Letter, actor: Actor) -> None:
    if session().get(CarrierDeskLetter, letter.key) is not None:
        return
    moods = [kind for kind in DeskMischief if kind is not DeskMischief.TIMEOUT]
    mood = _used_up(kinds=moods, actor=actor) if letter.kind is LetterKind.CLAIM else ""
    taken = insert(CarrierDeskLetter).values(
        key=letter.key,
        ref=letter.ref,
        kind=letter.kind.value,
        currency=letter.asked.currency,
        asked=letter.asked.minor,
        most=None if letter.most is None else letter.most.minor,
        words=letter.words,
        mood=mood,
        came_at=clock.now(),
    )
    session().execute(taken.on_conflict_do_nothing())


@command("insurance.recovery.used_up")
def _used_up(*, kinds: Sequence[DeskMischief], actor: Actor) -> str:
    """Take one piece of mischief of these kinds; return which, empty for none."""
    row = session().scalar(
        select(CarrierDeskMischief)
        .where(CarrierDeskMischief.remaining > 0, CarrierDeskMischief.kind.in_(kinds))
        .order_by(CarrierDeskMischief.id)
        .limit(1)
        .with_for_update()
    )
    if row is None:
        return ""
    row.remaining -= 1
    return row.kind


def _said(row: CarrierDeskLetter) -> Answer:
    most = row.asked if row.most is None else min(row.asked, row.most)
    amount = {DeskMischief.DENY.value: 0, DeskMischief.PART.value: most // 2}.get(row.mood, most)
    return Answer(
        id=f"{row.ref}-answer",
        ref=row.ref,
        said=Said.ACCEPTED if amount else Said.DENIED,
        amount=Money(amount, row.currency),
        reason="" if amount else "The parcel was signed for without a remark.",
        at=clock.now(),
    )
