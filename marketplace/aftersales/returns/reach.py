"""What may go back of an order now, until when, and why not: one answer for pages and commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kernel.text import N_, Message
from kernel.web.formats import day_in, zone_of
from marketplace.aftersales.returns import rules
from marketplace.aftersales.returns.rules import Reason
from marketplace.buying.orders.queries import OrderState, VendorOrderView

_ON_ITS_WAY = {OrderState.DISPATCHED, OrderState.IN_TRANSIT, OrderState.CUSTOMS}
_WITH_BUYER = {OrderState.DELIVERED, OrderState.COMPLETED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What may go back of one order.

    Shape: free maps a line of the order to the pieces that are still with the buyer.
    """

    order: VendorOrderView
    free: Mapping[int, int]
    is_returning: bool
    is_claimed: bool
    now: datetime

    def last_day(self, reason: Reason) -> date | None:
        """Return the last day for a reason, None until the goods are delivered."""
        delivered = self.order.delivered_at
        if delivered is None:
            return None
        days = rules.days_for(reason, delivered.date())
        return rules.last_day(delivered, zone=zone_of(self.order.country), days=days)

    @property
    def may_withdraw(self) -> bool:
        """Whether the buyer may withdraw from the whole order now."""
        return self.refusal(Reason.CHANGED_MIND) is None

    @property
    def reasons(self) -> list[Reason]:
        """The reasons for which goods may be sent back now, which they can only once they came."""
        if self.order.state not in _WITH_BUYER:
            return []
        return [reason for reason in Reason if self.refusal(reason) is None]

    def refusal(self, reason: Reason) -> Message | None:
        """Return why goods may not go back for a reason, None when they may."""
        settled = self._settled()
        if settled is not None:
            return Message(settled)
        if reason is not Reason.CHANGED_MIND and self.order.state not in _WITH_BUYER:
            return Message(N_("You can return it once you have it."))
        if reason is Reason.ARRIVED_LATE and not self._was_late():
            return Message(N_("It arrived on time."))
        return self._too_late(reason)

    def _settled(self) -> str | None:
        if self.is_returning:
            return N_("A return of this parcel has already started.")
        if self.order.state not in _WITH_BUYER | _ON_ITS_WAY | {OrderState.PAID}:
            return N_("The money for this parcel is already settled.")
        if self.order.is_refused:
            return N_("Customs refused this parcel. You get your money back without a return.")
        if self.is_claimed:
            return N_("Your cover is dealing with this parcel, so you can't return it too.")
        if not any(self.free.values()):
            return N_("Everything in it has already been returned.")
        return None

    def _was_late(self) -> bool:
        arrived = self.order.delivered_at
        assert arrived is not None, "what is with its buyer was delivered"
        return day_in(self.order.country, arrived) > self.order.promised_on

    def _too_late(self, reason: Reason) -> Message | None:
        last, country = self.last_day(reason), self.order.country
        if last is None or self.now < rules.end_of(last, country=country, zone=zone_of(country)):
            return None
        if reason is Reason.CHANGED_MIND:
            return Message(
                N_("The time to withdraw from this contract ended on %(day)s."), {"day": last}
            )
        return Message(N_("The time to return it ended on %(day)s."), {"day": last})
