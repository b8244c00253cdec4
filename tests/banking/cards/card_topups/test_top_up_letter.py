"""Money from a card is told to its person, and to nobody where a company was paid."""

from bank_objects import make_wallet
from sqlalchemy import select

from banking.accounts.wallets import service as wallets
from banking.cards.card_topups.events import PaymentCaptured
from banking.cards.card_topups.jobs import tell_of_top_up
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.ids import new_id
from kernel.mail import Mail
from kernel.money import Money
from kernel.web.letters import render_letter


def told(owner_id, *, is_closed=False):
    wallet = make_wallet(currency="JPY", owner_id=owner_id)
    if is_closed:
        wallets.close(wallet_id=wallet.id, actor=SYSTEM)
    event = PaymentCaptured(
        payment_id=new_id(), wallet_id=wallet.id, owner_id=owner_id, amount=Money(8900, "JPY")
    )
    with transaction(name="test", actor=SYSTEM):
        tell_of_top_up(event)
    with reading() as current:
        query = select(Mail).where(Mail.template == "banking/mail/top_up.txt")
        return list(current.execute(query).scalars())


def test_a_person_reads_the_amount_in_both_parts(make_person):
    (letter,) = told(make_person(locale="zh-CN").person_id)
    shown = render_letter(letter.template, letter.locale, letter.data)

    assert letter.locale == "zh-CN"
    assert "JPY\u00a08,900" in shown.text
    assert "JPY\u00a08,900" in shown.html
    assert "/zh-cn/bank/" in shown.text


def test_what_waits_beside_a_closed_wallet_is_not_called_in_it(make_person):
    assert told(make_person().person_id, is_closed=True) == []


def test_a_company_is_not_written_to(db):
    assert told(new_id()) == []
