"""A service of this machine that translates, and the settings that name it."""

from __future__ import annotations

import threading

import pytest

from kernel.config import Settings
from marketplace.catalogue.translating import gateway
from marketplace.catalogue.translating.stand_in import StandIn


@pytest.fixture
def standing(monkeypatch):
    """The stand-in on a free port, as the one that is configured."""
    gateway._spoken_at.forget()
    gateway._breaker_at.cache_clear()
    with StandIn(key="let me in", slow_s=3) as service:
        thread = threading.Thread(target=service.serve_forever, daemon=True)
        thread.start()
        chosen = Settings(translator_url=service.address, translator_key="let me in")
        monkeypatch.setattr(gateway, "settings", lambda: chosen)
        yield service
        service.shutdown()
        thread.join(timeout=5)


@pytest.fixture
def nobody(monkeypatch):
    """An installation that has nothing translated."""
    monkeypatch.setattr(gateway, "settings", lambda: Settings(translates=False))
