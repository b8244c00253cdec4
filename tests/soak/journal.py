"""What the nodes of a cluster archived of their journal: no part is missing, whoever led."""

from __future__ import annotations

from pathlib import Path

from kernel.ops.backups import rules

_SIZE = 16 << 20
# Parts of that size in a file of the server's own count, 4 GiB.
_EACH = (1 << 32) // _SIZE


def check(archive: Path) -> int:
    """Go through the parts of each timeline and from one to the next; return how many there are."""
    (journal,) = (archive / "wal").iterdir()
    named = {path.name.removesuffix(".gz") for path in journal.glob("*.gz")}
    parts = sorted(name for name in named if rules.is_segment(name))
    last: int | None = None
    for timeline in sorted({name[:8] for name in parts}):
        own = [name for name in parts if name.startswith(timeline)]
        assert rules.gap(own, first=own[0], size=_SIZE) is None, f"a part is missing of {own}"
        assert last is None or _number(own[0]) <= last + 1, f"nothing leads to {own[0]}"
        last = _number(own[-1])
    return len(parts)


def _number(name: str) -> int:
    return int(name[8:16], 16) * _EACH + int(name[16:], 16)
