"""Who goes through the sweeps, and what each of them is there for."""

from __future__ import annotations

from tests.browser.people import (
    APPOINTED,
    BUYER,
    LISTED,
    NEWCOMER,
    OPERATOR,
    RIVAL,
    SHOPPER,
    TREASURER,
    UNDERWRITER,
    VENDOR,
)

# Camille, who has bought, sent, insured and closed; Haruka, who has things of her own.
OTHER_BUYER = "haruka@example.com"

# Somebody who buys without an account, and has nothing of the others'.
GUEST = "guest@example.com"

# Nobody signed in is the empty one. The company's founder applies, the listed customer only banks.
NOBODY = ""
BANK_CUSTOMER, APPLICANT = LISTED, NEWCOMER
EVERYBODY = (
    NOBODY,
    BUYER,
    OTHER_BUYER,
    VENDOR,
    RIVAL,
    OPERATOR,
    UNDERWRITER,
    BANK_CUSTOMER,
    APPLICANT,
    GUEST,
)

# Colleagues of those above: what they propose or sign, another one confirms.
OFFICER, CLAIMS_OFFICER = "officer@example.com", "claims@example.com"
# Somebody who lost the telephone with her app, and asked to do without.
FORGETFUL = "forgetful@example.com"
# The seller of lamps, who answers for one parcel in each of Camille's orders.
LAMP_SELLER = "owner@lysholm.example.com"
# They open the few pages that nobody else has, and ask for nothing of others.
BESIDE = (OFFICER, CLAIMS_OFFICER, FORGETFUL, LAMP_SELLER, SHOPPER, APPOINTED, TREASURER)
