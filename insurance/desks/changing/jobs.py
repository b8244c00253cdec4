"""Letters about changes of policies: the durable record of each, for everybody it concerns."""

from __future__ import annotations

from uuid import UUID

from insurance.contracts.changes.events import CoverOffered, PolicyChanged
from insurance.contracts.policies import queries as policies
from kernel import mail
from kernel.events import on
from kernel.people.identity import queries as people


@on(PolicyChanged, "insurance.changing.confirm_change", queue="mail")
def confirm_change(event: PolicyChanged) -> None:
    """Confirm what was changed or ended; of a policy that was handed over, both are told."""
    policy = policies.policy(policy_id=event.policy_id)
    data = {
        "number": event.number,
        "kind": event.kind,
        "revision": policy.revision,
        "paid": event.paid.plain() if event.paid else None,
        "refund": event.refund.plain() if event.refund else None,
        "sum_insured": policy.sum_insured.plain(),
    }
    _write(event.holder_id, "changed", data | {"is_taker": False})
    if event.taker_id is not None:
        _write(event.taker_id, "changed", data | {"is_taker": True})


@on(CoverOffered, "insurance.changing.tell_taker", queue="mail")
def tell_taker(event: CoverOffered) -> None:
    """Tell somebody that a policy waits for their yes."""
    _write(event.taker_id, "offered", {"number": event.number, "ref": event.ref})


def _write(person_id: UUID, template: str, data: dict[str, object]) -> None:
    reader = people.person(person_id)
    if reader is None:
        return  # a company's policy: its page shows everything
    mail.send(
        to=reader,
        template=f"insurance/mail/{template}.txt",
        locale=reader.locale,
        data={"name": reader.name} | data,
    )
