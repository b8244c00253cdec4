"""Who is signed in but was away: the bank asks who is there, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from banking import api as bank
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Role
from kernel.web import presence
from kernel.web.access import risk_of
from kernel.web.session_limits import Risk, SignedInLong, WasAway, in_force
from tests.asking import english, error_of, heading, problem_code, says

MINUTE, HOUR = 60, 3600
PASSWORD = "correct horse battery"
BANK, CONFIRM = "/en/bank/", "/en/account/security/confirm"
DAY = 24 * 3600
BY_SCRIPT = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}


@pytest.fixture
def camille(make_person):
    return make_person(email="camille@example.com")


@pytest.fixture
def hers(as_, camille):
    return as_(camille)


@pytest.fixture
def operator(make_person, as_):
    return as_(make_person(roles=frozenset({Role.OPERATOR})))


def away(browser, idle=0, proven=None):
    """Let somebody have done nothing for some seconds, and have proved themselves so long ago."""
    with browser.session_transaction() as kept:
        kept["proven_at"] -= idle if proven is None else proven
        kept["active_at"] = {risk: at - idle for risk, at in kept["active_at"].items()}


def post(browser, address, **fields):
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


def hidden(page, form):
    """Return what a page would send by the form that leads to an address."""
    found = BeautifulSoup(page.text, "html.parser").find("form", action=form)
    return {field["name"]: field["value"] for field in found.find_all("input", value=True)}


@pytest.mark.parametrize(
    "address", ["", "safety", "send", "pots/", "files/", "statements/", "to-card/"]
)
def test_five_minutes_without_a_page_lock_the_banks_own(hers, address):
    away(hers, 5 * MINUTE)
    answer = hers.get(f"{BANK}{address}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (303, "no-store")
    assert answer.location.startswith(f"{CONFIRM}?")
    page = hers.get(answer.location)
    assert says(page, "so we locked this page", minutes=5)


def test_whoever_goes_on_is_never_asked(hers):
    for _ in range(4):
        away(hers, 4 * MINUTE, proven=0)
        assert hers.get(BANK).status_code == 200


def test_a_page_of_the_shop_shows_no_balance_for_whom_the_bank_would_ask(hers, camille):
    bank.open_wallet(owner_id=camille.person_id, owner_kind="person", currency="EUR", actor=SYSTEM)
    link, tile = 'header a[href="/en/bank/"]', "a.continue-bank"

    def shown():
        page = BeautifulSoup(hers.get("/en/").text, "html.parser")
        found = (page.select_one(link), page.select_one(tile))
        return [" ".join(one.get_text("|", strip=True).split()) for one in found]

    assert shown() == ["EUR 0.00", "Wallet, available|EUR 0|.00"]
    away(hers, 5 * MINUTE)
    assert shown() == ["Wallet", "Wallet|Is this you?"]


def test_a_page_of_the_shop_counts_as_being_there_and_never_locks(hers):
    away(hers, 4 * MINUTE)
    assert hers.get("/en/account").status_code == 200
    away(hers, 4 * MINUTE)
    assert hers.get(BANK).status_code == 200
    away(hers, 29 * 24 * HOUR)
    assert hers.get("/en/account").status_code == 200


def test_what_has_locked_itself_opens_by_a_proof_and_not_by_another_page(hers):
    away(hers, 6 * MINUTE)
    assert hers.get("/en/account").status_code == 200
    assert hers.get(BANK).status_code == 303


@pytest.mark.parametrize("headers", [BY_SCRIPT, {"Sec-Purpose": "prefetch"}])
def test_what_a_script_asks_by_itself_is_nobody(hers, headers):
    away(hers, 4 * MINUTE)
    assert hers.get("/en/account", headers=headers).status_code == 200
    away(hers, 2 * MINUTE)
    assert hers.get(BANK).status_code == 303


def test_the_cookie_is_written_anew_twice_a_minute_at_most(hers):
    assert "Set-Cookie" not in hers.get(BANK).headers
    away(hers, MINUTE)
    assert "Set-Cookie" in hers.get(BANK).headers
    assert "Set-Cookie" not in hers.get(BANK).headers


def test_eight_hours_after_a_proof_the_bank_asks_however_busy_somebody_is(hers):
    away(hers, proven=8 * HOUR)
    page = hers.get(BANK, follow_redirects=True)
    assert says(page, "for more than %(hours)d hours", hours=8)


def test_who_works_for_the_house_is_asked_after_half_an_hour_or_twelve(operator):
    desk = "/en/operations/machinery"
    away(operator, 29 * MINUTE)
    assert operator.get(desk).status_code == 200
    away(operator, 30 * MINUTE)
    assert operator.get(desk).location.startswith(CONFIRM)
    away(operator, -30 * MINUTE, proven=12 * HOUR)
    assert says(
        operator.get(desk, follow_redirects=True), "for more than %(hours)d hours", hours=12
    )


def test_pages_of_the_bank_are_known_by_their_permission(app):
    risks = {
        name.partition(".")[0]: risk_of(view.permission)
        for name, view in app.view_functions.items()
        if view.permission is not None
    }
    at_the_bank = ("bank", "pay", "books", "payout_desk", "payment_files", "to_card", "officers")
    assert {risks[room] for room in at_the_bank} == {Risk.BANK}
    assert (risks["operations"], risks["account"]) == (Risk.STAFF, Risk.SHOP)


def test_a_jump_of_the_houses_own_clock_sends_nobody_away(hers, clock):
    clock("2026-11-25T12:00")
    assert hers.get(BANK).status_code == 200
    clock("2026-11-27T12:00")
    assert hers.get(BANK).status_code == 200


@pytest.mark.parametrize("ahead", [{"idle": -DAY, "proven": 0}, {"idle": 0, "proven": -DAY}])
def test_an_hour_of_a_clock_that_was_ahead_holds_nothing_open(hers, ahead):
    """Else pages would not lock themselves before that hour has come."""
    away(hers, **ahead)
    assert hers.get(BANK).location.startswith(CONFIRM)


def test_a_cookie_of_before_there_were_limits_is_asked_once(hers):
    with hers.session_transaction() as kept:
        del kept["active_at"], kept["proven_at"]
    assert hers.get(BANK).location.startswith(CONFIRM)


def test_a_password_leads_back_to_where_somebody_was(hers):
    away(hers, 6 * MINUTE)
    asked = hers.get(f"{BANK}send?to=ada").location
    assert problem_code(post(hers, asked, password="wrong")) == "wrong_password"
    assert hers.get(BANK).status_code == 303
    assert post(hers, asked, password=PASSWORD).location == f"{BANK}send?to=ada"
    assert hers.get(BANK).status_code == 200


def test_guesses_there_are_counted_like_those_at_the_door(hers):
    away(hers, 6 * MINUTE)
    asked = hers.get(BANK).location
    answers = [post(hers, asked, password=f"guess {n}").status_code for n in range(9)]
    assert answers == [422] * 8 + [429]


def test_another_window_that_proved_it_opens_this_one_too(hers):
    away(hers, 6 * MINUTE)
    asked = hers.get(BANK).location
    post(hers, CONFIRM, password=PASSWORD)
    assert hers.get(asked).location == BANK


def test_a_form_that_was_refused_is_done_by_one_more_press_and_not_before(hers):
    away(hers, 6 * MINUTE)
    refused = post(hers, f"{BANK}wallets", currency="USD", password="never kept")
    assert (refused.status_code, refused.headers["Cache-Control"]) == (403, "no-store")
    asking = BeautifulSoup(refused.text, "html.parser").find("input", id="f-password")
    to = asking.find_parent("form")["action"]
    kept = hidden(refused, to)
    assert "USD" not in refused.text
    wrong = post(hers, to, kept=kept["kept"], password="wrong")
    assert error_of(wrong, "password")
    assert hidden(wrong, to)["kept"] == kept["kept"]

    shown = post(hers, to, kept=kept["kept"], password=PASSWORD)
    assert heading(shown) == english("Welcome back")
    assert "USD" in BeautifulSoup(shown.text, "html.parser").main.get_text()
    again = hidden(shown, f"{BANK}wallets")
    assert (again["currency"], "password" in again) == ("USD", False)
    assert hers.get(f"{BANK}wallets/usd").status_code == 404
    assert hers.post(f"{BANK}wallets", data=again).status_code == 303
    assert hers.get(f"{BANK}wallets/usd").status_code == 200


def test_a_kept_form_is_nobody_elses_and_cannot_be_made_up(hers, as_, make_person):
    away(hers, 6 * MINUTE)
    refused = post(hers, f"{BANK}wallets", currency="USD")
    to = BeautifulSoup(refused.text, "html.parser").find("input", id="f-password")
    kept = hidden(refused, to.find_parent("form")["action"])["kept"]
    other = as_(make_person())
    for made_up in (kept, kept[:-9], "x", "茶", ""):
        assert post(other, CONFIRM, kept=made_up, password=PASSWORD).status_code == 303


def test_whoever_was_away_freezes_at_once_and_sees_what_waits_for_approval(hers):
    away(hers, HOUR)
    assert post(hers, f"{BANK}safety/freeze", what="debit").location.startswith("/en/bank/safety")
    unknown = hers.get(f"{BANK}approvals/00000000-0000-0000-0000-000000000000")
    assert unknown.status_code == 404


def test_signing_in_and_out_begin_and_end_being_there(hers, client):
    client.get("/en/sign-in")
    with client.session_transaction() as kept:
        kept["csrf"] = "test-token"
    post(client, "/en/sign-in", email="camille@example.com", password=PASSWORD)
    assert client.get(BANK).status_code == 200
    with client.session_transaction() as kept:
        kept["csrf"] = "test-token"
    post(client, "/en/sign-out")
    with client.session_transaction() as kept:
        assert not {"proven_at", "active_at"} & set(kept)


def test_limits_are_dated_and_end_a_session_of_the_shop(clock, make_person, as_):
    clock("2026-11-25T12:00")
    browser = as_(make_person())
    clock("2026-12-25T11:59")
    assert browser.get("/en/account").status_code == 200
    house_clock.freeze(house_clock.now() + timedelta(minutes=1))
    assert browser.get("/en/account").location.startswith("/en/sign-in")
    assert in_force().shop_days == 30


def test_each_refusal_says_how_long(app):
    with app.test_request_context("/en/"):
        assert isinstance(presence.refusal(Risk.BANK), WasAway)
        assert presence.refusal(Risk.SHOP) is None
    assert SignedInLong(Risk.BANK, hours=8).data == {"hours": 8}
