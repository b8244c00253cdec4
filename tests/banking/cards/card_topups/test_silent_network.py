"""A card network that stands still is waited for by one page, and asked again after its rest."""

import socket
import time

import pytest

from banking.cards.card_topups import client
from banking.cards.card_topups.errors import CardNetworkDown
from kernel import answering


@pytest.fixture
def silent(monkeypatch):
    """A network that takes every call and says nothing, asked as pages do it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        monkeypatch.setattr(client, "_address", lambda: address)
        monkeypatch.setattr(client, "_OF_A_PAGE", 0.8)
        monkeypatch.setattr(client, "_PATIENCE", 0.4)
        monkeypatch.setattr(answering, "allowed", lambda: answering.PAGES)
        yield


def seconds_until_told() -> float:
    begun = time.monotonic()
    with pytest.raises(CardNetworkDown), client.asking() as network:
        network.v1.balance.retrieve()
    return time.monotonic() - begun


def test_a_page_asks_a_silent_network_once_and_the_next_page_not_at_all(silent):
    assert client.was_there()
    assert seconds_until_told() < 2
    assert seconds_until_told() < 0.1
    assert not client.was_there()
