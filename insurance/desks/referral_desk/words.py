"""What the desk of referrals says: reasons of the gate, states, and what happened."""

from __future__ import annotations

from dataclasses import dataclass

from insurance.offers.quotes.queries import Mode
from insurance.offers.referrals.queries import ReferralKind, ReferralState
from insurance.rating.liability.queries import Interest
from insurance.rating.tariff.queries import Reason
from kernel.text import N_


@dataclass(frozen=True, slots=True)
class Status:
    """A state in words. Shape: kind is a tag's."""

    kind: str
    word: str


STATUS: dict[ReferralState, Status] = {
    ReferralState.ASKED: Status("wait", N_("Waiting")),
    ReferralState.QUOTED: Status("ok", N_("Price offered")),
    ReferralState.DECLINED: Status("bad", N_("Declined")),
    ReferralState.LAPSED: Status("info", N_("Not bought in time")),
}
KIND: dict[ReferralKind, str] = {
    ReferralKind.PARCEL: N_("Parcel"),
    ReferralKind.CARGO: N_("Cargo"),
}
# Why the gate asks for a person; what has no price in the tariff can only be declined.
REASON: dict[Reason, str] = {
    Reason.SI_OVER_AUTHORITY: N_("The sum insured is above what's sold without an underwriter."),
    Reason.ACCUMULATION: N_("Too much is insured on this ship, plane or truck already."),
    Reason.UPLIFT_OVER_LIMIT: N_("The share added to the CIF value is above the limit."),
    Reason.OVER_VALUE: N_("An item is declared well above the price it was listed for."),
    Reason.PERISHABLE: N_("The contents spoil."),
    Reason.LOSS_RATIO: N_("This account has claimed more than it paid."),
    Reason.LATE_ENTRY: N_("The shipment has left already."),
    Reason.WAR_VERY_HIGH: N_("The danger of war on this route has no price in the tariff."),
    Reason.ZONE: N_("This route has no price in the tariff."),
    Reason.SANCTIONED: N_("The route is sanctioned, so it can't be insured."),
    Reason.EXCLUDED_GOODS: N_("The contents are excluded, so they can't be insured."),
    Reason.UNTRACKED_SERVICE: N_("There's no tracking, so it can't be insured."),
    Reason.ALREADY_IN_TRANSIT: N_("The carrier already has it, so it can't be insured."),
    Reason.WAR_SEVERE: N_("There's war on this route, so it can't be insured against it."),
    Reason.COUNTRY_NOT_OFFERED: N_("Cover isn't sold where the customer lives."),
    Reason.CURRENCY_NOT_OFFERED: N_("Cover isn't sold in this currency today."),
}
WHOSE: dict[Interest, str] = {
    Interest.CONSUMER: N_("A consumer, from a shop"),
    Interest.BUSINESS: N_("A business, from a shop"),
    Interest.PRIVATE: N_("A buyer, from a private person"),
    Interest.SENDER: N_("The sender"),
}
MODE: dict[Mode, str] = {
    Mode.TRK: N_("Tracked parcel"),
    Mode.EXP: N_("Express"),
    Mode.POST: N_("Tracked letter or small packet"),
}
HAPPENED: dict[str, str] = {
    "asked": N_("The customer asked"),
    "proposed": N_("An offer above one underwriter's authority was proposed"),
    "sent_back": N_("The proposal was sent back"),
    "quoted": N_("A price was offered"),
    "declined": N_("Declined"),
    "bought": N_("The customer bought it"),
    "lapsed": N_("The price ran out"),
}
