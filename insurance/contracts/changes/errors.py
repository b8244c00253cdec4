"""Why a policy is not changed."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class ChangeUnknown(NotFound):
    """No such change for this person."""

    code = "cover_change_unknown"
    message = N_("We can't find that change.")


class ChangeExpired(Conflict):
    """The price that was shown has run out."""

    code = "cover_change_expired"
    message = N_("This price has expired. Nothing was changed. Get a new one.")


class ChangeOvertaken(Conflict):
    """The policy is no longer what it was when the price was shown: another change was faster."""

    code = "cover_change_overtaken"
    message = N_("Your cover has changed since we showed you this. Nothing was done. Start again.")


class ChangeSettled(Conflict):
    """The change was declined, or another end was made of it."""

    code = "cover_change_settled"
    message = N_("This change is closed. Nothing was done.")


class TooLateToChange(RuleBroken):
    """The carrier has the parcel, or the cover is over."""

    code = "cover_change_too_late"
    message = N_("The carrier has the parcel, so what's covered can't be changed anymore.")


class NotInForce(RuleBroken):
    """Nothing is left that could be handed over."""

    code = "cover_not_in_force"
    message = N_("This cover has ended, so it can't be handed over.")


class ClaimIsOpen(RuleBroken):
    """Whoever was harmed holds the policy until the claim is decided."""

    code = "cover_claim_open"
    message = N_("A claim has been opened under this cover, so it can't be handed over.")


class NothingToChange(RuleBroken):
    """What was asked for is what the policy says already."""

    code = "cover_change_is_none"
    message = N_("That's what your cover says already. Change something first.")


class ValueTooHigh(RuleBroken):
    """An item is declared far above its price."""

    code = "cover_change_over_value"
    message = N_("That's far more than you paid for the item. Enter a value closer to its price.")


class SumTooHigh(RuleBroken):
    """The sum insured is more than is sold without an officer."""

    code = "cover_change_over_authority"
    message = N_("That's more than we can insure online. Your cover stays as it is.")


class NotInsurable(RuleBroken):
    """The gate does not let the changed parcel through. Shape: reason is its code."""

    code = "cover_change_not_offered"
    message = N_("We can't insure the parcel with these details. Your cover stays as it is.")


class OwnPolicy(RuleBroken):
    """Nobody hands a policy over to themselves."""

    code = "cover_handed_to_oneself"
    message = N_("You already hold this cover. Enter someone else's email.")


class WalletMissing(RuleBroken):
    """A wallet in the policy's currency is needed first."""

    code = "cover_wallet_missing"
    message = N_("You need a wallet in %(currency)s first. Adding money opens it.")
