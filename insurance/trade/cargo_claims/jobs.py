"""Claims for cargo that wait for the insurer's claims money are tried again."""

from __future__ import annotations

from datetime import timedelta

from insurance.trade.cargo_claims import queries, service
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.jobs import schedule


@schedule("insurance.cargo_claims.pay_waiting", every=timedelta(minutes=5), queue="money")
def pay_waiting() -> None:
    """Pay what waits, where there is money for it by now, oldest first."""
    with reading():
        covered = queries.payable_again()
    for claim_id in covered:
        service.pay(claim_id=claim_id, actor=SYSTEM)
