"""What the books refuse."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class FloatShort(RuleBroken):
    """The insurer's claims money does not cover a payment; it is tried again once funded.

    Shape: available and needed are Money.
    """

    code = "insurer_float_short"
    message = N_("The insurer's claims money holds %(available)s, but %(needed)s is needed.")


class InsurerUnknown(NotFound):
    """No such insurer."""

    code = "insurer_unknown"
    message = N_("We can't find that insurer.")


class NothingBooked(NotFound):
    """Nothing was booked under this name."""

    code = "nothing_booked"
    message = N_("We can't find anything booked under that number.")
