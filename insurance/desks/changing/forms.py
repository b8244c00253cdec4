"""Other terms and other holders, read strictly."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from insurance.contracts.changes.service import Asked
from insurance.contracts.policies.queries import PolicyView
from kernel.money import Money
from kernel.web.forms import Reader

# More than any parcel is insured for in any currency; the gate tells the rest.
_MOST = 10**12


def parse_terms(
    form: Mapping[str, str], policy: PolicyView, *, destinations: Collection[str]
) -> Asked:
    """Read what a policy is to say; an item has a field of its own. Raises: Invalid."""
    reader = Reader(form)
    values = tuple(
        reader.money(f"value_{place}", policy.currency, most=Money(_MOST, policy.currency))
        for place, _ in enumerate(policy.items, start=1)
    )
    destination = reader.choice("destination", destinations)
    kind = reader.choice("insured_as", ["person", "business"])
    name = reader.text("insured_name", most=120, optional=True)
    with_delay = reader.flag("delay")
    reader.done()
    return Asked(
        values=values,
        destination_country=destination,
        insured_name=name,
        is_business=kind == "business",
        with_delay=with_delay,
    )


def parse_taker(form: Mapping[str, str]) -> str:
    """Read the address of who is to hold the policy. Raises: Invalid."""
    reader = Reader(form)
    email = reader.email("email")
    reader.done()
    return email
