"""How open covers, their history and the columns of their files are said."""

from __future__ import annotations

from insurance.trade.open_cover.rules import Source, State
from kernel.text import N_

# A sign and a word for each state.
STATES: dict[State, tuple[str, str]] = {
    State.DRAFT: ("wait", N_("Not accepted yet")),
    State.ACTIVE: ("ok", N_("Active")),
    State.SUSPENDED: ("warn", N_("Suspended")),
    State.ENDED: ("info", N_("Ended")),
}
SOURCES: dict[Source, str] = {
    Source.FORM: N_("Form"),
    Source.FILE: N_("File"),
    Source.ORDER: N_("Order"),
    Source.SALE: N_("Sale"),
    Source.API: N_("API"),
}
HISTORY: dict[str, str] = {
    "asked": N_("Terms were asked for."),
    "offered": N_("An underwriter signed terms."),
    "declined": N_("An underwriter declined: %(reason)s"),
    "accepted": N_("The terms were accepted and the deposit of %(deposit)s was paid."),
    "near": N_("%(used)s of the limit of %(limit)s is used: %(where)s"),
    "orders_on": N_("Orders for your business are declared automatically from %(least)s on."),
    "orders_off": N_("Orders are no longer declared automatically."),
    "sales_on": N_("Your shop's parcels are declared automatically from %(least)s on."),
    "sales_off": N_("Your shop's parcels are no longer declared automatically."),
    "sale_refused": N_("Your shop's parcel of order %(reference)s wasn't declared. %(why)s"),
    "order_refused": N_("Order %(reference)s wasn't declared. %(why)s"),
    "withdrawn": N_(
        "Shipment %(reference)s, certificate %(number)s, was withdrawn: %(deposit)s back into the"
        " deposit, %(off)s off what was owed."
    ),
    "suspended": N_("%(overdue)s of premium was overdue, so the cover was suspended."),
    "resumed": N_("Nothing is overdue any more, so the cover is active again."),
    "notice": N_("Notice was given. The cover's last day is %(last)s."),
    "war_notice": N_("Notice was given for war cover. Its last day is %(last)s."),
    "bordereau": N_("The bordereau of %(month)s is ready."),
    "ending": N_("The year ends on %(last)s."),
    "ended": N_("The cover ended."),
    "turnover": N_("%(turnover)s was given as the value shipped in the year."),
    "adjusted": N_(
        "The year was adjusted to a turnover of %(turnover)s: %(charge)s more premium, %(back)s of"
        " the deposit back."
    ),
}
MOVES: dict[str, str] = {
    "deposited": N_("Deposit"),
    "declared": N_("Premium of a shipment"),
    "withdrawn": N_("Premium of a withdrawn shipment"),
    "paid": N_("Paid"),
    "adjusted": N_("Adjustment"),
    "returned": N_("Rest of the deposit"),
}
COLUMNS: dict[str, str] = {
    "reference": N_("Your reference"),
    "goods": N_("Cargo"),
    "hs_code": N_("HS code"),
    "marks": N_("Marks and packages"),
    "incoterm": N_("Incoterm 2020"),
    "basis": N_("What your price includes"),
    "value": N_("Invoice value"),
    "freight": N_("Delivery cost"),
    "origin_country": N_("Country it leaves"),
    "origin": N_("From the warehouse in"),
    "destination_country": N_("Country it goes to"),
    "destination": N_("To the warehouse in"),
    "mode": N_("How it travels"),
    "conveyance": N_("Ship, flight or truck"),
    "document": N_("B/L, AWB or consignment note"),
    "departs_on": N_("Day it leaves"),
    "is_honest": N_("Left out by an honest mistake"),
}
