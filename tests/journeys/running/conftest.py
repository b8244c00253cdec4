"""A whole running installation: one worker starts it, for all stories that need its processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.journeys.installation import Installation, installed

_HERE = Path(__file__).parent
_RUNNING = pytest.StashKey[ExitStack]()


@pytest.fixture(scope="session")
def house(market_media: Path, pytestconfig: pytest.Config) -> Installation:
    """A whole running installation with the demonstration's market, to walk through and to hurt."""
    running = pytestconfig.stash[_RUNNING] = ExitStack()
    return running.enter_context(installed(media=market_media))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """End it with the last story: its processes would take time from all tests that follow."""
    yield
    if nextitem is None or not nextitem.path.is_relative_to(_HERE):
        item.config.stash.get(_RUNNING, ExitStack()).close()
