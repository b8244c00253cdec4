"""A policy as it is shown: what it states, what it cost, how far its life has gone."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from insurance.contracts.policies import rules
from insurance.contracts.policies.models import Policy
from insurance.contracts.policies.rules import Payer, PolicyState, Side
from insurance.money.books import service as books
from insurance.money.books.service import Split
from insurance.offers.quotes.queries import (
    Cover,
    InsuredItem,
    ParcelRisk,
    damage_share_of,
    parcel_from,
)
from insurance.rating.liability import queries as liability
from insurance.rating.liability.queries import Cause
from insurance.rating.tariff.queries import Section
from kernel import clock
from kernel.money import Money
from kernel.web.formats import day_in


@dataclass(frozen=True, slots=True, kw_only=True)
class PremiumPart:
    """Price of one section. Units: tax_pct in per cent as a decimal string."""

    section: Section
    net: Money
    tax: Money
    tax_pct: str
    commission: Money

    @property
    def tax_share(self) -> Fraction:
        """The tax rate as a share of one."""
        return Fraction(self.tax_pct) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayTerms:
    """The rider of a policy. Units: calendar days after the promise."""

    trigger_days: int
    benefit: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """A policy with its price and its life so far.

    Shape: perils are the causes that it pays for, a delay by its own section beside them; locale is
    the contract's language; side is whose loss it insures; payer who pays for it; wallet_id is of
    whoever paid, a wallet or a card's payment; refund_wallet_id is the wallet that its holder
    prefers for what comes back.
    insured_name is empty while the holder is the insured; assignor_id is who handed it over;
    conditions are the version of the product information that it was concluded on.
    """

    id: UUID
    number: str
    insurer_key: str
    insurer: str
    insurer_seat: str
    insurer_licence: str
    policyholder_id: UUID
    wallet_id: UUID
    refund_wallet_id: UUID | None
    parcel_ref: str
    side: Side
    payer: Payer
    order_ref: str
    cover: Cover
    perils: tuple[Cause, ...]
    goods: str
    currency: str
    sum_insured: Money
    gone_back: Money
    deductible: Money
    parts: tuple[PremiumPart, ...]
    delay: DelayTerms | None
    parcel: ParcelRisk
    insured_name: str
    planned_days: int
    tariff_version: str
    state: PolicyState
    revision: int
    revised_at: datetime | None
    assignor_id: UUID | None
    is_claim_notified: bool
    bound_at: datetime
    attached_at: datetime | None
    delivered_at: datetime | None
    ended_at: datetime | None
    needs: tuple[str, ...]
    conditions: str
    locale: str

    @property
    def vendor_id(self) -> UUID | None:
        """Who pays out of what sales bring, and gets back what comes back; None for a holder."""
        return self.policyholder_id if self.payer is Payer.VENDOR else None

    @property
    def stated_at(self) -> datetime:
        """Since when the policy says what it says: its last change, else its conclusion."""
        return self.revised_at or self.bound_at

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether the parcel was not bought here: a shipment stands where others have an order."""
        return self.order_ref.startswith("H-")

    @property
    def ends_with_order(self) -> bool:
        """Whether its order settles what the carrier lost and the cover does not pay for."""
        return self.side is Side.BUYER and not self.is_from_elsewhere

    @property
    def is_promised_ahead(self) -> bool:
        """Whether the carrier's promised day is known and to come where the parcel goes."""
        promised_on = self.parcel.promised_on
        today = day_in(self.destination_country, clock.now())
        return promised_on is not None and promised_on >= today

    @property
    def items(self) -> tuple[InsuredItem, ...]:
        """What is in the parcel."""
        return self.parcel.items

    @property
    def origin_country(self) -> str:
        """Where the parcel starts."""
        return self.parcel.origin_country

    @property
    def destination_country(self) -> str:
        """Where the parcel goes."""
        return self.parcel.destination_country

    @property
    def policyholder_country(self) -> str:
        """Where premium tax is due."""
        return self.parcel.policyholder_country

    @property
    def net(self) -> Money:
        """The premium without tax."""
        return sum((part.net for part in self.parts), Money.zero(self.currency))

    @property
    def tax(self) -> Money:
        """The premium tax."""
        return sum((part.tax for part in self.parts), Money.zero(self.currency))

    @property
    def commission(self) -> Money:
        """The agent's commission inside the premium."""
        return sum((part.commission for part in self.parts), Money.zero(self.currency))

    @property
    def total(self) -> Money:
        """What was paid."""
        return self.net + self.tax

    @property
    def damage_share_bp(self) -> int:
        """What the holder bears of a breakage, by the tariff that it was sold under.

        Units: basis points of the sum insured, 0 for nothing.
        """
        return round(
            damage_share_of(goods=self.goods, cover=self.cover, version=self.tariff_version) * 100
        )

    @property
    def still_insured(self) -> Money:
        """The most that damage can still bring: goods that were paid back are not lost."""
        return max(self.sum_insured - self.gone_back, Money.zero(self.currency))

    @property
    def is_in_force(self) -> bool:
        """Whether the cover stands: bound or on risk."""
        return self.state in {PolicyState.BOUND, PolicyState.ATTACHED}

    @property
    def standing(self) -> str:
        """What a price that was shown rests on: whoever executes it finds the same, or refuses."""
        risk = "on risk" if self.attached_at else "not on risk"
        claim = "claimed" if self.is_claim_notified else "unclaimed"
        return f"{self.revision}, {self.state}, {risk}, {claim}, {self.gone_back}"

    @property
    def split(self) -> Split:
        """Who owns which part of the premium."""
        return Split(
            net=self.net,
            commission=self.commission,
            tax=self.tax,
            country=self.policyholder_country,
        )

    def covers(self, loss_at: datetime) -> bool:
        """Whether a loss lies inside the time on risk."""
        return rules.covers(attached_at=self.attached_at, ended_at=self.ended_at, loss_at=loss_at)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of what the certificate states, so that a copy can be compared.

        Causes are stated where they are others than those of the level, and what only a change can
        make of a policy from its second revision on, so certificates of before keep theirs.
        """
        stated = [
            self.number,
            self.revision,
            self.insurer_key,
            self.cover,
            str(self.sum_insured),
            self.origin_country,
            self.destination_country,
            self.parcel_ref,
            self.bound_at.isoformat(),
        ]
        if set(self.perils) != set(_causes_of(self.cover, self.bound_at)):
            stated.append(sorted(self.perils))
        if self.revision > 1:
            benefit = str(self.delay.benefit) if self.delay else ""
            stated.extend([self.insured_name, self.parcel.is_business, benefit])
        return hashlib.sha256(json.dumps(stated).encode()).hexdigest()


def view(row: Policy) -> PolicyView:
    """Return a row as a view."""
    carrier = books.insurer(row.insurer_key)
    return PolicyView(
        id=row.id,
        number=row.number,
        insurer_key=row.insurer_key,
        insurer=carrier.name,
        insurer_seat=carrier.seat,
        insurer_licence=carrier.licence,
        policyholder_id=row.policyholder_id,
        wallet_id=row.wallet_id,
        refund_wallet_id=row.refund_wallet_id,
        parcel_ref=row.parcel_ref,
        side=Side(row.side),
        payer=Payer(row.payer),
        order_ref=row.order_ref,
        cover=Cover(row.cover),
        perils=_perils(row),
        goods=row.goods,
        currency=row.currency,
        sum_insured=Money(row.sum_insured, row.currency),
        gone_back=Money(row.gone_back, row.currency),
        deductible=Money(row.deductible, row.currency),
        parts=_parts(row),
        delay=_delay(row),
        parcel=parcel_from(row.risk),
        insured_name=row.insured_name or "",
        planned_days=row.planned_days,
        tariff_version=row.tariff_version,
        state=PolicyState(row.state),
        revision=row.revision,
        revised_at=row.revised_at,
        assignor_id=row.assignor_id,
        is_claim_notified=row.is_claim_notified,
        bound_at=row.bound_at,
        attached_at=row.attached_at,
        delivered_at=row.delivered_at,
        ended_at=row.ended_at,
        needs=tuple(row.demands["needs"]),
        conditions=row.demands["product_information"],
        locale=row.demands["locale"],
    )


def _parts(row: Policy) -> tuple[PremiumPart, ...]:
    return tuple(
        PremiumPart(
            section=section,
            net=Money(row.sections[section]["net"], row.currency),
            tax=Money(row.sections[section]["tax"], row.currency),
            tax_pct=row.sections[section]["tax_pct"],
            commission=Money(row.sections[section]["commission"], row.currency),
        )
        for section in Section
        if section in row.sections
    )


def _perils(row: Policy) -> tuple[Cause, ...]:
    if row.perils is None:
        return _causes_of(row.cover, row.bound_at)
    return tuple(Cause(peril) for peril in row.perils)


def _causes_of(cover: str, bound_at: datetime) -> tuple[Cause, ...]:
    return liability.level_causes(level=cover, on=bound_at.date())


def _delay(row: Policy) -> DelayTerms | None:
    if row.delay is None:
        return None
    return DelayTerms(
        trigger_days=row.delay["trigger_days"], benefit=Money(row.delay["benefit"], row.currency)
    )
