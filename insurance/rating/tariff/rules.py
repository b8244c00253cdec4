"""The tariff's four questions: price, refund, change, loss; the gate answers before the price."""

from __future__ import annotations

from fractions import Fraction

from insurance.rating.tariff import changes, gate, losses, premium
from insurance.rating.tariff.facts import (
    Endorsement,
    Premium,
    Refund,
    Refusal,
    Risk,
    RiskPeriod,
)
from insurance.rating.tariff.tables import Tariff


def rate(*, risk: Risk, tariff: Tariff, euro_rate: Fraction | None) -> Premium | Refusal:
    """Return the price of a risk, or why there is none.

    Units: euro_rate in euro per unit of the risk's currency; limits of authority are in euro.
    Raises: ValueError when a limit has to be tested and there is no rate.
    """
    return gate.refusal(risk, tariff, euro_rate) or premium.price(risk, tariff)


def refund(*, policy: Risk, period: RiskPeriod, tariff: Tariff) -> Refund | Refusal:
    """Return what a cancellation or withdrawal gives back, or why nothing does."""
    hindrance = gate.hindrance(policy, tariff)
    if hindrance is not None:
        return hindrance
    return changes.refund(premium.price(policy, tariff), period, tariff)


def endorse(
    *, policy: Risk, changed: Risk, tariff: Tariff, euro_rate: Fraction | None
) -> Endorsement | Refusal:
    """Return the price of a change before attachment; the changed risk passes the gate anew."""
    hindrance = gate.hindrance(policy, tariff)
    if hindrance is not None:
        return hindrance
    new = rate(risk=changed, tariff=tariff, euro_rate=euro_rate)
    if isinstance(new, Refusal):
        return new
    old = premium.price(policy, tariff)
    return changes.endorsement(old=old, new=new, product=changed.product, tariff=tariff)


def settle(*, loss: losses.Loss, tariff: Tariff) -> losses.Settlement:
    """Return what a loss pays and to whom."""
    return losses.settle(loss, tariff)
