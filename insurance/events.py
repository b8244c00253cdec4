"""What cover tells the floors above."""

from insurance.claims.events import ClaimApproved, ClaimOpened, ClaimPaid, ClaimRefused
from insurance.policies.events import PolicyAttached, PolicyBound, PolicyEnded
from insurance.salvage.events import GoodsKept

__all__ = [
    "ClaimApproved",
    "ClaimOpened",
    "ClaimPaid",
    "ClaimRefused",
    "GoodsKept",
    "PolicyAttached",
    "PolicyBound",
    "PolicyEnded",
]
