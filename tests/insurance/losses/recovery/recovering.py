"""Losses whose carriers are asked: what is sent, what they answer, what stands in the books."""

from datetime import timedelta

from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from insurance import api as cover
from insurance.losses.claims import deciding
from insurance.losses.recovery import jobs, queries
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import buy, drain
from tests.insurance.losses.claims.claiming import claim_of, lose, notify, officer


def eur(amount):
    return Money.of(amount, "EUR")


def carried(*, weight_g=2500, **risk):
    """A parcel that Kestrel carries by air, hence by Montreal: 2.5 kg are 65 SDR, 76.05 EUR."""
    policy = buy(**{"mode": cover.Mode.EXP, "level": cover.Cover.PLUS} | risk)
    return cover.attach(
        parcel_ref=policy.parcel_ref,
        scanned_at=policy.bound_at + timedelta(hours=6),
        place="Jingdezhen",
        carrier="Kestrel",
        tracking_number="KS1",
        weight_g=weight_g,
        actor=SYSTEM,
    )


def lost(**risk):
    """A loss that its cover paid: 128.00."""
    policy = carried(**risk)
    kernel_clock.freeze(policy.bound_at + timedelta(days=6))
    lose(policy)
    drain()
    return policy


def broken(*, days=8, **risk):
    """A damage of 60.00 reported some days after it was bound; it came on day 7."""
    policy = carried(**risk)
    kernel_clock.freeze(policy.bound_at + timedelta(days=days))
    cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=7), actor=SYSTEM
    )
    notify(policy)
    drain()
    return policy


def approve(policy, amount):
    claim = claim_of(policy)
    deciding.recommend(
        claim_id=claim.id, is_approval=True, amount=eur(amount), reason="Seen.", actor=officer()
    )
    deciding.confirm(claim_id=claim.id, actor=officer())
    drain()


def refuse(policy):
    claim = claim_of(policy)
    deciding.recommend(
        claim_id=claim.id, is_approval=False, amount=eur("0"), reason="Packing.", actor=officer()
    )
    deciding.confirm(claim_id=claim.id, actor=officer())
    drain()


def case_of(policy):
    claim = claim_of(policy)
    with reading():
        return queries.of_claim(claim_id=claim.id)


def history(policy):
    with reading():
        file = queries.carrier_claim(officer(), case_of(policy).ref)
    return [line.what for line in reversed(file.history)]


def later(**time):
    kernel_clock.freeze(kernel_clock.now() + timedelta(**time))


def write():
    jobs.write_to_carriers()


def answered():
    """Send what is due, let the carriers' five days pass, and hear them."""
    write()
    write()
    later(days=5)
    jobs.hear_carriers()


def standing(*kinds):
    """What house accounts of the insurer hold, with the ledger's sign."""
    accounts = [ledger.AccountRef.house(kind, "EUR", "havre-cargo") for kind in kinds]
    with reading():
        found = ledger_queries.balances(accounts=accounts)
    return [found[one].posted if one in found else eur("0") for one in accounts]
