"""What is refused leaves a line that names nobody, and too much of it in an hour is an alarm."""

from __future__ import annotations

import json
import logging
import secrets

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel import alarms, forgetting
from kernel.actor import Role
from kernel.errors import concrete_errors
from kernel.logging import JsonLines
from kernel.manifest import load_house
from kernel.web import refusals
from tests.asking import says

EMAIL, PASSWORD = "camille@example.com", "correct horse battery"
FROM = {"REMOTE_ADDR": "203.0.113.77"}


class Caught(logging.Handler):
    """Keeps lines as a machine would read them."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.text.append(JsonLines().format(record))

    def with_field(self, name: str) -> list[dict]:
        return [line for line in map(json.loads, self.text) if name in line]


@pytest.fixture
def lines():
    house, caught = logging.getLogger("entrepot"), Caught()
    house.addHandler(caught)
    yield caught
    house.removeHandler(caught)


@pytest.fixture(autouse=True)
def nothing_refused_yet(monkeypatch):
    monkeypatch.setattr(refusals, "TALLY", refusals.Tally())


@pytest.fixture
def camille(make_person):
    return make_person(email=EMAIL)


def post(browser, address, **fields):
    with browser.session_transaction() as kept:
        kept["csrf"] = "test-token"
    form = {"csrf_token": "test-token"} | fields
    return browser.post(address, data=form, environ_base=FROM)


def wrong_password(browser, camille):
    return post(browser, "/en/sign-in", email=EMAIL, password="a wrong guess")


def wrong_code(browser, camille):
    return post(browser, "/en/sign-in/passkey", credential="{}")


def unknown_link(browser, camille):
    return browser.get(f"/en/sign-in/forgotten/new/{secrets.token_urlsafe(32)}", environ_base=FROM)


def no_form_of_ours(browser, camille):
    return browser.post("/en/sign-in", data={"email": EMAIL}, environ_base=FROM)


def too_many(browser, camille):
    for _ in range(8):
        wrong_password(browser, camille)
    return wrong_password(browser, camille)


def forged_webhook(browser, camille):
    forged = {"Stripe-Signature": "t=1,v1=00"}
    return browser.post("/webhooks/card-network", json={}, headers=forged, environ_base=FROM)


@pytest.mark.parametrize(
    ("act", "status", "kind", "code"),
    [
        (wrong_password, 422, "password", "wrong_credentials"),
        (wrong_code, 422, "passkey", "passkey_refused"),
        (unknown_link, 404, "link", "password_link_over"),
        (no_form_of_ours, 403, "forbidden", "not_from_our_page"),
        (too_many, 429, "too_many", "too_many_tries"),
        (forged_webhook, 400, "webhook", "webhook_refused"),
    ],
)
def test_a_refusal_leaves_one_line_that_names_nobody(
    client, camille, lines, act, status, kind, code
):
    assert act(client, camille).status_code == status

    told = [line for line in lines.with_field("refused") if line["refused"] == kind]
    assert len(told) == 1
    assert (told[0]["code"], told[0]["network"], told[0]["level"]) == (
        code,
        "203.0.113.x",
        "WARNING",
    )
    whole = " ".join(lines.text)
    assert not [secret for secret in (EMAIL, "wrong guess", "203.0.113.77") if secret in whole]


def test_lines_of_one_person_are_found_by_a_digest(client, camille, lines):
    wrong_password(client, camille)
    post(client, "/en/sign-in", email=f" {EMAIL.upper()}", password="another guess")
    post(client, "/en/sign-in", email="noor@example.com", password="another guess")

    who = [line["who"] for line in lines.with_field("refused")]

    assert who[0] == who[1] != who[2]


def test_what_is_no_attempt_leaves_none(client, camille, as_, lines):
    client.get("/en/nowhere")
    client.get("/en/account")
    post(client, "/en/sign-up", email="x", password="y")
    as_(camille).get("/en/account/security/password")

    assert lines.with_field("refused") == []


def fewer(monkeypatch, **bounds):
    row = alarms._bounds()[0]
    changed = {name: bounds.get(name, getattr(row, name)) for name in row.__slots__}
    monkeypatch.setattr(alarms, "_bounds", lambda: (alarms.Bounds(**changed),))


def test_too_many_in_an_hour_are_one_alarm_in_the_log_and_on_the_operators_page(
    client, camille, as_, make_person, lines, monkeypatch, clock
):
    fewer(monkeypatch, password=3)
    clock("2026-11-25T09:05")
    operator = as_(make_person(roles=frozenset({Role.OPERATOR})))
    for _ in range(2):
        wrong_password(client, camille)
    quiet = operator.get("/en/operations/machinery")
    assert not says(quiet, "Alerts in the last 30 days")
    assert lines.with_field("alarm") == []

    for _ in range(4):
        wrong_password(client, camille)

    (told,) = lines.with_field("alarm")
    assert (told["alarm"], told["number"], told["level"]) == ("password", 3, "ERROR")
    page = BeautifulSoup(operator.get("/en/operations/machinery").text, "html.parser")
    (row,) = page.table.tbody.select("tr")
    assert says(row, "Wrong passwords")
    assert row.select("td")[-1].text.strip() == "6"

    clock("2026-11-25T10:05")
    for _ in range(3):
        wrong_password(client, camille)
    assert len(lines.with_field("alarm")) == 2


def test_forged_webhooks_are_an_alarm_and_no_flood_of_lines_and_writes(
    client, camille, lines, monkeypatch
):
    fewer(monkeypatch, webhook=20)
    written = []
    count = alarms.count
    monkeypatch.setattr(alarms, "count", lambda **told: written.append(told) or count(**told))

    for _ in range(100):
        forged_webhook(client, camille)

    assert len(lines.with_field("refused")) == 1
    assert [told["more"] for told in written] == [1, 1, 2, 4, 8, 16, 32]
    (told,) = lines.with_field("alarm")
    assert (told["alarm"], told["number"], told["level"]) == ("webhook", 32, "ERROR")


def test_whatever_hears_webhooks_watches_who_forges_them(app, client, camille, lines):
    doors = [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/webhooks/")]
    assert doors

    for number, door in enumerate(doors):
        client.post(door, data=b"{}", environ_base={"REMOTE_ADDR": f"203.0.{number}.1"})

    assert len(lines.with_field("refused")) == len(doors)


def test_every_link_that_is_a_secret_is_watched_for_who_guesses_it(app, camille, as_, lines):
    guesser = as_(camille)
    doors = [
        rule.rule.replace("<lang>", "en").replace("<token>", secrets.token_urlsafe(32))
        for rule in app.url_map.iter_rules()
        if "token" in rule.arguments and "GET" in rule.methods
    ]
    assert doors

    kinds = {}
    for door in doors:
        lines.text.clear()
        guesser.get(door, environ_base=FROM, follow_redirects=True)
        kinds[door] = [line["refused"] for line in lines.with_field("refused")]

    assert [door for door, told in kinds.items() if told != ["link"]] == []


def test_what_comes_in_floods_is_counted_whole_and_told_once_a_minute_and_network():
    tally, kind = refusals.Tally(), alarms.Kind.FLOOD
    first = [tally.take(kind, "203.0.113.x", 0.0) for _ in range(100)]
    other = tally.take(kind, "203.0.114.x", 1.0)
    later = tally.take(kind, "203.0.113.x", 60.0)

    assert [due.is_told for due in first] == [True] + 99 * [False]
    assert sum(due.more for due in first) == 64
    assert (other.is_told, other.more) == (True, 1)
    assert (later.is_told, later.more) == (True, 37)


def test_networks_without_end_fill_no_memory():
    tally = refusals.Tally()
    for number in range(3 * refusals.MOST_NETWORKS):
        tally.take(alarms.Kind.FLOOD, str(number), 0.0)

    assert len(tally._seen) <= refusals.MOST_NETWORKS


def test_counts_of_a_month_ago_go(client, camille, db, clock):
    clock("2026-10-01T09:00")
    wrong_password(client, camille)
    clock("2026-10-25T09:00")
    unknown_link(client, camille)
    clock("2026-11-02T09:00")

    forgetting.forget_tries()

    kept = db.execute(text("SELECT kind FROM kernel.refusal_count")).scalars().all()
    assert kept == ["link"]


def test_every_kind_is_watched_somewhere_and_has_its_bound():
    load_house()
    watched = {error.watched for error in concrete_errors()} - {""}

    assert watched == set(alarms.Kind)
    assert all(getattr(alarms._bounds()[0], kind) > 0 for kind in alarms.Kind)
