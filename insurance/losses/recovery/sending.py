"""How a letter comes to its carrier: through its claims desk, or by an officer's own hand."""

from __future__ import annotations

from insurance.losses.recovery import gateway, queries, service
from insurance.losses.recovery.letters import Letter
from kernel.actor import Actor
from kernel.db import reading


def send(*, letter: Letter, actor: Actor) -> None:
    """Bring a letter to its carrier and write it down; a crash between the two repeats the same.

    Where no claims desk is known, whoever acts has sent it themselves. Raises: ClaimsDeskDown.
    """
    desk = gateway.claims_desk()
    if desk is not None:
        desk.send(letter)
    service.note_written(letter=letter, actor=actor)


def send_now(*, ref: str, actor: Actor) -> bool:
    """Send what a case has to write now; whether there was anything.

    Raises: CarrierClaimUnknown, ClaimsDeskDown.
    """
    with reading():
        letter = queries.letter_for(ref)
    if letter is None:
        return False
    send(letter=letter, actor=actor)
    return True
