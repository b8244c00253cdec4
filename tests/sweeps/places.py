"""Pages whose forms stand nowhere else: what was made for the sweeps, and lists in other views."""

from __future__ import annotations

from tests.browser.pages import Visit
from tests.sweeps.people import (
    APPLICANT,
    APPOINTED,
    BUYER,
    FORGETFUL,
    OPERATOR,
    OTHER_BUYER,
    RIVAL,
    SHOPPER,
    UNDERWRITER,
    VENDOR,
)

# Who opens it and its address without a language, as the browsers' own list has them.
PLACES: list[Visit] = [
    (BUYER, "/orders/{come}"),
    (BUYER, "/orders/{unsent}"),
    (BUYER, "/returns/{refused_return}"),
    (BUYER, "/account/reviews/{removed_review}"),
    (BUYER, "/cover/policies/{noticed}"),
    (BUYER, "/cover/claims/{refused_claim}"),
    (BUYER, "/cover/claims/{questioned_claim}"),
    (BUYER, "/cover/claims/{silent_claim}"),
    (BUYER, "/bank/standing/{running_order}"),
    (BUYER, "/bank/standing/{resting_order}"),
    (OTHER_BUYER, "/cart/"),
    (OTHER_BUYER, "/p/{sold_out}/"),
    (VENDOR, "/desk/orders?view=under-way"),
    (VENDOR, "/desk/orders?view=all"),
    (VENDOR, "/desk/questions/?view=answered"),
    (RIVAL, "/bank/payouts/"),
    (APPLICANT, "/bank/verify/company?account={company}"),
    (SHOPPER, "/account/security/app"),
    (SHOPPER, "/bank/close/"),
    (APPOINTED, "/account/security/work"),
    (BUYER, "/guest/{guest_link}"),
    (FORGETFUL, "/account/security"),
    (FORGETFUL, "/bank/safety"),
    (FORGETFUL, "/bank/verify"),
    (UNDERWRITER, "/cover/desk/{proposed_claim}"),
    (UNDERWRITER, "/cover/desk/{questioned_claim}"),
    (UNDERWRITER, "/cover/desk/{waiting_claim}"),
    (UNDERWRITER, "/cover/recoveries/{left_goods}"),
    (OPERATOR, "/moderation/reviews/{objected_review}"),
    (OPERATOR, "/bank/officers/{proposed_dossier}"),
    (OPERATOR, "/bank/books/reconciliation/{proposed_difference}"),
    (OPERATOR, "/bank/books/reconciliation/{other_difference}"),
    (OPERATOR, "/bank/books/safeguarding/top-ups/{signed_top_up}"),
    (OPERATOR, "/bank/books/losses/{other_dispute}"),
    (OPERATOR, "/bank/books/losses/vendors/{debtor}/chf"),
    (OPERATOR, "/bank/books/losses/vendors/{debtor}/gbp"),
    (OPERATOR, "/bank/books/payouts/?view=came-back"),
    (OPERATOR, "/operations/machinery"),
]
