"""What others may hear of policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from insurance.contracts.policies.rules import Side
from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class PolicyBound(Event):
    """A parcel is covered from its first scan on.

    Shape: side is whose loss, buyer or seller; is_added is whether it was bought by itself, for a
    parcel that is known already, instead of at the checkout of an order.
    """

    name: ClassVar[str] = "insurance.policy.bound.v1"
    policy_id: UUID
    number: str
    policyholder_id: UUID
    parcel_ref: str
    order_ref: str
    cover: str
    premium: Money
    side: str = Side.BUYER.value
    is_added: bool = False


@dataclass(frozen=True, kw_only=True)
class PolicyAttached(Event):
    """The carrier has the parcel; the insurer is on risk."""

    name: ClassVar[str] = "insurance.policy.attached.v1"
    policy_id: UUID
    number: str
    parcel_ref: str


@dataclass(frozen=True, kw_only=True)
class PolicyEnded(Event):
    """The cover is over. Shape: state is completed, cancelled, voided or exhausted."""

    name: ClassVar[str] = "insurance.policy.ended.v1"
    policy_id: UUID
    number: str
    parcel_ref: str
    state: str
    refund: Money


@dataclass(frozen=True, kw_only=True)
class GoodsGoneBack(Event):
    """A seller paid the buyer of a covered parcel back for goods that went back."""

    name: ClassVar[str] = "insurance.policy.goods_gone_back.v1"
    policy_id: UUID
    order_ref: str
    refunded: Money
