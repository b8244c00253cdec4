"""The tariff's door for the other rooms: its questions, its facts, what the shop sells by."""

from insurance.rating.tariff.amounts import digits
from insurance.rating.tariff.changes import refund as refund_of
from insurance.rating.tariff.facts import (
    Basis,
    CargoValue,
    Decision,
    DelayRider,
    Item,
    Premium,
    Product,
    Rate,
    Reason,
    Refund,
    Refusal,
    Risk,
    RiskPeriod,
    Section,
    SectionPremium,
    War,
)
from insurance.rating.tariff.house import shop_tariff_on
from insurance.rating.tariff.losses import Delay, Loss, ParcelDamage, Payee, Settlement, TotalLoss
from insurance.rating.tariff.rules import rate, settle
from insurance.rating.tariff.tables import Tariff, Verdict, published

__all__ = [
    "Basis",
    "CargoValue",
    "Decision",
    "Delay",
    "DelayRider",
    "Item",
    "Loss",
    "ParcelDamage",
    "Payee",
    "Premium",
    "Product",
    "Rate",
    "Reason",
    "Refund",
    "Refusal",
    "Risk",
    "RiskPeriod",
    "Section",
    "SectionPremium",
    "Settlement",
    "Tariff",
    "TotalLoss",
    "Verdict",
    "War",
    "digits",
    "published",
    "rate",
    "refund_of",
    "settle",
    "shop_tariff_on",
]
