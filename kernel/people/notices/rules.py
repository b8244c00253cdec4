"""Notices that may be turned off; a mail that belongs to none is always sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from kernel.actor import Role

# Grows while packages register theirs; afterwards nobody writes to it.
_notices: dict[str, Notice] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A kind of mail that its reader may do without.

    Shape: words and about are marked sentences; templates are the mails that belong to it; role
    is who gets them, None for everybody.
    """

    key: str
    words: str
    about: str
    templates: frozenset[str] = field(default_factory=frozenset)
    role: Role | None = None


def register(*notices: Notice) -> None:
    """Say which mails of a package may be turned off."""
    for notice in notices:
        assert notice.key not in _notices or _notices[notice.key] == notice, "a key is one notice's"
        _notices[notice.key] = notice


def registered() -> list[Notice]:
    """Return every notice, in the order of registration."""
    return list(_notices.values())


def notice_of(template: str) -> str | None:
    """Return which notice a mail belongs to, None when it is always sent."""
    return next((n.key for n in _notices.values() if template in n.templates), None)
