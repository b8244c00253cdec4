"""Forms and fields that hostile texts do not reach, each with its reason.

Who adds a form that people type into gives the past what shows it (`making.py`), and no line here.
A line that is not needed any more is a fault, too.
"""

from __future__ import annotations

from tests.sweeps.storing import Place

# Routes that no form leads to: machines send what they take, in words of their own.
NO_FORM: dict[str, str] = {
    "api_cover.accept": "programs send JSON; what it may hold is asked by the room's tests",
    "api_cover.appeal": "programs send JSON; what it may hold is asked by the room's tests",
    "api_cover.ask": "programs send JSON; what it may hold is asked by the room's tests",
    "api_cover.assign": "programs send JSON; what it may hold is asked by the room's tests",
    "api_cover.buy": "programs send JSON; what it may hold is asked by the room's tests",
    "api_cover.decline": "programs send JSON; what it may hold is asked by the room's tests",
    "api_cover.endorse": "programs send JSON; what it may hold is asked by the room's tests",
    "api_cover.keep_for_answer": "programs send photographs, as the pages of claims do",
    "api_cover.keep_for_notice": "programs send photographs, as the pages of claims do",
    "api_cover.notify": "programs send JSON; what it may hold is asked by the room's tests",
    "api_cover.say": "programs send JSON; what it may hold is asked by the room's tests",
    "api_trade.ask": "programs send JSON; what it may hold is asked by the room's tests",
    "api_trade.buy": "programs send JSON; what it may hold is asked by the room's tests",
    "api_trade.declare": "programs send JSON; what it may hold is asked by the room's tests",
    "api_cover.withdraw": "programs send JSON; what it may hold is asked by the room's tests",
    "api_reports.hear_breaches": "browsers send it; what they say stands in the log alone",
    "carrier_claims.send": "letters are sent as they fall due, before anybody looks at the page",
    "insurer.close": "a month has to be over, and the past was made within this one",
    "insurer.call": "claims money has to run low first, and that of the past lasts",
    "insurer.confirm_tax": "a month has to be settled first, and the past was made within this one",
    "insurer.prepare_tax": "a month has to be settled first, and the past was made within this one",
    "insurer.send_tax_back": "a period has to be prepared first; its room's tests show the reason",
    "insurer_people.join": "who was invited alone has the button, and their sessions end by it",
    "insurer.settle": "a month has to be closed first, and the past was made within this one",
    "webhooks.card_network": "the card network sends it, under its signature",
}

# Forms that stand on a page, and that take nothing.
CLOSED: dict[str, str] = {
    "account.add_passkey": "asks for a passkey; its name is stored by its room's tests",
    "account.confirm_app": "a code of the app; it counts and is not kept",
    "cargo.ask": "asks for choices that begin empty; its room's tests store and show its texts",
    "cargo_claims.notify": "asks for choices that begin empty; its room's tests show its texts",
    "cargo_claims.recommend": "asks for a choice that begins empty; its room's tests show it",
    "cargo_claims.survey": "takes sums that have to fit the loss; its room's tests show its texts",
    "cover.notify": "asks which pieces are missing, which begins empty; the draft takes its texts",
    "identity.finish": "a code of the app; it counts and is not kept",
    "late_credits.name": "an account that has to be one's own is read strictly",
    "late_credits.name_by_link": "an account that has to be one's own is read strictly",
    "late_refunds.found": "looks for an order and keeps nothing",
    "listings.create": "asks for a photograph; its texts are those of the forms that change goods",
    "open_cover_desk.sign": "takes terms that have to fit each other; its room's tests show them",
    "pay.read_code": "reads a code of a payment and keeps nothing",
    "shipments.ask": "asks for choices that begin empty; its room's tests store and show its texts",
    "tariffs.send_back": "the one proposal of the past is published by the form before it",
    "tariffs.write": "takes figures of a tariff, and no words",
}

# Fields that were taken and that nothing shows.
UNSEEN: dict[Place, str] = {
    ("carrier_claims.answer", "reason"): "is kept only where the carrier refused",
    ("open_cover.declare", "freight"): "a sum, shown within what is insured",
    ("tariffs.add_tax", "country"): "is read as the code of a country, and shown as such",
    ("guests.send", "ref"): "an order is looked for by it, and nothing is kept",
    ("guests.open_account", "username"): "is there for those who keep passwords, and is not read",
    ("addresses.change", "name_latin"): "is kept only beside a name in other letters",
    ("listings.change_customs", "hs_words"): "looks for codes and is not kept",
    ("listings.change_versions", "value"): "fills a column and is not kept itself",
    ("listings.fill_column", "price"): "the column that the form fills anew",
    ("listings.hang_pictures", "hung_place"): "puts pictures in order and is not kept",
}
