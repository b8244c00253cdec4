"""What is hurt heals by itself: a worker, the queues, the search index, the database."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import redis
import requests
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel import answering
from kernel.config import Settings
from kernel.ids import new_id
from marketplace.demo.seed.seed import PASSWORD
from marketplace.demo.tour.tour import CARD
from marketplace.demo.tour.visitor import Visitor
from tests.journeys.installation import Installation, eventually

pytestmark = pytest.mark.journey


@pytest.fixture(autouse=True)
def everything_lives(house: Installation) -> Iterator[None]:
    yield
    house.wait_until_quiet()
    assert house.family.first_dead() is None
    assert house.ask("SELECT count(*) FROM kernel.delivery WHERE dead_at IS NOT NULL") == 0
    assert "unexpected" not in house.log("web")


def sign_up(house: Installation) -> tuple[Visitor, str]:
    visitor, email = Visitor(house.base_url, "en"), f"{new_id().hex}@example.com"
    visitor.open("/sign-up")
    visitor.send(
        'form[action$="/sign-up"]',
        {"name": "Camille Martin", "email": email, "password": PASSWORD},
    )
    return visitor, email


def begin_top_up(house: Installation, amount: str) -> tuple[Visitor, str, str]:
    """Bring somebody to the card network's page; return them, it, and the payment's reference."""
    visitor, _ = sign_up(house)
    visitor.open("/bank/top-up?currency=EUR")
    visitor.send('form[action*="/bank/top-up"]', {"currency": "EUR", "amount": amount})
    ref = house.ask("SELECT ref FROM banking.card_payments ORDER BY started_at DESC LIMIT 1")
    return visitor, visitor.address, ref


def type_card(address: str) -> None:
    """Pay without going back to the shop: only the webhook tells of it."""
    paid = requests.post(address, data=CARD, allow_redirects=False, timeout=30)
    assert paid.status_code == 303, paid.text


def balance(visitor: Visitor) -> str:
    visitor.open("/bank/wallets/eur")
    return visitor.page.select_one("ul.balances").get_text(" ", strip=True)


def credits_of(house: Installation, ref: str) -> int:
    return house.ask("SELECT count(*) FROM banking.journals WHERE subject = :ref", ref=ref)


@contextmanager
def journals_closed(house: Installation) -> Iterator[None]:
    """Let whoever posts money wait in the middle of it."""
    with house.database() as connection:
        other = connection.execution_options(isolation_level="READ COMMITTED")
        with other.begin():
            other.execute(text("LOCK TABLE banking.journals IN SHARE ROW EXCLUSIVE MODE"))
            yield


def test_a_worker_killed_in_the_middle_of_a_payment_credits_it_once_after_its_restart(house):
    visitor, address, ref = begin_top_up(house, "50")
    house.wait_until_quiet()
    is_held = (
        "SELECT count(*) = 0 FROM (SELECT 1 FROM banking.card_payments WHERE ref = :ref"
        " FOR UPDATE SKIP LOCKED) AS free"
    )
    waits = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"

    with journals_closed(house):
        type_card(address)
        eventually(lambda: house.ask(is_held, ref=ref) and house.ask(waits), "a job half done")
        house.kill("worker")
    assert credits_of(house, ref) == 0
    house.restart("worker", "worker")
    eventually(lambda: credits_of(house, ref), "the payment is credited")
    house.wait_until_quiet()

    assert credits_of(house, ref) == 1
    assert "Balance EUR\xa050.00" in balance(visitor)


def test_an_emptied_redis_loses_nothing(house):
    house.wait_until_quiet()
    house.kill("worker")
    with redis.Redis.from_url(house.environment["ENTREPOT_REDIS_URL"]) as queues:
        _, email = sign_up(house)
        all_queued = (
            "SELECT count(*) > 0 AND bool_and(queued_at IS NOT NULL)"
            " FROM kernel.delivery WHERE done_at IS NULL"
        )
        eventually(
            lambda: house.ask(all_queued) and queues.llen("rq:queue:mail"), "every fact has its job"
        )
        queues.flushall()
    sent = "SELECT count(*) FROM kernel.mail WHERE recipient = :email AND sent_at IS NOT NULL"
    assert house.ask(sent, email=email) == 0

    house.restart("worker", "worker")
    eventually(lambda: house.ask(sent, email=email), "the mail comes again from the outbox")
    house.wait_until_quiet()
    assert house.ask("SELECT count(*) FROM kernel.mail WHERE recipient = :e", e=email) == 1


def test_a_deleted_index_leaves_a_plain_list_until_it_is_built_again(house):
    visitor = Visitor(house.base_url, "en")

    def is_plain(page: BeautifulSoup) -> bool:
        return bool(page.select(".note.warn[role=status]"))

    assert not is_plain(visitor.open("/search?q=teapot"))
    shutil.rmtree(house.var / "search")
    page = visitor.open("/search?q=teapot")
    assert is_plain(page)
    assert page.select(".card")
    assert requests.get(f"{house.base_url}/api/v1/suggest?q=tea", timeout=10).status_code == 200

    # Its turn comes every half minute, longer on a busy machine: let it come now.
    brought_forward = house.ask(
        "UPDATE kernel.schedule_run SET ran_at = ran_at - interval '1 minute'"
        " WHERE name = 'search.jobs.replace_missing_index' RETURNING name"
    )
    assert brought_forward
    page = visitor.until("/search?q=teapot", lambda page: not is_plain(page))
    assert "teapot" in page.select_one(".card").get_text().lower()


def test_without_its_database_the_house_says_so_in_each_language_and_comes_back_by_itself(house):
    house.wait_until_quiet()
    before = {name: child.pid for name, child in house.family.children.items()}

    house.stop_database()
    try:
        away = {
            lang: requests.get(f"{house.base_url}/{lang}/goods/", timeout=30)
            for lang in ("en", "zh-cn", "ar")
        }
        alive = requests.get(f"{house.base_url}/healthz", timeout=10)
        ready = requests.get(f"{house.base_url}/readyz", timeout=30)
        search = requests.get(f"{house.base_url}/api/v1/search?q=tea&locale=en", timeout=30)
    finally:
        house.start_database()

    pages = {lang: BeautifulSoup(answer.text, "html.parser").html for lang, answer in away.items()}
    assert {(page["lang"], page["dir"]) for page in pages.values()} == {
        ("en", "ltr"),
        ("zh-CN", "ltr"),
        ("ar", "rtl"),
    }
    for answer in away.values():
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert (alive.status_code, ready.status_code) == (200, 503)
    # What was found stands in the index; what it costs does not.
    assert search.status_code == 503
    assert search.headers["Content-Type"].startswith("application/problem+json")
    eventually(
        lambda: all(
            requests.get(f"{house.base_url}/en/goods/", timeout=30).status_code == 200
            for _ in range(10)
        ),
        "pages come back",
    )
    _, email = sign_up(house)
    sent = "SELECT count(*) FROM kernel.mail WHERE recipient = :email AND sent_at IS NOT NULL"
    eventually(lambda: house.ask(sent, email=email), "the workers come back")
    assert {name: child.pid for name, child in house.family.children.items()} == before


def test_a_database_that_stands_still_costs_one_wait_and_then_a_word_at_once(house):
    house.wait_until_quiet()
    before = {name: child.pid for name, child in house.family.children.items()}

    def ask(path: str) -> tuple[int, float]:
        begun = time.monotonic()
        answer = requests.get(f"{house.base_url}{path}", timeout=30)
        return answer.status_code, time.monotonic() - begun

    with house.database_asleep():
        # More at once than the house has threads for; none of them keeps the process from a word.
        with ThreadPoolExecutor(12) as visitors:
            pages = [visitors.submit(ask, "/en/goods/") for _ in range(10)]
            alive = []
            while not all(page.done() for page in pages):
                alive.append(ask("/healthz"))
                time.sleep(0.3)
        waited = [page.result() for page in pages]
        afterwards = [ask("/en/goods/") for _ in range(8)]
        ready = requests.get(f"{house.base_url}/readyz", timeout=10)

    assert {status for status, _ in waited + afterwards} == {503}
    assert max(seconds for _, seconds in waited) < 2 * answering.PAGES.answer
    assert {status for status, _ in alive} == {200}
    assert max(seconds for _, seconds in alive) < 2
    assert max(seconds for _, seconds in afterwards) < 2
    assert (ready.status_code, ready.json()) == (
        503,
        {"status": "away", "parts": {"database": "away"}},
    )
    eventually(
        lambda: all(ask("/en/goods/")[0] == 200 for _ in range(10)), "pages come back", seconds=15
    )
    _, email = sign_up(house)
    sent = "SELECT count(*) FROM kernel.mail WHERE recipient = :email AND sent_at IS NOT NULL"
    eventually(lambda: house.ask(sent, email=email), "the workers come back")
    assert {name: child.pid for name, child in house.family.children.items()} == before


def test_the_worker_outlives_its_redis_and_whoever_watches_is_told(house):
    def parts() -> dict[str, str]:
        return requests.get(f"{house.base_url}/readyz", timeout=10).json()["parts"]

    house.wait_until_quiet()
    before = {name: child.pid for name, child in house.family.children.items()}
    known = {"database", "deliveries", "schedules", "redis", "disk", "search", "search_nodes"}
    whole = dict.fromkeys(known | {"storage", "card_network", "identity_service"}, "ok")
    eventually(lambda: parts() == whole, "every part is there")

    house.kill_redis()
    answer = requests.get(f"{house.base_url}/readyz", timeout=10)
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["parts"] == whole | {"redis": "away"}
    _, email = sign_up(house)
    time.sleep(2)  # so that everybody has met the closed door
    house.start_redis()

    sent = "SELECT count(*) FROM kernel.mail WHERE recipient = :email AND sent_at IS NOT NULL"
    eventually(lambda: house.ask(sent, email=email), "what waited is done")
    eventually(lambda: parts() == whole, "every part is there again")
    assert {name: child.pid for name, child in house.family.children.items()} == before


def test_a_webhook_sent_five_times_more_pays_once_and_an_unsigned_one_never(house):
    visitor, address, ref = begin_top_up(house, "75")
    type_card(address)
    eventually(lambda: credits_of(house, ref), "the payment is credited")
    payload = house.ask(
        "SELECT e.payload FROM banking.provider_events e JOIN banking.card_payments p"
        " ON p.id = e.payment_id WHERE p.ref = :ref ORDER BY e.received_at LIMIT 1",
        ref=ref,
    )
    body, hook = json.dumps(payload).encode(), f"{house.base_url}/webhooks/card-network"
    strange = json.dumps(payload | {"id": "evt_strange"}).encode()

    answers = [
        requests.post(hook, data=body, headers=signed(body), timeout=30).status_code
        for _ in range(5)
    ]
    forged = requests.post(hook, data=strange, timeout=30)
    foreign = requests.post(hook, data=strange, headers=signed(strange, "whsec_other"), timeout=30)
    house.wait_until_quiet()

    assert answers == [200] * 5
    assert {forged.status_code, foreign.status_code} == {400}
    assert forged.headers["Content-Type"].startswith("application/problem+json")
    kept = "SELECT count(*) FROM banking.provider_events WHERE event_id = :id"
    # By name: what the network tells of the same payment may still be on its way.
    assert (house.ask(kept, id=payload["id"]), house.ask(kept, id="evt_strange")) == (1, 0)
    assert credits_of(house, ref) == 1
    assert "Balance EUR\xa075.00" in balance(visitor)


def signed(body: bytes, secret: str = "") -> dict[str, str]:
    at = int(time.time())
    key = (secret or Settings().stripe_webhook_secret).encode()
    seal = hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={at},v1={seal}", "Content-Type": "application/json"}
