"""How a shipment, its cover and the gate's reasons are said."""

from __future__ import annotations

from insurance.rating.tariff.queries import Basis, War
from insurance.trade.cargo.rules import CargoState
from insurance.trade.clauses.queries import ClauseSet
from kernel.text import N_

MODES: dict[str, str] = {
    "FCL": N_("By sea, a full container"),
    "LCL": N_("By sea, in a shared container"),
    "AIR": N_("By air"),
    "ROAD": N_("By road"),
    "RAIL": N_("By rail"),
}
# What proves that the carrier has it, by how it travels.
DOCUMENTS: dict[str, str] = {
    "FCL": N_("Bill of lading"),
    "LCL": N_("Bill of lading"),
    "AIR": N_("Air waybill"),
    "ROAD": N_("Consignment note"),
    "RAIL": N_("Consignment note"),
}
BASES: dict[Basis, str] = {
    Basis.CIF: N_("CIF or CIP: with delivery and insurance"),
    Basis.CFR: N_("CFR or CPT: with delivery, without insurance"),
    Basis.FOB: N_("FOB or FCA: without delivery and insurance"),
}
CLAUSES: dict[ClauseSet, str] = {
    ClauseSet.ICC_A: N_("ICC (A): all risks except those named"),
    ClauseSet.ICC_B: N_("ICC (B): named risks, with seawater and earthquake"),
    ClauseSet.ICC_C: N_("ICC (C): named big accidents"),
    ClauseSet.ALL_RISKS: N_("PICC All Risks: all external causes"),
    ClauseSet.WPA: N_("PICC WPA: accidents and natural disasters"),
    ClauseSet.FPA: N_("PICC FPA: accidents, and total loss by natural disasters"),
}
STATES: dict[CargoState, str] = {
    CargoState.BOUND: N_("Insured, not on its way yet"),
    CargoState.ATTACHED: N_("On its way"),
    CargoState.COMPLETED: N_("Ended"),
    CargoState.CANCELLED: N_("Cancelled"),
    CargoState.EXHAUSTED: N_("Paid as a total loss"),
}
ADDITIONAL: dict[str, str] = {
    "TPND": N_("Theft, pilferage and non-delivery"),
    "FWRD": N_("Rain and other fresh water"),
    "BREAKAGE": N_("Breakage by rough handling"),
}
WARS: dict[War, str] = {
    War.NONE: N_("Neither"),
    War.STRIKES: N_("Strikes only"),
    War.WAR_STRIKES: N_("War and strikes"),
}
DEDUCTIBLES: dict[str, str] = {
    "0.5": N_("Half a percent of the sum insured"),
    "1": N_("1 percent of the sum insured"),
    "3": N_("3 percent of the sum insured"),
    "IOP": N_("None (irrespective of percentage, IOP)"),
}
# Why the gate gives no price, and what may help.
REASONS: dict[str, str] = {
    "EXCLUDED_GOODS": N_("We don't insure this kind of cargo."),
    "WAR_SEVERE": N_("There's war on this route, so we don't sell war cover for it."),
    "COUNTRY_NOT_OFFERED": N_("We don't sell cover to businesses in this country yet."),
    "SI_OVER_AUTHORITY": N_(
        "The sum insured is above what we sell without an underwriter. Split the shipment, or"
        " contact us."
    ),
    "ACCUMULATION": N_(
        "Too much is insured on this ship, plane or truck already. Choose another departure."
    ),
    "UPLIFT_OVER_LIMIT": N_("The share above CIF is too high."),
    "PERISHABLE": N_("An underwriter has to look at perishable cargo first."),
    "WAR_VERY_HIGH": N_("The danger of war on this route is too high to price. Try without it."),
    "LATE_ENTRY": N_("The shipment has left already. Insure it before it leaves."),
    "ZONE": N_("We don't have a price for this route yet."),
    "CURRENCY_NOT_OFFERED": N_("We can't insure in this currency today."),
}
