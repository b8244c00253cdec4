"""What calls for claims money refuse."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class FloatLasts(RuleBroken):
    """The claims money lasts, so nobody is asked for more."""

    code = "float_lasts"
    message = N_("This claims money lasts, so there's nothing to ask for.")


class FloatCalled(RuleBroken):
    """The insurer was asked and has not paid yet."""

    code = "float_called"
    message = N_("The insurer was asked by letter %(ref)s and hasn't paid all of it yet.")


class FloatCallPaid(RuleBroken):
    """The letter was paid whole, so nothing is left to answer."""

    code = "float_call_paid"
    message = N_("This letter is paid in full, so there's nothing left to answer.")


class FloatCallUnknown(NotFound):
    """No such letter."""

    code = "float_call_unknown"
    message = N_("We can't find that letter.")
