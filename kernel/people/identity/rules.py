"""Decisions about passwords and tries."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum, auto
from functools import cache
from itertools import pairwise
from pathlib import Path

SHORTEST = 8
# What is hung on to a word, how much of it changes nothing, and what is no word any more.
_HUNG_ON, _MOST_HUNG_ON, _SHORTEST_WORD = string.digits + string.punctuation, 5, 4
_SPELLINGS = tuple(str.maketrans("04356789@$!1|", f"oaesgtbgasi{one}{one}") for one in "il")
_HOUSE_WORDS = frozenset({"entrepot", "entrepôt"})
# How long the second step of a sign-in may take.
SECOND_STEP = timedelta(minutes=10)
# Wrong passwords for one account from one place, and from one place for any account.
TRIES_PER_PAIR = 8
TRIES_PER_ADDRESS = 40
# So many for one account from all places are an attack: then every place has fewer, none has none.
ACCOUNT_CEILING = 40
TRIES_UNDER_ATTACK = 2
SIGN_UPS_PER_ADDRESS = 10


class Weakness(StrEnum):
    """Why a password is guessed first."""

    SHORT = auto()
    COMMON = auto()
    OWN = auto()
    BREACHED = auto()


def weakness(password: str, *, email: str) -> Weakness | None:
    """Return why a password is weak as it stands, None when nothing here says so.

    Source: NIST SP 800-63B-4, section 3.1.1.2: a blocklist of common and expected values; OWASP
    ASVS 5.0, 6.2.1, 6.2.4 (3,000 common ones that are long enough) and 6.2.11 (words of the house).
    """
    if len(password) < SHORTEST:
        return Weakness.SHORT
    forms = set(_forms(unicodedata.normalize("NFKC", password).casefold()))
    own = {email, email.partition("@")[0], *_HOUSE_WORDS}
    if forms & own:
        return Weakness.OWN
    return Weakness.COMMON if forms & _common() or any(map(_is_run, forms)) else None


def _forms(typed: str) -> Iterator[str]:
    """Yield what people make a long password of, less what they hang on to it: `P4ssword2024!`."""
    half = typed[: len(typed) // 2]
    bare = typed.strip(_HUNG_ON)
    cores = {typed, bare} if len(typed) - len(bare) <= _MOST_HUNG_ON else {typed}
    if half * 2 == typed:
        cores.add(half)
    for core in cores:
        if len(core) >= _SHORTEST_WORD:
            yield core
            yield from (core.translate(spelling) for spelling in _SPELLINGS)


def _is_run(typed: str) -> bool:
    """Whether every sign follows the one before it at the same distance: aaaaaaaa, 23456789."""
    steps = {ord(after) - ord(sign) for sign, after in pairwise(typed)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


@cache
def _common() -> frozenset[str]:
    path = Path(__file__).parent / "data" / "common_passwords.txt"
    lines = path.read_text(encoding="ascii").splitlines()
    return frozenset(line for line in lines if not line.startswith("# "))


def tries_here(*, tries_at_account: int) -> int:
    """Return how many wrong passwords one place may try at an account in a window.

    Guessing from many places slows all of them down and never locks the account's owner out.
    """
    return TRIES_PER_PAIR if tries_at_account < ACCOUNT_CEILING else TRIES_UNDER_ATTACK
