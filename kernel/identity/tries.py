"""Counted tries: who guesses is stopped, and nobody can shut somebody else out.

Each count is a commit of its own, because a refusal must not undo it.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.identity import rules
from kernel.identity.errors import TooManySignUps, TooManyTries

_TRIES = text(
    "SELECT bucket, tries, window_started_at FROM kernel.try_count"
    " WHERE bucket = ANY(:buckets) AND window_started_at >= :oldest"
)
_COUNT = text(
    """
    INSERT INTO kernel.try_count (bucket, window_started_at, tries) VALUES (:bucket, :now, 1)
    ON CONFLICT (bucket) DO UPDATE SET
        tries = CASE WHEN try_count.window_started_at < :oldest THEN 1 ELSE try_count.tries + 1 END,
        window_started_at = CASE WHEN try_count.window_started_at < :oldest THEN :now
                                 ELSE try_count.window_started_at END
    """
)
_FORGET = text("DELETE FROM kernel.try_count WHERE bucket = :bucket")


@command
def check_sign_in(*, email: str, address: str, actor: Actor) -> None:
    """Stop who guessed too often from here. Raises: TooManyTries."""
    account, pair, place = _sign_in_buckets(email, address)
    tries = _tries(account, pair, place)
    here = rules.tries_here(tries_at_account=tries.get(account, (0, 0))[0])
    wait = _wait(tries, {pair: here, place: rules.TRIES_PER_ADDRESS})
    if wait:
        raise TooManyTries(retry_after=wait, minutes=-(-wait // 60))


@command
def count_sign_in(*, email: str, address: str, actor: Actor) -> None:
    """Count a wrong password at its account, at its place, and at both together."""
    _count(*_sign_in_buckets(email, address))


@command
def forget_sign_in(*, email: str, address: str, actor: Actor) -> None:
    """Forget the wrong passwords of somebody who knew the right one, here and nowhere else."""
    _, pair, _ = _sign_in_buckets(email, address)
    session().execute(_FORGET, {"bucket": pair})


@command
def count_sign_up(*, address: str, actor: Actor) -> None:
    """Count a new account at its place; also one that there was before, for it tells of people.

    Raises: TooManySignUps.
    """
    bucket = f"sign-up:{rules.network(address)}"
    wait = _wait(_tries(bucket), {bucket: rules.SIGN_UPS_PER_ADDRESS})
    if wait:
        raise TooManySignUps(retry_after=wait, minutes=-(-wait // 60))
    _count(bucket)


def _sign_in_buckets(email: str, address: str) -> tuple[str, str, str]:
    place = rules.network(address)
    return f"account:{email}", f"pair:{email}|{place}", f"address:{place}"


def _tries(*buckets: str) -> dict[str, tuple[int, int]]:
    """Return tries and seconds until the window ends, by bucket."""
    now = clock.now()
    rows = session().execute(_TRIES, {"buckets": list(buckets), "oldest": now - rules.TRY_WINDOW})
    return {row.bucket: (row.tries, rules.seconds_left(row.window_started_at, now)) for row in rows}


def _wait(tries: Mapping[str, tuple[int, int]], allowed: Mapping[str, int]) -> int:
    """Return the seconds until every bucket allows another try, 0 when all do."""
    over = [tries[b][1] for b, most in allowed.items() if b in tries and tries[b][0] >= most]
    return max(over, default=0)


def _count(*buckets: str) -> None:
    now = clock.now()
    for bucket in sorted(buckets):
        session().execute(_COUNT, {"bucket": bucket, "now": now, "oldest": now - rules.TRY_WINDOW})
