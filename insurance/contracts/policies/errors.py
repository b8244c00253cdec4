"""What a policy refuses, each with the name of its rule."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class PolicyUnknown(NotFound):
    """No such policy for this person."""

    code = "policy_unknown"
    message = N_("We can't find that policy.")


class ChoiceNotActive(RuleBroken):
    """Cover is never sold by a box that was ticked already."""

    code = "cover_choice_not_active"
    message = N_("We only add cover if you choose it.")


class ProductInformationMissing(RuleBroken):
    """The product information document was not opened or sent before."""

    code = "product_information_missing"
    message = N_("Please read the product information before you buy cover.")


class DemandsMissing(RuleBroken):
    """No statement of demands and needs is on record."""

    code = "demands_and_needs_missing"
    message = N_("Please tell us what you need the cover for.")


class ParcelAlreadyCovered(RuleBroken):
    """One parcel, one policy: the same loss is not insured twice here."""

    code = "parcel_already_covered"
    message = N_("This parcel already has cover.")


class BindKeyReused(Conflict):
    """The key bound another policy."""

    code = "bind_key_reused"
    message = N_("This request was already sent with different details. Nothing was bought.")


class TransitionRefused(RuleBroken):
    """The policy is not in a state that allows this."""

    code = "policy_transition_refused"
    message = N_("The policy has moved on, so this is no longer possible.")


class CancellationRefused(RuleBroken):
    """Nothing can be given back.

    Shape: reason is the tariff's code: DELIVERED, CLAIM_NOTIFIED or PERIOD_OVER.
    """

    code = "cover_cancellation_refused"
    message = N_("This cover can no longer be cancelled.")


class RefundChanged(Conflict):
    """The refund shown is no longer the refund due; look again before you decide."""

    code = "cover_refund_changed"
    message = N_("The refund has changed to %(refund)s since you opened the page.")
