"""What officers of the bank propose to each other, and payments that rest or came back."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import text

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.compliance.onboarding import service as onboarding
from banking.compliance.onboarding.rules import Decision
from banking.control.reconciliation import queries as differences
from banking.control.reconciliation import service as reconciliation
from banking.control.safeguarding import queries as top_ups
from banking.control.safeguarding import service as safeguarding
from banking.control.write_offs import service as losses
from banking.merchants.payouts import queries as payouts
from banking.merchants.payouts import running
from banking.transferring.standing import service as standing
from banking.transferring.standing.rules import Cadence
from banking.transferring.standing.service import Rhythm
from banking.transferring.transfers import carrying
from kernel import clock, jobs
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.errors import Upstream
from kernel.ids import new_id
from kernel.money import Money
from kernel.outbox import MOST_FAILURES
from tests.browser.card_stories import differing, disputed
from tests.browser.customer_stories import founded, sent, shown
from tests.browser.payout_stories import owing, sold
from tests.browser.people import browser
from tests.sweeps.house import House
from tests.sweeps.news import heard
from tests.sweeps.people import APPLICANT, BUYER, LAMP_SELLER, OFFICER, RIVAL

_REFUND = text(
    "SELECT event_id::text FROM kernel.delivery"
    " WHERE handler = 'banking.card_refunds.send_refund' AND done_at IS NULL"
)
# A vendor whom no order is about to pay what it owes.
_SELLS_NOTHING = text(
    "SELECT organisation_id FROM marketplace.vendor v WHERE NOT EXISTS ("
    " SELECT FROM banking.escrows e WHERE e.beneficiary_id = v.organisation_id)"
    " ORDER BY id DESC LIMIT 1"
)


def make_bank(house: House) -> dict[str, str]:
    """Let officers propose, payments rest and come back; return what they are called."""
    _give_up(house)  # first: what waits for the network stops every story that hears its news
    return _papers(house) | _proposals(house) | _debts(house) | _standing(house) | _payouts(house)


def _papers(house: House) -> dict[str, str]:
    """Show a paper of a company that was not sent, and propose to let one in that was."""
    mine = browser(house.app, house.actors[APPLICANT])
    unsent, company = house.names["company"], "/en/bank/verify/company"
    shown(mine, company, "register_extract", f"?account={unsent}")
    ref = sent(mine, founded(mine))
    heard()
    onboarding.propose(ref=ref, decision=Decision.APPROVE, reason="", actor=house.actors[OFFICER])
    return {"proposed_dossier": ref}


def _proposals(house: House) -> dict[str, str]:
    """Let an officer propose to book a difference and sign a top-up; others are as found."""
    officer, (proposed, other) = house.actors[OFFICER], [differing(one) for one in ("2", "3")]
    with reading():
        known = differences.difference(proposed).difference
        short = next(one for one in top_ups.open_top_ups() if one.amount.currency == "USD")
    reconciliation.propose(difference_id=known.id, note="It is nobody's.", actor=officer)
    safeguarding.sign(top_up_id=short.id, actor=officer)
    return {
        "proposed_difference": proposed,
        "other_difference": other,
        "signed_top_up": short.ref,
        "other_dispute": disputed(house.actors[BUYER], "du_other").ref,
    }


def _debts(house: House) -> dict[str, str]:
    """Let a vendor owe in two currencies; an officer proposed to write one of them off."""
    company = house.connection.execute(_SELLS_NOTHING).scalar_one()
    for currency in ("CHF", "GBP"):
        owing(company, Money.of("18", currency), "V-PAST3333")
    losses.propose_for_vendor(
        vendor_id=company, currency="GBP", note="They are gone.", actor=house.actors[OFFICER]
    )
    return {"debtor": str(company)}


def _standing(house: House) -> dict[str, str]:
    """Set up two standing orders like an earlier transfer; one of them rests."""
    buyer, refs = house.actors[BUYER], []
    for _ in range(2):
        order = standing.set_up(
            key=new_id(),
            owner_id=buyer.somebody(),
            like=house.names["transfer"],
            amount=Money.of("15", "EUR"),
            reference="Tea",
            rhythm=Rhythm(cadence=Cadence.MONTHLY, first_on=clock.today() + timedelta(days=9)),
            actor=buyer,
        )
        approvals.give(approval_id=order.approval_id, method="totp", actor=buyer)
        refs.append(order.ref)
    standing.pause(ref=refs[1], owner_id=buyer.somebody(), actor=buyer)
    return {"running_order": refs[0], "resting_order": refs[1]}


def _payouts(house: House) -> dict[str, str]:
    """Let one vendor earn what can be paid out, and another one's payout come back."""
    buyer, seller = house.actors[BUYER], house.actors[LAMP_SELLER]
    sold(buyer, house.actors[RIVAL], "V-PAST5555", "90")
    sold(buyer, seller, "V-PAST6666", "90")
    (company,) = seller.organisation_ids
    bank.vouch_for_payout_account(
        vendor_id=company,
        currency="EUR",
        account="DE89370400440532013000",
        name="Lysholm",
        person_id=seller.somebody(),
        actor=SYSTEM,
    )
    made = running.pay_now(vendor_id=company, currency="EUR", key=new_id(), actor=seller)
    heard()
    with reading():
        (transfer_id,) = [one.transfer_id for one in payouts.payouts_of(vendor_id=company)]
    assert transfer_id is not None
    carrying.close_recall(transfer_id=transfer_id, actor=SYSTEM)
    carrying.refuse(transfer_id=transfer_id, reason="AC04", actor=SYSTEM)
    heard()
    return {"payout_back": made.ref}


def _give_up(house: House) -> None:
    """Try to reach the card network, which is away, until the house gives up."""
    event_id = house.connection.execute(_REFUND).scalar_one()
    for _ in range(MOST_FAILURES):
        with suppress(Upstream):
            jobs.deliver(event_id, "banking.card_refunds.send_refund")
