"""Why an underwriter declines, in the words that its customer reads."""

from __future__ import annotations

from insurance.offers.referrals.rules import ReferralKind, ReferralState, Refused
from kernel.text import N_

# What was asked about, and where it stands, as its customer reads it.
KIND: dict[ReferralKind, str] = {
    ReferralKind.PARCEL: N_("Parcel"),
    ReferralKind.CARGO: N_("Cargo"),
}
STANDS: dict[ReferralState, str] = {
    ReferralState.ASKED: N_("Waiting"),
    ReferralState.QUOTED: N_("Price offered"),
    ReferralState.DECLINED: N_("Declined"),
    ReferralState.LAPSED: N_("Not bought in time"),
}
BOUGHT = N_("Bought")

REFUSED: dict[Refused, str] = {
    Refused.SUM: N_("It's worth more than the insurer takes on."),
    Refused.GOODS: N_("The insurer doesn't take on these items."),
    Refused.ROUTE: N_("The insurer doesn't take on this route."),
    Refused.VALUE: N_("The value couldn't be confirmed."),
    Refused.TIME: N_("There wasn't enough time to look before it leaves."),
    Refused.NO_PRICE: N_("The insurer's tariff has no price for this."),
    Refused.OTHER: N_("The underwriter declined it. Their reason stands below."),
    Refused.UNANSWERED: N_("Sorry, no one answered within one working day. Please ask again."),
}
