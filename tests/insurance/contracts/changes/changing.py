"""What tests of changes do by hand: ask for other terms, confirm, read the policy again."""

from insurance.contracts.changes import service
from insurance.contracts.changes.service import Asked
from insurance.contracts.policies import queries as policies
from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.money import Money


def holder_of(policy) -> Actor:
    return Actor(person_id=policy.policyholder_id, roles=frozenset({Role.BUYER}))


def now(policy):
    with reading():
        return policies.policy(policy_id=policy.id)


def asked(policy, **wishes) -> Asked:
    """The terms of a policy as they are, but for what is wished otherwise."""
    value = wishes.pop("value", None)
    return Asked(
        **{
            "values": (Money.of(value, policy.currency),)
            if value
            else tuple(item.value for item in policy.items),
            "destination_country": policy.destination_country,
            "insured_name": policy.insured_name,
            "is_business": policy.parcel.is_business,
            "with_delay": policy.delay is not None,
        }
        | wishes
    )


def shown(policy, **wishes):
    return service.show_endorsement(
        policy_id=policy.id, asked=asked(policy, **wishes), actor=holder_of(policy)
    )


def shown_end(policy):
    return service.show_end(policy_id=policy.id, actor=holder_of(policy))


def confirmed(change, policy):
    return service.confirm(ref=change.ref, actor=holder_of(policy))
