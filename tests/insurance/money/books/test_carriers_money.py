"""J12: what a carrier accepts, pays and does not pay, in both books, once."""

from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from insurance.money.books import carriers as books
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import fund

KEY = "havre-cargo"
KINDS = (
    "insurer_money_bank",
    "insurer_float",
    "insurer_float_asset",
    "insurer_recoveries_due",
    "insurer_claims_incurred",
)


def eur(amount):
    return Money.of(amount, "EUR")


def standing():
    accounts = {kind: ledger.AccountRef.house(kind, "EUR", KEY) for kind in KINDS}
    with reading():
        found = ledger_queries.balances(accounts=list(accounts.values()))
    return tuple(
        str(found[account].posted.amount) if account in found else "0.00"
        for account in accounts.values()
    )


def test_what_a_carrier_accepts_is_due_and_what_it_pays_is_claims_money(db, books_agree):
    fund("1000.00")
    case, receipt = new_id(), new_id()
    about = {"subject": "K-TEST", "insurer_key": KEY, "actor": SYSTEM}
    for _ in range(2):
        books.recovery_accepted(case_id=case, accepted=eur("50.00"), **about)
    assert standing() == ("-1000.00", "1000.00", "-1000.00", "-50.00", "50.00")

    for _ in range(2):
        books.recovery_received(receipt_id=receipt, received=eur("50.00"), **about)
    assert standing() == ("-1050.00", "1050.00", "-1050.00", "0.00", "50.00")


def test_what_was_accepted_and_never_comes_is_a_cost_again(db, books_agree):
    fund("1000.00")
    case = new_id()
    about = {"subject": "K-TEST", "insurer_key": KEY, "actor": SYSTEM}
    books.recovery_accepted(case_id=case, accepted=eur("50.00"), **about)
    books.recovery_received(receipt_id=new_id(), received=eur("30.00"), **about)
    for _ in range(2):
        books.recovery_given_up(case_id=case, rest=eur("20.00"), **about)
    assert standing() == ("-1030.00", "1030.00", "-1030.00", "0.00", "30.00")
