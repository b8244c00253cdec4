"""What moved in a wallet: pages without a gap, one movement opened, the line of balances."""

from __future__ import annotations

from bank_objects import make_customer

from banking import api as bank
from banking.core.ledger import service as ledger
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import says
from tests.banking.online.home.browsing_bank import give, make_wallet, page, words


def test_movements_come_in_pages_newest_first_without_gap(rates, make_person, browse):
    actor = make_person()
    make_customer(owner_id=actor.person_id)
    wallet = make_wallet(actor, amount="0")
    for minor in range(1, 46):
        give(wallet, Money(minor * 100, "EUR"))
    browser = browse(actor)

    first = browser.get("/en/bank/wallets/eur")
    more = page(first).select_one("a[rel=next]")["href"]
    second = browser.get(more)

    amounts = [m.get_text() for p in (first, second) for m in page(p).select(".moves span.amount")]
    assert amounts == [f"+€{n}.00" for n in range(45, 0, -1)]
    assert page(second).select_one("a[rel=next]") is None


def test_a_movement_opens_to_its_journal_and_adds_up(rates, make_person, browse):
    actor = make_person()
    make_wallet(actor, amount="250.00")
    browser = browse(actor)

    listed = page(browser.get("/en/bank/wallets/eur"))
    answer = browser.get(listed.select_one(".moves .who a")["href"])

    seen = words(answer)
    assert page(answer).select_one(".big").get_text() == "+€250.00"
    assert says(seen, "Your wallet, %(currency)s", currency="Euro +€250.00")
    assert "Other side Euro −€250.00" in seen
    assert page(answer).select_one(".sum output").get_text() == "€0.00"
    assert page(answer).select_one('.key-values a[href$="/bank/top-ups/T-TEST2345"]')


def test_a_movement_shows_what_somebody_wrote_and_no_word_of_the_ledger(rates, make_person, browse):
    actor = make_person()
    make_customer(owner_id=actor.person_id)
    wallet = make_wallet(actor)
    five, other = Money.of("5", "EUR"), ledger.AccountRef.house(bank.AccountKind.SUSPENSE, "EUR")
    for kind, memo in (("transfer", "goods, thank you"), ("escrow_released", "goods")):
        legs = [ledger.Leg(wallet.account, five, memo=memo), ledger.Leg(other, -five)]
        ledger.post(key=new_id(), kind=kind, subject="V-TEST2345", actor=SYSTEM, legs=legs)
    browser = browse(actor)

    rows = page(browser.get("/en/bank/wallets/eur")).select(".moves li:not(.day-heading)")

    assert [" ".join(row.select_one(".what").get_text().split()) for row in rows[:2]] == [
        "V-TEST2345",
        "V-TEST2345 · goods, thank you",
    ]
    assert "Note" not in words(browser.get(rows[0].select_one(".who a")["href"]))


def test_someone_elses_movement_does_not_exist(rates, make_person, browse):
    owner = make_person()
    make_wallet(owner)
    link = page(browse(owner).get("/en/bank/wallets/eur")).select_one(".moves .who a")["href"]

    assert browse(make_person()).get(link).status_code == 404


def test_the_line_of_balances_ends_with_what_there_is_now(rates, make_person, browse):
    actor = make_person()
    wallet = make_wallet(actor, amount="100.00")
    house_clock.freeze(house_clock.now().replace(day=12))
    give(wallet, Money.of("50.00", "EUR"))

    seen = page(browse(actor).get("/en/bank/"))

    desc = " ".join(seen.select_one("#course-d").get_text().split())
    rows = [row.get_text(" ", strip=True) for row in seen.select(".twin tbody tr")]
    assert "Lowest €0.00, highest €150.00, last €150.00." in desc
    assert len(rows) == 30
    assert rows[0].endswith("€150.00")
    assert rows[1].endswith("€100.00")
