"""A new key, everything under it, and the old one gone: three steps, with a restart after each.

Whatever runs knows the keys of its start. So the new key locks nothing before every process knows
it, and the old one goes last.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from kernel import mail
from kernel.actor import Actor
from kernel.config import secret_keys, settings
from kernel.locking import alone, write_whole
from kernel.ops.keys import queries
from kernel.ops.keys.errors import KeysStay
from kernel.people.mfa import service as factors


def rotate() -> str:
    """Put a new key before the others; return it where only the operator can do that.

    Raises: KeysStay for a single key that a file of several could not hold.
    """
    fresh = secrets.token_hex(32)
    if queries.are_given():
        return fresh
    with alone(_file().with_suffix(".lock")):
        known = [key.decode() for key in secret_keys()]
        if any(line.splitlines() != [line] for line in known):
            raise KeysStay(
                f"The key in {_file()} ends with a line break, or has one within it, which belongs"
                " to it: put it into ENTREPOT_SECRET_KEY as it is."
            )
        _write([fresh, *known])
    return ""


def relock(*, actor: Actor) -> int:
    """Lock everything that lies under an older key with the newest; return how much it was."""
    return factors.relock(actor=actor) + mail.relock(actor=actor)


def drop() -> str:
    """Forget the oldest key; return its name. Cookies and quotes under it count no more.

    Locks: the file, from before it is read: a key that comes meanwhile stays.
    Raises: KeysStay while something lies under it, for the last one, and for keys that are given.
    """
    if queries.are_given():
        return _dropped()
    with alone(_file().with_suffix(".lock")):
        return _dropped()


def _dropped() -> str:
    *kept, oldest = queries.keys()
    if not kept:
        raise KeysStay("There is one key alone, and it stays.")
    if oldest.secrets:
        raise KeysStay(
            f"{oldest.secrets} secrets lie under {oldest.name}: run `entrepot keys relock` first."
        )
    if queries.are_given():
        raise KeysStay(
            f"Nothing lies under {oldest.name}: take the last line of ENTREPOT_SECRET_KEY away."
        )
    _write([key.decode() for key in secret_keys()[:-1]])
    return oldest.name


def _file() -> Path:
    return settings().var / "secret_key"


def _write(lines: list[str]) -> None:
    """Replace the file as a whole: half a file of keys would be other keys."""
    write_whole(_file(), "\n".join(lines).encode(), mode=0o600)
    secret_keys.cache_clear()
