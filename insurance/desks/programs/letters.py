"""What webhooks are told of parcels' cover: each kind of letter, when it comes, and its data."""

from __future__ import annotations

from typing import Final

from insurance.contracts.changes.queries import Kind as ChangeKind
from insurance.contracts.policies.queries import PolicyState
from insurance.desks.programs.answered import MONEY
from insurance.losses.claims.queries import Cause, ClaimState
from kernel.web.described import (
    FLAG,
    INSTANT,
    TEXT,
    WHOLE,
    Letter,
    Schema,
    add_letters,
    add_schemas,
    always,
    answer,
    one_of,
)

_POLICY: Final[dict[str, Schema]] = {
    "object": always("policy"),
    "id": TEXT,
    "status": one_of(list(PolicyState)),
    "revision": WHOLE,
}
_CLAIM: Final[dict[str, Schema]] = {
    "object": always("claim"),
    "id": TEXT,
    "policy": TEXT,
    "cause": one_of(list(Cause)),
    "status": one_of(list(ClaimState)),
}
_CHANGE: Final[dict[str, Schema]] = {
    "change": TEXT,
    "change_kind": one_of(list(ChangeKind)),
    "paid": MONEY,
    "refund": MONEY,
}
# Who held a policy until it was handed over learns no more of it than that.
_GIVEN: Final = answer(object=always("policy"), id=TEXT, **_CHANGE)

add_schemas(
    {
        "PolicyBound": answer(**_POLICY, premium=MONEY),
        "PolicyTold": answer(**_POLICY),
        "PolicyChanged": {"anyOf": [answer(**_POLICY, **_CHANGE), _GIVEN]},
        "PolicyEnded": answer(**_POLICY, refund=MONEY),
        "ClaimTold": answer(**_CLAIM),
        "ClaimQuestioned": answer(**_CLAIM, answer_by=INSTANT, is_reminder=FLAG),
        "ClaimApproved": answer(**_CLAIM, payable=MONEY),
        "ClaimPaid": answer(**_CLAIM, paid=MONEY),
        "ClaimRefused": answer(**_CLAIM, reason=TEXT),
    }
)
add_letters(
    {
        "policy.bound": Letter(when="Cover was bought.", data="PolicyBound"),
        "policy.attached": Letter(when="The carrier has the parcel.", data="PolicyTold"),
        "policy.changed": Letter(
            when="Cover was endorsed, ended or handed over.", data="PolicyChanged"
        ),
        "policy.ended": Letter(when="Cover is over.", data="PolicyEnded"),
        "claim.opened": Letter(when="A loss was reported or noticed.", data="ClaimTold"),
        "claim.questioned": Letter(when="Officers need an answer.", data="ClaimQuestioned"),
        "claim.approved": Letter(when="A claim will be paid.", data="ClaimApproved"),
        "claim.paid": Letter(when="A claim's money is in a wallet.", data="ClaimPaid"),
        "claim.refused": Letter(when="A claim ended without payment.", data="ClaimRefused"),
    }
)
