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


class CargoChangeUnknown(NotFound):
    """No such change for this person."""

    code = "cargo_change_unknown"
    message = N_("We can't find that change.")


class CargoChangeExpired(Conflict):
    """The price that was shown has run out."""

    code = "cargo_change_expired"
    message = N_("This price has expired. Nothing was changed. Get a new one.")


class CargoChangeOvertaken(Conflict):
    """The policy is no longer what it was when the price was shown."""

    code = "cargo_change_overtaken"
    message = N_("Your cover has changed since we showed you this. Nothing was done. Start again.")


class CargoOnItsWay(RuleBroken):
    """After departure nothing that is insured can be changed."""

    code = "cargo_on_its_way"
    message = N_("The shipment has left, so what's insured can't be changed anymore.")


class CargoNotInForce(RuleBroken):
    """The cover is over, or a claim was made under it."""

    code = "cargo_not_in_force"
    message = N_("This cover has ended or has a claim, so it can't be changed.")


class CargoClaimed(RuleBroken):
    """A claim was made under it, so its premium stays."""

    code = "cargo_claimed"
    message = N_("You reported a loss for this shipment, so it can't be withdrawn.")


class CargoHasLeft(RuleBroken):
    """A declared shipment has left, so its cover runs and its premium stays."""

    code = "cargo_has_left"
    message = N_("This shipment has left and is insured, so it can't be withdrawn.")


class CargoDeclared(RuleBroken):
    """It was declared: its premium came from the open cover's deposit, or is owed under it."""

    code = "cargo_declared"
    message = N_(
        "This shipment was declared under an open cover, so it can't be changed. Withdraw it"
        " before it leaves, then declare it again."
    )


class CargoUnchanged(RuleBroken):
    """What was asked for is what the policy says already."""

    code = "cargo_change_is_none"
    message = N_("That's what your cover says already. Change something first.")


class CargoChangeNotOffered(RuleBroken):
    """The gate does not let the changed shipment through."""

    code = "cargo_change_not_offered"
    message = N_("We can't insure the shipment with these details. Your cover stays as it is.")


class CargoNotCancelled(RuleBroken):
    """Nothing comes back: it has arrived, a claim was made, or more than 14 days are over."""

    code = "cargo_not_cancelled"
    message = N_(
        "This cover can't be cancelled anymore: more than 14 days are over, it has ended or it has"
        " a claim."
    )


class CargoDayImpossible(RuleBroken):
    """Nothing arrives before it leaves or tomorrow."""

    code = "cargo_day_impossible"
    message = N_("Enter a day between the departure and today.")


class CargoWalletMissing(RuleBroken):
    """Nothing to pay the premium from."""

    code = "cargo_wallet_missing"
    message = N_("You need a wallet in %(currency)s first. Adding money opens it.")


class CargoClausesUnopened(RuleBroken):
    """Nobody opened what the clauses cover, in the language of the page."""

    code = "cargo_clauses_unopened"
    message = N_("Open what the clauses cover first, then buy.")


class CargoNeedsMissing(RuleBroken):
    """Nobody said that this is what they want."""

    code = "cargo_needs_missing"
    message = N_("Please confirm that this is the cover you want.")
