"""What the house can prove of itself, and that each proof notices when it does not hold."""

from click.testing import CliRunner
from sqlalchemy import text

from banking import api as bank
from banking.core.ledger import service as ledger
from insurance.money.books import proofs as books
from kernel.actor import SYSTEM
from kernel.commands import prove
from kernel.ids import new_id
from kernel.manifest import manifests
from kernel.money import Money
from marketplace.catalogue.pictures import proofs as pictures
from tests.banking.bank_objects import make_wallet
from tests.marketplace.makers import make_offer


def test_every_proof_has_a_name_of_its_own_and_holds_where_nothing_is(db):
    names = [proof.name for one in manifests() for proof in one.proofs()]
    assert len(names) == len(set(names)) > 4

    said = CliRunner().invoke(prove)

    assert said.exit_code == 0
    assert [line.partition(":")[0] for line in said.output.splitlines()] == names


def test_one_that_does_not_hold_is_told_and_ends_with_1(db):
    wallet = make_wallet("10")
    db.execute(
        text("UPDATE banking.ledger_accounts SET posted = 1 WHERE id = :id"),
        {"id": wallet.account_id},
    )
    said = CliRunner().invoke(prove)
    assert said.exit_code == 1
    assert f"account {wallet.account_id}" in said.stderr
    assert "insurance.books: the two books agree" in said.stdout


def test_a_picture_whose_file_is_gone_is_named(db):
    made = make_offer()
    db.execute(
        text(
            "INSERT INTO marketplace.picture (product_id, path, width, height, sizes, alt)"
            " VALUES (:product, :path, 1, 1, '{1}', '{}')"
        ),
        {"product": made.product_id, "path": f"products/{'a' * 32}"},
    )
    is_good, words = pictures.PROOF.prove()
    assert not is_good
    assert words == f"1 of 1 files are missing, the first is products/{'a' * 32}"


def test_two_books_that_differ_are_found(db):
    platform = ledger.AccountRef(bank.AccountKind.INSURER_FLOAT, "havre-cargo", "EUR")
    cards = ledger.AccountRef.house(bank.AccountKind.CARD_RECEIVABLE, "EUR")
    money = Money.of("5", "EUR")
    ledger.post(
        key=new_id(),
        kind="float_placed",
        subject="one side alone",
        legs=[ledger.Leg(cards, -money), ledger.Leg(platform, money)],
        actor=SYSTEM,
    )
    assert books.PROOF.prove() == (False, "the two books differ for havre-cargo")
