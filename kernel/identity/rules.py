"""Decisions about passwords and tries."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

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
TRY_WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 8
TRIES_PER_ADDRESS = 40


def is_weak_password(password: str, *, email: str) -> bool:
    """Whether a password is too short, known to everybody, or the person's own address."""
    lowered = password.lower()
    return len(password) < 8 or lowered in _COMMON or lowered in {email, email.partition("@")[0]}


def wait_seconds(*, tries: int, allowed: int, window_started_at: datetime, now: datetime) -> int:
    """Return the seconds until the next try is allowed, 0 when it is."""
    if tries < allowed:
        return 0
    return max(1, ceil((window_started_at + TRY_WINDOW - now).total_seconds()))
