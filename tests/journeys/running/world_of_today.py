"""A demonstration that was just started stands on today: nothing warns, and every desk has work."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from marketplace.demo.tour import tour
from marketplace.demo.tour.desks import script
from marketplace.demo.tour.visitor import Visitor
from tests.journeys.installation import free_port

pytestmark = pytest.mark.journey

OPERATOR, VENDOR = "operator@example.com", "owner@qinglan.example.com"
OFFICERS = ("underwriter@example.com", "underwriter2@example.com", "claims@example.com")
# Whose desk it is, where it stands, and what a piece of work leads to there.
DESKS = [
    (OPERATOR, "/bank/officers/", "/bank/officers/"),
    (OPERATOR, "/bank/books/disputes", "/bank/books/disputes/"),
    (OPERATOR, "/bank/books/losses/", "/bank/books/losses/"),
    (OPERATOR, "/bank/books/reconciliation/", "/bank/books/reconciliation/"),
    (OPERATOR, "/moderation/", "/moderation/"),
    (OPERATOR, "/moderation/questions/", "/moderation/questions/"),
    (OPERATOR, "/moderation/reviews/", "/moderation/reviews/"),
    (OPERATOR, "/returns/disputed/", "/returns/disputed/"),
    (OFFICERS[0], "/cover/desk", "/cover/desk/"),
    (VENDOR, "/desk/orders?view=to-pack", "/desk/orders/"),
    (VENDOR, "/desk/messages/", "/desk/messages/"),
    ("owner@lysholm.example.com", "/desk/returns/", "/desk/returns/"),
    ("owner@lysholm.example.com", "/desk/reviews/", "/desk/reviews/"),
]
# The desk of card purchases fills with purchases by card, which the story does not make yet.
BOOKS = [
    "/bank/books/",
    "/bank/books/disputes",
    "/bank/books/losses/",
    "/bank/books/payouts/",
    "/bank/books/purchases",
    "/bank/books/reconciliation/",
    "/bank/books/safeguarding/",
    "/bank/safeguarding",
    "/bank/officers/",
    "/bank/",
    "/cover/desk",
    "/moderation/",
    "/moderation/questions/",
    "/moderation/reviews/",
    "/operations/machinery",
    "/returns/disputed/",
]


@pytest.fixture(scope="module")
def var(market_media: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it lives. Its pictures are cut already: that would keep both cores busy for minutes."""
    folder = tmp_path_factory.mktemp("today")
    shutil.copytree(market_media, folder / "media")
    return folder


@pytest.fixture(scope="module")
def world(var: Path) -> Iterator[str]:
    """The address of a demonstration started by its own command, as `make demo` does."""
    port = free_port()
    call = [sys.executable, "-u", "-m", "kernel", "demo", "--port", str(port)]
    away = {"ENTREPOT_DATABASE_URL", "ENTREPOT_REDIS_URL"}
    own = {name: value for name, value in os.environ.items() if name not in away}
    with subprocess.Popen(
        call,
        env=own | {"ENTREPOT_VAR": str(var)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        told = []
        for line in process.stdout:
            told.append(line)
            if line.startswith("Ready after"):
                break
        else:
            pytest.fail("".join(told[-60:]))
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)


@pytest.fixture(scope="module")
def people(world: str) -> dict[str, Visitor]:
    """Everybody whose desk is looked at, signed in."""
    found = {}
    for email in {OPERATOR, *OFFICERS, *(one[0] for one in DESKS)}:
        found[email] = Visitor(world, "en")
        tour.sign_in(found[email], email)
    return found


def warnings(page: BeautifulSoup) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in page.select(".note.warn, .note.bad")]


def test_its_clock_is_the_real_one_and_no_page_says_that_it_was_moved(world, var):
    assert (var / "clock").read_text("ascii") == "0"
    assert not Visitor(world, "en").open("/").select("[data-moved-clock]")


@pytest.mark.parametrize("path", BOOKS)
def test_no_page_of_an_operator_carries_a_warning(people, path):
    page = people[OPERATOR].open(path)
    assert warnings(page) == []


@pytest.mark.parametrize(("email", "path", "leads_to"), DESKS, ids=lambda one: one)
def test_no_desk_is_empty_and_its_work_opens(people, email, path, leads_to):
    desk = people[email]
    desk.open(path)
    work = [
        link
        for link in desk.links(f'main a[href*="{leads_to}"]')
        if link["href"].rpartition(leads_to)[2].strip("/")
    ]
    assert work, " ".join(desk.page.main.get_text(" ").split())[:400]
    desk.follow(work[0])
    assert desk.heading()


def test_a_payout_that_came_back_can_be_made_again(people):
    desk = people[OPERATOR].open("/bank/books/payouts/?view=came-back")
    assert desk.select('form[action$="/again"]')


def test_questions_wait_for_the_shop(people):
    desk = people[VENDOR]
    assert desk.open("/desk/questions/").select('form[action*="/answer"]')


def test_one_claim_waits_for_a_proposal_and_one_for_a_second_officer_who_can_end_it(people):
    clerk, second = people[OFFICERS[2]], people[OFFICERS[1]]
    second.open("/cover/desk")
    claims = [str(link["href"])[3:] for link in second.links('main a[href*="/cover/desk/"]')]
    kinds = {"/recommend": 0, "/confirm": 0}
    for claim in claims:
        for kind in kinds:
            kinds[kind] += bool(second.open(claim).select(f'form[action$="{kind}"]'))
    assert kinds == {"/recommend": 1, "/confirm": 1}

    confirmed = next(c for c in claims if second.open(c).select('form[action$="/confirm"]'))
    assert not clerk.open(confirmed).select('form[action$="/confirm"]')
    second.open(confirmed)
    second.send('form[action$="/confirm"]')
    assert not second.open(confirmed).select('form[action$="/confirm"]')


def test_one_damage_claim_is_paid_into_its_holders_wallet(world, var):
    ended = script()["ended"]
    told = json.loads((var / "demo.json").read_text("utf-8"))["damage_claim"]
    assert told["state"] == "paid"
    assert 0 < Decimal(told["paid"]) < Decimal(ended["loss"]), "fragile items leave a share"

    holder = Visitor(world, ended["lang"])
    tour.sign_in(holder, ended["from"])
    holder.open("/cover/")
    (claim,) = holder.links('main a[href*="/cover/claims/"]')
    assert str(claim["href"]).endswith(told["reference"])
    digits = re.sub(r"\D", "", told["paid"])
    wallet = holder.open(f"/bank/wallets/{told['currency']}")
    amounts = [re.sub(r"\D", "", one.get_text()) for one in wallet.select("main .amount")]
    assert digits in amounts


@pytest.mark.parametrize("pair", ["give=EUR&get=USD", "give=EUR&get=JPY", "give=EUR&get=AED"])
def test_the_rate_of_an_exchange_is_of_this_week(world, people, pair):
    page = people[OPERATOR].open(f"/bank/exchange?{pair}")
    assert warnings(page) == []


def test_people_are_paid_by_their_handles(people):
    mine = people[OPERATOR]
    mine.open("/bank/send")
    for handle in ("@camille", "@haruka", "@marcus"):
        mine.open("/bank/send")
        page = mine.send('form[action*="/bank/send"]', {"to": handle, "name": ""})
        assert "/amount" in mine.address, page.main.get_text(" ")
