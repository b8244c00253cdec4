"""Decisions about passwords and tries."""

from __future__ import annotations

from datetime import timedelta

# The passwords every list of leaks starts with; length does the rest.
_COMMON = frozenset(
    [
        "password",
        "password1",
        "passw0rd",
        "12345678",
        "123456789",
        "1234567890",
        "qwertyuiop",
        "qwerty123",
        "iloveyou",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "welcome1",
        "admin123",
        "letmein1",
        "monkey123",
        "dragon123",
        "11111111",
        "00000000",
        "88888888",
        "66666666",
        "abc12345",
        "1q2w3e4r",
        "superman",
        "trustno1",
    ]
)

SESSION_DAYS = 30
# How long the second step of a sign-in may take.
SECOND_STEP = timedelta(minutes=10)
# Wrong passwords for one account from one place, and from one place for any account.
TRIES_PER_PAIR = 8
TRIES_PER_ADDRESS = 40
# So many for one account from all places are an attack: then every place has fewer, none has none.
ACCOUNT_CEILING = 40
TRIES_UNDER_ATTACK = 2
SIGN_UPS_PER_ADDRESS = 10


def is_weak_password(password: str, *, email: str) -> bool:
    """Whether a password is too short, known to everybody, or the person's own address."""
    lowered = password.lower()
    return len(password) < 8 or lowered in _COMMON or lowered in {email, email.partition("@")[0]}


def tries_here(*, tries_at_account: int) -> int:
    """Return how many wrong passwords one place may try at an account in a window.

    Guessing from many places slows all of them down and never locks the account's owner out.
    """
    return TRIES_PER_PAIR if tries_at_account < ACCOUNT_CEILING else TRIES_UNDER_ATTACK
