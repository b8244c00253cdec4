"""What cover tells the floors above."""

from insurance.contracts.policies.events import PolicyAttached, PolicyBound, PolicyEnded
from insurance.losses.claims.events import (
    ClaimApproved,
    ClaimOpened,
    ClaimPaid,
    ClaimRefused,
    LossConfirmed,
)
from insurance.losses.salvage.events import GoodsKept

__all__ = [
    "ClaimApproved",
    "ClaimOpened",
    "ClaimPaid",
    "ClaimRefused",
    "GoodsKept",
    "LossConfirmed",
    "PolicyAttached",
    "PolicyBound",
    "PolicyEnded",
]
