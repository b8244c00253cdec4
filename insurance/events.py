"""What cover tells the floors above."""

from insurance.claims.events import ClaimApproved, ClaimOpened, ClaimPaid, ClaimRefused
from insurance.policies.events import PolicyAttached, PolicyBound, PolicyEnded

__all__ = [
    "ClaimApproved",
    "ClaimOpened",
    "ClaimPaid",
    "ClaimRefused",
    "PolicyAttached",
    "PolicyBound",
    "PolicyEnded",
]
