"""A person with an address, and a way out that leads to a list."""

import pytest

from kernel.people.endpoints import gateway, service
from kernel.people.identity import service as identity

URL = "https://hooks.example.com/in?desk=1"


class Outside:
    """What was sent, and what each address answers."""

    def __init__(self):
        self.sent, self.answers = [], {}

    def send(self, url, *, body, headers):
        self.sent.append((url, body, dict(headers)))
        answer = self.answers.get(url, 204)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def outside(monkeypatch):
    away = Outside()
    monkeypatch.setattr(gateway, "send", away.send)
    return away


@pytest.fixture
def ada(make_person, clock):
    clock("2026-06-01T09:00")
    person = make_person(email="ada@example.com")
    identity.confirm(
        given=None, password="correct horse battery", address="192.0.2.1", actor=person
    )
    return person


@pytest.fixture
def secret(ada):
    return service.add(url=URL, actor=ada)
