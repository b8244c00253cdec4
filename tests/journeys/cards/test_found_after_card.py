"""A lost parcel that a card paid is found: keeping it takes a wallet, for no card pays back."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from paying_by_card import BY_CARD, begun, complete, page_of

from banking import api as bank
from insurance import api as cover
from insurance.losses.salvage import service
from insurance.losses.salvage.errors import WalletFirst
from insurance.losses.salvage.rules import RecoveryState
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.jobs import drain
from kernel.money import Money
from kernel.people.guests import service as guests
from kernel.people.identity import queries as people
from marketplace.buying.orders import service as order_service
from tests.asking import says
from tests.journeys.shopping import become, by_country, to_review
from tests.market import guest_of

pytestmark = pytest.mark.journey

SHORT = (
    "You pay %(amount)s back from your wallet. It's %(missing)s short: add that first, and we'll "
    "bring you back here."
)
NONE_YET = (
    "You pay %(amount)s back from a wallet in %(currency)s, and you don't have one yet. Adding "
    "money opens it, and we'll bring you back here."
)
AS_A_GUEST = (
    "You pay %(amount)s back from a wallet, so you need an account first. All it takes is a "
    "password, and we'll bring you back here."
)


@pytest.fixture
def order(market, buyer, network):
    """A covered parcel that a card paid: lost, paid out to the card, and found at the door."""
    payment_id = begun(to_review(market, buyer, business="Maison Perrin"), buyer, BY_CARD)
    network.pay(page_of(payment_id))
    bank.settle_purchase(payment_id=payment_id)
    order = by_country(complete(payment_id))["CN"]
    drain()
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=order.parcel_ref)
    cover.fund_float(
        amount=Money.of("5000", "EUR"), insurer_key=policy.insurer_key, key=new_id(), actor=SYSTEM
    )
    news = {"parcel_ref": order.parcel_ref, "at": house_clock.now(), "actor": SYSTEM}
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    order_service.note_scanned(place="CN", **news)
    order_service.note_lost(evidence={"said": "lost"}, **news)
    drain()
    cover.parcel_found(place="Leipzig", is_arrived=True, dues=[], **news)
    drain()
    return order


@pytest.fixture
def guest(buyer, order):
    """A guest who has everything that the buyer had."""
    guest = guest_of("noor@example.com")
    become(guest, buyer)
    return guest


def case_of(order):
    with reading():
        return cover.recoveries_for_parcels(parcel_refs=[order.parcel_ref])[order.parcel_ref]


def page_of_case(browser, case):
    answer = browser.get(f"/en/cover/recoveries/{case.ref}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser").select_one("section[aria-labelledby=keep]")


def press(browser, case):
    address = f"/en/cover/recoveries/{case.ref}/keep"
    return browser.post(address, data={"csrf_token": "test-token"})


def opened(guest):
    """Make an account of a guest; return who it is."""
    session_id = guests.open_account(
        password="three quiet herons", device="test", address="", actor=guest
    )
    return people.actor_of_session(str(session_id))


def test_what_came_to_a_card_is_paid_back_from_the_holders_wallet(buyer, order, with_money, browse):
    case, browser = case_of(order), browse(buyer)
    with reading():
        there = bank.wallet_for(owner_id=buyer.person_id, currency="EUR")
    assert there.available < case.repayment
    assert says(page_of_case(browser, case), SHORT)

    before = with_money(buyer, "500 EUR").id
    with reading():
        full = bank.wallet(wallet_id=before).available
    assert press(browser, case).status_code == 303

    with reading():
        assert bank.wallet(wallet_id=before).available == full - case.repayment
        assert all(row.is_balanced for row in cover.control_accounts())
        assert bank.verify_ledger().balanced
    assert case_of(order).state is RecoveryState.KEPT


def test_who_has_no_wallet_is_told_to_open_one_and_may_choose_until_then(order, guest, browse):
    person, case = opened(guest), case_of(order)
    browser = browse(person)

    with pytest.raises(WalletFirst):
        service.keep(ref=case.ref, actor=person)
    refused = press(browser, case)

    assert refused.status_code == 409
    assert says(refused, WalletFirst.message)
    panel = page_of_case(browser, case)
    assert says(panel, NONE_YET)
    (way,) = panel.select("a")
    assert way["href"] == (
        f"/en/bank/top-up?currency=EUR&missing={case.repayment.minor}"
        f"&next=/en/cover/recoveries/{case.ref}"
    )
    assert browser.get(way["href"]).status_code == 200
    assert not panel.select("form")
    assert case_of(order).state is RecoveryState.AWAITING_CHOICE


def test_once_a_wallet_is_open_the_items_can_be_kept(order, guest, browse, with_money):
    person, case = opened(guest), case_of(order)
    wallet = with_money(person, "100 EUR")

    assert press(browse(person), case).status_code == 303

    with reading():
        left = bank.wallet(wallet_id=wallet.id).available
    assert left == Money.of("100", "EUR") - case.repayment


def test_a_guest_is_led_to_an_account_and_back(order, guest, browse):
    case, browser = case_of(order), browse(guest)

    panel = page_of_case(browser, case)
    assert says(panel, AS_A_GUEST)
    (way,) = panel.select("a")
    assert not panel.select("form")
    asked = press(browser, case)
    assert asked.location.startswith("/en/sign-in")
    door = BeautifulSoup(browser.get(way["href"]).text, "html.parser")
    form = next(f for f in door.select("form") if "/guest/account" in f["action"])
    came = browser.post(
        form["action"], data={"csrf_token": "test-token", "password": "three quiet herons"}
    )

    assert came.location == f"/en/cover/recoveries/{case.ref}"
    assert case_of(order).state is RecoveryState.AWAITING_CHOICE
