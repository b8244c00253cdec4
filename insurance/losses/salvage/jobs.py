"""Mails to holders about parcels that were found after all."""

from __future__ import annotations

from insurance.losses.salvage.events import (
    GoodsKept,
    GoodsSurrendered,
    RecoveryArrived,
    RecoveryOpened,
)
from kernel import mail
from kernel.events import on
from kernel.people.identity import queries as people


@on(RecoveryOpened, "insurance.salvage.tell_found", queue="mail")
def tell_found(event: RecoveryOpened) -> None:
    """Tell that the parcel was found and what the holder may do."""
    _write(event, "recovery_found", {})


@on(RecoveryArrived, "insurance.salvage.tell_arrived", queue="mail")
def tell_arrived(event: RecoveryArrived) -> None:
    """Tell that the parcel is there, until when to choose, and what keeping it costs."""
    _write(
        event,
        "recovery_arrived",
        {
            "until": event.choose_by.isoformat(),
            "repayment": event.repayment.plain(),
        },
    )


@on(GoodsKept, "insurance.salvage.tell_kept", queue="mail")
def tell_kept(event: GoodsKept) -> None:
    """Confirm that the goods are the holder's and what was paid back."""
    _write(event, "recovery_kept", {"repaid": event.repaid.plain()})


@on(GoodsSurrendered, "insurance.salvage.tell_surrendered", queue="mail")
def tell_surrendered(event: GoodsSurrendered) -> None:
    """Tell that the goods are the insurer's and that the money stays."""
    _write(event, "recovery_surrendered", {"is_with_holder": event.is_with_holder})


def _write(
    event: RecoveryOpened | RecoveryArrived | GoodsKept | GoodsSurrendered,
    template: str,
    data: dict[str, object],
) -> None:
    holder = people.person(event.policyholder_id)
    if holder is None:
        return  # a company's policy: its page shows everything
    mail.send(
        to=holder,
        template=f"insurance/mail/{template}.txt",
        locale=holder.locale,
        data={
            "name": holder.name,
            "zone": holder.zone,
            "ref": event.ref,
            "parcel": event.parcel_ref,
        }
        | data,
    )
