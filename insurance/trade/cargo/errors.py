"""Why a shipment is not insured."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class CargoUnknown(NotFound):
    """No such price or policy for this person."""

    code = "cargo_unknown"
    message = N_("We can't find that cargo cover.")


class CargoQuoteExpired(Conflict):
    """The price has run out."""

    code = "cargo_quote_expired"
    message = N_("This price has expired. Nothing was charged. Get a new one.")


class CargoNotOffered(RuleBroken):
    """The gate says no, or has come to say no since."""

    code = "cargo_not_offered"
    message = N_("We can't sell this cover now. Nothing was charged. Get a new price to see why.")


class CargoDeparted(RuleBroken):
    """The shipment has left since its price was shown."""

    code = "cargo_departed"
    message = N_("The shipment has already left. Nothing was charged.")


class CargoWalletMissing(RuleBroken):
    """Nothing to pay the premium from."""

    code = "cargo_wallet_missing"
    message = N_("You need a wallet in %(currency)s first. Adding money opens it.")


class CargoNeedsMissing(RuleBroken):
    """Nobody said that this is what they want."""

    code = "cargo_needs_missing"
    message = N_("Please confirm that this is the cover you want.")
