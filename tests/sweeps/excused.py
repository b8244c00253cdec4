"""Forms and fields that hostile texts do not reach, each with its reason.

Who adds a form that people type into gives the past what shows it (`making.py`), and no line here.
A line that is not needed any more is a fault, too.
"""

from __future__ import annotations

from tests.sweeps.storing import Place

_NO_TEXTS = "nothing is typed there: a button, choices or codes"
_LATER = "stands in a state that the past has passed or not come to; its room's tests store there"

_SENT = "officers read it once the application is sent, which asks for documents"

# Routes that no form of the past leads to.
NO_FORM: dict[str, str] = {
    "account.cancel_reset": _NO_TEXTS,
    "account.confirm_app": _NO_TEXTS,
    "account.remove_app": _NO_TEXTS,
    "account.write_letter": _NO_TEXTS,
    "alerts.wait_for": _NO_TEXTS,
    "api_reports.hear_breaches": "browsers send it; what they say stands in the log alone",
    "cart.put_back": _NO_TEXTS,
    "closing.close_account": _NO_TEXTS,
    "cover.appeal": _LATER,
    "cover.confirm": _LATER,
    "cover.keep_notice": _LATER,
    "cover.notify": _LATER,
    "cover.send_back": _LATER,
    "customers.send": _NO_TEXTS,
    "customers.send_company": _NO_TEXTS,
    "guard.thaw": _NO_TEXTS,
    "identity.finish": _NO_TEXTS,
    "losses.confirm_vendor": _LATER,
    "losses.propose": _LATER,
    "losses.propose_vendor": _LATER,
    "losses.send_vendor_back": _LATER,
    "officers.confirm": _LATER,
    "officers.open_document": _NO_TEXTS,
    "officers.send_back": _LATER,
    "operations.revive": _NO_TEXTS,
    "orders.cancel": _NO_TEXTS,
    "orders.received": _NO_TEXTS,
    "pay.pause": _NO_TEXTS,
    "pay.resume": _NO_TEXTS,
    "payout_desk.again": _NO_TEXTS,
    "payouts.pay_now": _NO_TEXTS,
    "questions.change": _LATER,
    "reconciliation.confirm": _LATER,
    "reconciliation.send_back": _LATER,
    "recoveries.close": _LATER,
    "returns.dispute": _LATER,
    "reviews.desk_look_again": _LATER,
    "reviews.object_to": _LATER,
    "safeguarding.book": _NO_TEXTS,
    "webhooks.card_network": "the card network sends it, under its signature",
}

# Forms that the past shows, and that take nothing.
CLOSED: dict[str, str] = {
    "account.add_passkey": "asks for a passkey; its name is stored by its room's tests",
    "late_credits.name": "an account that has to be one's own is read strictly",
    "late_credits.name_by_link": "an account that has to be one's own is read strictly",
    "late_refunds.found": "looks for an order and keeps nothing",
    "listings.create": "asks for a photograph; its texts are those of the forms that change goods",
    "pay.read_code": "reads a code of a payment and keeps nothing",
    "reconciliation.propose": "the difference is closed by reconciliation.explain, sent before it",
}

# Fields that were taken and that nothing shows.
UNSEEN: dict[Place, str] = {
    ("addresses.change", "name_latin"): "is kept only beside a name in other letters",
    ("customers.tell", "city"): _SENT,
    ("customers.tell", "name"): _SENT,
    ("customers.tell", "street"): _SENT,
    ("listings.change_customs", "hs_words"): "looks for codes and is not kept",
    ("listings.change_versions", "value"): "fills a column and is not kept itself",
    ("listings.fill_column", "price"): "the column that the form fills anew",
    ("listings.hang_pictures", "hung_alt"): "of a picture that these goods do not have",
    ("listings.hang_pictures", "hung_place"): "of a picture that these goods do not have",
    ("reviews.change", "alt"): "of a photograph that is kept as it was",
    ("reviews.write", "alt"): "of a photograph that does not come along",
}
