"""The story waits for a busy house as long as it moves, and says when it stands still."""

import itertools
import time
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from kernel.actor import SYSTEM
from kernel.db import transaction
from kernel.events import publish
from kernel.ids import new_id
from kernel.mail import MailQueued
from marketplace.demo.tour import figures, visitor
from marketplace.demo.tour.visitor import PageRefused, Visitor, while_moving


@pytest.fixture(autouse=True)
def _short_of_patience(monkeypatch):
    monkeypatch.setattr(visitor, "STILL", 0.2)
    monkeypatch.setattr(visitor, "_PAUSE", 0.02)


def test_what_moves_is_waited_for_many_times_longer_than_what_stands_still():
    begun, moves = time.monotonic(), itertools.chain(range(40), itertools.repeat(40))
    assert sum(1 for _ in while_moving(lambda: next(moves))) >= 40
    assert time.monotonic() - begun > 4 * visitor.STILL


def test_a_page_that_changes_late_is_seen_while_something_moves(monkeypatch):
    moves, looks = itertools.count(), itertools.count()
    late = Visitor("http://127.0.0.1:1", "en")
    monkeypatch.setattr(Visitor, "signs", staticmethod(lambda: next(moves)))
    page = BeautifulSoup("<h1>Paid</h1>", "html.parser")
    monkeypatch.setattr(late, "_browser", SimpleNamespace(page=page))
    monkeypatch.setattr(late, "open", lambda _path: page)
    assert late.until("/bank/", lambda _page: next(looks) > 40) is page

    monkeypatch.setattr(Visitor, "signs", staticmethod(lambda: None))
    with pytest.raises(TimeoutError, match="nothing moved: Paid"):
        late.until("/bank/", lambda _page: False)


@pytest.mark.parametrize(("busy", "status"), [(30, 200), (0, 404)])
def test_a_page_of_a_busy_house_is_asked_for_again_and_one_that_is_not_there_is_not(
    monkeypatch, busy, status
):
    moves, statuses = itertools.count(), [503] * busy + [status]
    browser = SimpleNamespace(page=None)
    browser.open = lambda url: SimpleNamespace(status_code=statuses.pop(0), url=url)
    late = Visitor("http://127.0.0.1:1", "en")
    monkeypatch.setattr(Visitor, "signs", staticmethod(lambda: next(moves)))
    monkeypatch.setattr(late, "_browser", browser)
    with nullcontext() if status == 200 else pytest.raises(PageRefused):
        late.open("/bank/")
    assert statuses == []


def test_who_left_a_browser_signed_in_goes_on_there_while_a_story_is_told(monkeypatch):
    first, again = (Visitor("http://127.0.0.1:1", "en") for _ in range(2))
    first._browser.session.cookies.set("session", "hers")
    first.leave("camille@example.com")
    assert not again.take_up("camille@example.com"), "elsewhere everybody signs in"

    monkeypatch.setattr(Visitor, "left", {})
    first.leave("camille@example.com")
    assert not again.take_up("naoko@example.com")
    assert again.cookies == {}
    assert again.take_up("camille@example.com")
    assert again.cookies == {"session": "hers"}


def test_a_house_is_quiet_once_nothing_waits_and_told_when_its_workers_stand_still(db):
    figures.wait_until_quiet()
    before = figures.signs()
    with transaction(name="test", actor=SYSTEM):
        publish(MailQueued(mail_id=new_id()))
    assert figures.signs() != before
    with pytest.raises(TimeoutError, match="stand still"):
        figures.wait_until_quiet()
