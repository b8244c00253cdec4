"""Closing: what stands in the way is listed, a yes closes for good, and the past stays readable."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from bank_objects import COMMISSION, available, book, eur, house, make_customer, make_wallet
from bs4 import BeautifulSoup
from sqlalchemy import BigInteger, cast, literal, select, text

from banking import api as bank
from banking.accounts.wallets import service as wallet_service
from banking.accounts.wallets.errors import AccountClosed, WalletClosed
from banking.accounts.wallets.under_way import ASKED, UnderWay
from banking.authorisation.approvals import service as approvals
from banking.authorisation.freezing import service as guard
from banking.core.ledger import service as ledger
from banking.core.ledger.errors import AccountFrozen
from banking.online.closing import jobs, queries, service
from banking.online.closing.errors import ClosingUnknown, StillInTheWay
from banking.online.closing.events import WalletsClosed
from banking.online.closing.rules import Kind, Terms, kept_until
from banking.online.pots import service as pots
from banking.transferring.bulk import service as bulk
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.dated import in_force
from kernel.db import reading, transaction
from kernel.ids import new_id
from kernel.jobs import drain
from kernel.web.letters import render_letter
from tests.asking import english, says
from tests.banking.merchants.payouts.conftest import company_of, with_company
from tests.banking.transferring.bulk.batch_objects import approve, group, line, opened


@pytest.fixture(autouse=True)
def _noon(db, clock):
    clock("2026-11-25T12:00")
    approvals.load_reference_data(actor=SYSTEM)


@pytest.fixture
def owner(make_person):
    person = make_person(email="camille@example.com")
    make_customer(owner_id=person.person_id)
    return person


def in_the_way(*closing):
    with reading():
        found = queries.obstacles(closing)
    return {(one.kind, one.currency, one.number) for one in found}


def fresh(wallet):
    with reading():
        return bank.wallet(wallet_id=wallet.id)


def told(monkeypatch, *, kind, of, owed=None, words="", endpoint=""):
    """Let the house know of one thing alone that is under way in a wallet."""
    rows = select(
        ASKED.c.currency,
        literal(1).label("number"),
        cast(literal(owed), BigInteger).label("owed"),
    ).where(ASKED.c.id == of.id)
    one = UnderWay(kind=kind, rows=rows, words=words, endpoint=endpoint)
    monkeypatch.setattr(queries, "_told", lambda: {kind: one})


def ask(owner, wallet=None):
    return service.ask(
        owner_id=owner.person_id, wallet_id=wallet.id if wallet else None, actor=owner
    )


def close(owner, wallet=None):
    asked = ask(owner, wallet)
    return approvals.give(approval_id=asked.id, method="totp", actor=owner)


def test_an_empty_wallet_closes_with_a_yes_and_takes_nothing_any_more(owner, sound):
    wallet, other = (make_wallet(currency=c, owner_id=owner.person_id) for c in ("EUR", "USD"))

    asked = ask(owner, wallet)
    assert not fresh(wallet).is_closed
    approvals.give(approval_id=asked.id, method="totp", actor=owner)

    with reading():
        open_ones = bank.wallets_of(owner_id=owner.person_id)
    assert [found.id for found in open_ones] == [other.id]
    for amount in (eur(1), eur(-1)):
        with pytest.raises(AccountFrozen):
            book(ledger.Leg(wallet.account, amount), ledger.Leg(house(COMMISSION), -amount))
    sound()


def test_a_closed_wallet_is_not_opened_again_and_thawing_does_not_open_it(owner):
    wallet, other = (make_wallet(currency=c, owner_id=owner.person_id) for c in ("EUR", "USD"))
    close(owner, wallet)

    with pytest.raises(WalletClosed) as refused:
        make_wallet(owner_id=owner.person_id)
    assert refused.value.data == {"currency": "EUR", "day": date(2026, 11, 25)}
    guard.freeze(owner_id=owner.person_id, freeze=bank.Freeze.ALL, actor=owner)
    asked = guard.ask_to_thaw(owner_id=owner.person_id, actor=owner)
    approvals.give(approval_id=asked.id, method="totp", actor=owner)
    assert fresh(wallet).is_closed
    assert fresh(other).freeze is bank.Freeze.NONE


def test_everything_that_still_moves_money_stands_in_the_way(owner):
    wallet = make_wallet("100", owner_id=owner.person_id)
    pots.open_pot(
        key=new_id(), wallet_id=wallet.id, name="Japan", target=None, due_on=None, actor=owner
    )
    wallet_service.hold(
        key=new_id(),
        wallet_id=wallet.id,
        amount=eur(5),
        reason="test",
        subject="test",
        expires_at=house_clock.now() + timedelta(days=1),
        actor=SYSTEM,
    )
    share = bank.EscrowShare(order_ref="O-1", amount=eur(20), beneficiary_id=new_id(), note="")
    bank.fund_escrow(
        key=new_id(),
        payer_wallet_id=wallet.id,
        shares=[share],
        dues=[],
        subject="G-1",
        actor=SYSTEM,
    )
    make_wallet(currency="JPY", owner_id=owner.person_id)

    assert in_the_way(fresh(wallet)) == {
        (Kind.BALANCE, "EUR", 1),
        (Kind.POTS, "EUR", 1),
        (Kind.HOLDS, "EUR", 1),
        (Kind.ORDERS, "EUR", 1),
    }
    with pytest.raises(StillInTheWay):
        ask(owner, wallet)
    with pytest.raises(StillInTheWay):
        ask(owner)


def test_a_sale_that_is_not_paid_out_keeps_its_vendors_wallets_open(owner):
    wallet = make_wallet(owner_id=owner.person_id)
    buyer = make_wallet("100")
    share = bank.EscrowShare(
        order_ref="O-2", amount=eur(20), beneficiary_id=owner.person_id, note=""
    )
    bank.fund_escrow(
        key=new_id(),
        payer_wallet_id=buyer.id,
        shares=[share],
        dues=[],
        subject="G-2",
        actor=SYSTEM,
    )

    assert in_the_way(fresh(wallet)) == {(Kind.SALES, "EUR", 1)}


def test_payments_of_a_file_that_wait_for_their_day_keep_the_wallet_open(owner, as_):
    wallet = make_wallet("100", owner_id=owner.person_id)
    later = house_clock.today() + timedelta(days=5)
    batch = opened(owner, group(wallet, line(1, "10"), line(2, "20"), due_on=later))
    waits = in_the_way(fresh(wallet))
    approve(owner, batch)

    assert (
        waits
        == in_the_way(fresh(wallet))
        == {
            (Kind.BALANCE, "EUR", 1),
            (Kind.BATCHES, "EUR", 2),
        }
    )
    page = as_(owner).get("/en/bank/close/eur").text
    assert says(page, "%(num)s transfers are in progress.", num=2)
    assert "/en/bank/files/" in page
    bulk.cancel(ref=batch.ref, owner_id=owner.person_id, actor=owner)
    assert in_the_way(fresh(wallet)) == {(Kind.BALANCE, "EUR", 1)}


def test_what_a_vendor_owes_keeps_its_wallet_of_that_currency_open(make_person, as_):
    vendor = with_company(make_person(email="owner@qinglan.example.com"))
    euro, dollars = (make_wallet(currency=c, owner_id=company_of(vendor)) for c in ("EUR", "USD"))
    debt = ledger.AccountRef("vendor_debt", str(company_of(vendor)), "EUR")
    book(ledger.Leg(debt, eur(-60)), ledger.Leg(make_wallet().account, eur(60)))

    assert in_the_way(fresh(euro)) == {(Kind.OWED, "EUR", 1)}
    assert in_the_way(fresh(dollars)) == set()
    page = as_(vendor).get(f"/en/bank/close/eur?account={company_of(vendor)}").text
    assert says(page, "Owed to Entrepôt")
    assert "60.00" in page


def test_what_comes_between_the_question_and_the_yes_keeps_the_wallet_open(owner, sound):
    wallet = make_wallet(owner_id=owner.person_id)
    asked = ask(owner, wallet)
    book(ledger.Leg(wallet.account, eur(7)), ledger.Leg(house(COMMISSION), eur(-7)))

    with pytest.raises(StillInTheWay):
        approvals.give(approval_id=asked.id, method="totp", actor=owner)

    assert not fresh(wallet).is_closed
    assert available(wallet) == eur(7)
    sound()


def test_the_account_closes_with_every_wallet_and_takes_no_new_one(owner):
    for currency in ("EUR", "USD", "JPY"):
        make_wallet(currency=currency, owner_id=owner.person_id)

    close(owner)

    with reading():
        assert bank.wallets_of(owner_id=owner.person_id) == []
    with pytest.raises(AccountClosed):
        make_wallet(currency="GBP", owner_id=owner.person_id)


def test_an_upper_floor_says_what_of_its_own_stands_in_the_way(owner, monkeypatch):
    wallet, other = (make_wallet(currency=c, owner_id=owner.person_id) for c in ("EUR", "USD"))
    told(monkeypatch, kind="cover.claims", of=wallet, words="A claim isn't settled yet.")

    with pytest.raises(StillInTheWay):
        ask(owner, wallet)
    assert close(owner, other)


def test_nobody_closes_the_wallet_of_somebody_else(owner):
    with pytest.raises(ClosingUnknown):
        ask(owner, make_wallet())


def test_who_closed_hears_of_it_and_reads_the_past_for_ten_years(owner, outbox, as_, db):
    wallet = make_wallet(owner_id=owner.person_id)
    book(ledger.Leg(wallet.account, eur(7)), ledger.Leg(house(COMMISSION), eur(-7)))
    book(ledger.Leg(wallet.account, eur(-7)), ledger.Leg(house(COMMISSION), eur(7)))
    browser = as_(owner)

    form = {"csrf_token": "test-token"}
    asked = browser.post("/en/bank/close/eur", data=form)
    page = browser.get(asked.location).text
    approval = db.execute(text("SELECT id FROM banking.approvals")).scalar_one()
    approvals.give(approval_id=approval, method="totp", actor=owner)
    (event,) = [one for one in outbox() if isinstance(one, WalletsClosed)]
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_what_stays(event)

    assert says(page, "Close this wallet permanently?")
    data = db.execute(
        text("SELECT data FROM kernel.mail WHERE template = 'banking/mail/closed.txt'")
    ).scalar_one()
    letter = render_letter("banking/mail/closed.txt", "en", data)
    assert letter.subject == english("Your wallet is closed: %(currency)s", currency="Euro")
    assert "31 December 2036" in letter.text
    ref = db.execute(text("SELECT ref FROM banking.closings")).scalar_one()
    assert "31 Dec 2036" in browser.get(f"/en/bank/close/done/{ref}").text
    past = browser.get("/en/bank/wallets/eur").text
    assert says(past, "This wallet is closed.")
    assert "7.00" in past
    assert browser.get("/en/bank/statements/?currency=eur").status_code == 200
    again = browser.post("/en/bank/wallets", data=form | {"currency": "EUR"})
    assert says(again, "You closed your %(currency)s wallet on %(day)s, and")


def test_the_page_lists_what_stands_in_the_way_and_offers_no_button(owner, as_, make_person):
    make_wallet("12", owner_id=owner.person_id)
    browser = as_(owner)

    page = browser.get("/en/bank/close/eur").text
    refused = browser.post("/en/bank/close/eur", data={"csrf_token": "test-token"})

    assert says(page, "%(amount)s is in the wallet.")
    assert says(page, "Send it to a bank account")
    assert "Close this wallet</button>" not in page
    assert refused.status_code == 409
    assert as_(make_person()).get("/en/bank/close/eur").status_code == 404


@pytest.mark.parametrize("kind", Kind)
def test_the_page_says_each_thing_in_the_way_of_closing(owner, as_, monkeypatch, kind):
    """A kind that the page has no words for would be an empty line, or no page at all."""
    wallet = make_wallet(owner_id=owner.person_id)
    own = {"words": "You have an open claim."} if kind is Kind.OTHER else {}
    told(monkeypatch, kind=kind.value, of=wallet, owed=1200, **own)

    rows = BeautifulSoup(as_(owner).get("/en/bank/close/").text, "html.parser").select(".offers li")

    assert [row.select_one("span").text.strip() != "" for row in rows] == [True]
    assert "Activity" not in rows[0].select_one("span").text


@pytest.mark.parametrize("kind", [Kind.TOP_UPS, Kind.DISPUTES, Kind.DEBTS])
def test_card_payments_in_the_way_are_one_press_away(owner, as_, monkeypatch, kind):
    told(monkeypatch, kind=kind.value, of=make_wallet(owner_id=owner.person_id))
    browser = as_(owner)

    way = BeautifulSoup(browser.get("/en/bank/close/").text, "html.parser").select_one(".offers a")

    assert browser.get(way["href"]).status_code == 200


def test_years_of_keeping_are_those_of_the_day():
    terms = [
        Terms(valid_from=date(2020 + n, 1, 1), keeps_years=years, source="test")
        for n, years in ((0, 10), (8, 7))
    ]

    assert kept_until(date(2026, 11, 25), in_force(terms, date(2026, 11, 25))) == date(2036, 12, 31)
    assert in_force(terms, date(2028, 1, 1)).keeps_years == 7


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        (False, "Your wallet is closed: Euro"),
        (True, "Your account at Entrepôt Bank is closed"),
    ],
)
def test_a_closing_stands_in_the_security_log_and_is_told_by_one_letter(owner, as_, whole, words):
    wallet = make_wallet(owner_id=owner.person_id)
    before = letters()

    close(owner, None if whole else wallet)
    drain()

    assert words in as_(owner).get("/en/account/security/log").text
    assert letters()[len(before) :] == [("banking/mail/closed.txt", "camille@example.com")]


def letters():
    with reading() as current:
        query = text("SELECT template, recipient FROM kernel.mail ORDER BY created_at, id")
        return [tuple(row) for row in current.execute(query)]
