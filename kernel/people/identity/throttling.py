"""Counted tries: who guesses is stopped, and nobody can shut somebody else out.

Each count is a commit of its own, and comes before what is tried is looked at.
"""

from __future__ import annotations

from kernel import throttling as tries
from kernel.actor import Actor
from kernel.people.identity import rules
from kernel.people.identity.errors import TooManySignUps, TooManyTries
from kernel.people.mfa.rules import network
from kernel.throttling import Tries


def guess(*, email: str, address: str, actor: Actor) -> None:
    """Count a password before it is looked at: at its account, at its place, and at both together.

    Raises: TooManyTries, counting nothing, when too many were tried from here.
    """
    account, pair, place = _buckets(email, address)

    def allowed(counted: Tries) -> dict[str, int]:
        here = rules.tries_here(tries_at_account=counted[account])
        return {pair: here, place: rules.TRIES_PER_ADDRESS}

    wait = tries.guess(buckets=(account, pair, place), allowed=allowed, actor=actor)
    if wait:
        raise TooManyTries(retry_after=wait, minutes=-(-wait // 60))


def give_back(*, email: str, address: str, actor: Actor) -> None:
    """Count a right password nowhere, and forget the wrong ones before it from here."""
    account, pair, place = _buckets(email, address)
    tries.give_back(buckets=(account, place), forgotten=pair, actor=actor)


def forget(*, email: str, address: str, actor: Actor) -> None:
    """Forget the wrong passwords that were tried from here for somebody who has a new one."""
    _, pair, _ = _buckets(email, address)
    tries.forget(bucket=pair, actor=actor)


def count_sign_up(*, address: str, actor: Actor) -> None:
    """Count a new account at its place; also one that there was before, for it tells of people.

    Raises: TooManySignUps.
    """
    allowed = {f"sign-up:{network(address)}": rules.SIGN_UPS_PER_ADDRESS}
    wait = tries.guess(buckets=allowed, allowed=lambda _: allowed, actor=actor)
    if wait:
        raise TooManySignUps(retry_after=wait, minutes=-(-wait // 60))


def _buckets(email: str, address: str) -> tuple[str, str, str]:
    place = network(address)
    return f"account:{email}", f"pair:{email}|{place}", f"address:{place}"
