"""The past of the browsers' people, lived once per run; other tests may begin where it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask

from kernel import clock as house_clock
from kernel import memory, testing
from tests.browser import past
from tests.sharing import bring_files, shared_database

# When the past begins, about a hundred days before the pages are looked at. Another day, a month's
# end or a leap day, is tried with PAST_FROM=2028-02-29T12:00+00:00.
_BEGINNING = os.environ.get("PAST_FROM", "2026-11-25T12:00+00:00")
_NOTE = "past"


@contextmanager
def lived_past(
    app: Flask, market_database: str, run_folder: Path
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield a database in which somebody has lived, and the names of her things."""

    def live(database: str) -> dict[str, str]:
        with testing.engine_on(database) as engine:
            memory.forget_everything()
            house_clock.freeze(datetime.fromisoformat(_BEGINNING))
            try:
                return past.live(app, engine)
            finally:
                house_clock.freeze(None)

    with shared_database(run_folder / _NOTE, live, template=market_database) as found:
        yield found


def bring_past(run_folder: Path) -> None:
    """Put the files that belong to the past into this worker's folder."""
    bring_files(run_folder / _NOTE)
