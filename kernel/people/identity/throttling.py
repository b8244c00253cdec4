"""Counted tries: who guesses is stopped, and nobody can shut somebody else out.

Each count is a commit of its own, because a refusal must not undo it.
"""

from __future__ import annotations

from kernel import throttling as tries
from kernel.actor import Actor
from kernel.db import command
from kernel.people.identity import rules
from kernel.people.identity.errors import TooManySignUps, TooManyTries
from kernel.people.mfa.rules import network


@command("kernel.identity.check_sign_in")
def check_sign_in(*, email: str, address: str, actor: Actor) -> None:
    """Stop who guessed too often from here. Raises: TooManyTries."""
    account, pair, place = _sign_in_buckets(email, address)
    counted = tries.so_far(account, pair, place)
    here = rules.tries_here(tries_at_account=counted.get(account, (0, 0))[0])
    wait = tries.wait(counted, {pair: here, place: rules.TRIES_PER_ADDRESS})
    if wait:
        raise TooManyTries(retry_after=wait, minutes=-(-wait // 60))


def count_sign_in(*, email: str, address: str, actor: Actor) -> None:
    """Count a wrong password at its account, at its place, and at both together."""
    tries.count(buckets=list(_sign_in_buckets(email, address)), actor=actor)


def forget_sign_in(*, email: str, address: str, actor: Actor) -> None:
    """Forget the wrong passwords of somebody who knew the right one, here and nowhere else."""
    _, pair, _ = _sign_in_buckets(email, address)
    tries.forget(bucket=pair, actor=actor)


@command("kernel.identity.count_sign_up")
def count_sign_up(*, address: str, actor: Actor) -> None:
    """Count a new account at its place; also one that there was before, for it tells of people.

    Raises: TooManySignUps.
    """
    bucket = f"sign-up:{network(address)}"
    wait = tries.wait(tries.so_far(bucket), {bucket: rules.SIGN_UPS_PER_ADDRESS})
    if wait:
        raise TooManySignUps(retry_after=wait, minutes=-(-wait // 60))
    tries.count(buckets=[bucket], actor=actor)


def _sign_in_buckets(email: str, address: str) -> tuple[str, str, str]:
    place = network(address)
    return f"account:{email}", f"pair:{email}|{place}", f"address:{place}"
