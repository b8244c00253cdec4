"""Pages that were looked at before, were green, and have not changed since.

What an inspector says of a page follows from the page's source, which names its sheets, scripts and
faces by what they hold, from the inspector, and from the browser. A look that found nothing is kept
under the sum of these three, in `var/test-pages` of the checkout; while the sum stays the same the
page is not opened again. A clean clone remembers nothing and looks at all of them, and so does a
run in which CI or LOOK_AT_ALL is set.

Tests that look at a few pages by themselves name their module, which is then one of the inspectors.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tests.keeping import sum_of

_HERE = Path(__file__).parent
FOLDER = _HERE.parents[1] / "var" / "test-pages"
_SEEN_IN_SOURCES = ("past", "people", "_stories", "pages", "remembering")
FORGOTTEN_AFTER = timedelta(days=30)

# What is drawn by lot in every past: keys, references, tokens and sums, the picture of goods that is
# drawn after their reference, and the squares of a code for telephones. A sheet's, script's or face's
# name says what it holds and stays.
_DRAWN = re.compile(
    r"(?P<stays>/static/[\w./-]+)"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\b[A-Z]{1,3}-[2-9A-HJ-NP-Z]{8}\b"
    r"|\b[a-z]+-[0-9a-f]{4}-[0-9a-f]{6}\b"
    r"|\b[0-9a-f]{12,}\b"
    r"|\b[0-9a-f]{8} … [0-9a-f]{8}\b"
    r"|\bHC-[0-9a-f]{8}\b"
    r"|(?:M\d+ \d+h\d+v1h-\d+z){20,}"
    r"|[\w.-]{20,}"
)


class Memory:
    """What was found green in one kind of round, by one browser."""

    def __init__(self, *about: object, sources: Iterable[str | Path] = ()) -> None:
        """Begin with what, beside a page, decides what a look finds.

        Shape: sources are further files that do, such as the module of a test that looks itself.
        """
        code = sum_of(map(Path, sources))
        self._about = json.dumps([_inspectors(), code, *about], default=str)
        looks_at_all = os.environ.get("CI") or os.environ.get("LOOK_AT_ALL")
        self.holds_any = not looks_at_all and any(_files())

    def recalled(self, source: str) -> dict[str, Any] | None:
        """Return what was noted of a page that is as it was; None when it has to be looked at."""
        file = self._file(source)
        if not self.holds_any or not file.exists():
            return None
        file.touch()
        notes: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return notes

    def keep(self, source: str, notes: dict[str, Any]) -> None:
        """Keep that a page was green, and what was noted of it."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        file = self._file(source)
        half = file.with_suffix(f".{os.getpid()}")
        half.write_text(json.dumps(notes), encoding="utf-8")
        half.replace(file)

    def _file(self, source: str) -> Path:
        seen = f"{self._about}\n{without_lots(source)}"
        return FOLDER / f"{hashlib.sha256(seen.encode()).hexdigest()}.json"


def without_lots(source: str) -> str:
    """Return a page's source with a number for each thing drawn by lot, by its first place."""
    numbers: dict[str, str] = {}

    def numbered(drawn: re.Match[str]) -> str:
        return drawn["stays"] or numbers.setdefault(drawn[0], f"#{len(numbers)}")

    return _DRAWN.sub(numbered, source.replace("%2F", "/"))


def forget_old() -> None:
    """Drop what no run has asked for in a month."""
    latest = time.time() - FORGOTTEN_AFTER.total_seconds()
    for file in _files():
        if file.stat().st_mtime < latest:
            file.unlink(missing_ok=True)


def _files() -> Iterable[Path]:
    return FOLDER.glob("*") if FOLDER.exists() else []


@cache
def _inspectors() -> str:
    """Return a sum over all that looks at pages: the code here and what npm brings it.

    Tests ask what was found; which pages there are, a past and its stories are seen in the sources
    of pages.
    """
    files = [*_HERE.glob("*.py"), *_HERE.glob("*.js"), *_HERE.glob("*.json")]
    return sum_of(
        file
        for file in files
        if not file.name.startswith("test_") and not file.stem.endswith(_SEEN_IN_SOURCES)
    )
