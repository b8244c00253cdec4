"""Who goes through the sweeps, and what each of them is there for."""

from __future__ import annotations

from tests.browser.people import BUYER, LISTED, NEWCOMER, OPERATOR, RIVAL, UNDERWRITER, VENDOR

# Camille, who has bought, sent, insured and closed; Haruka, who has things of her own.
OTHER_BUYER = "haruka@example.com"

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
)
