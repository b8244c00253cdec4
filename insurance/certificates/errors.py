"""What is wrong with a seal, and what is not there yet."""

from __future__ import annotations

from kernel.errors import Invalid, RuleBroken
from kernel.text import N_


class SealUnreadable(Invalid):
    """The text is no seal."""

    code = "seal_unreadable"
    message = N_("This is not a seal of a certificate.")


class CertificateInTheMaking(RuleBroken):
    """The certificate of this policy is being written; it takes seconds."""

    code = "certificate_in_the_making"
    message = N_("The certificate of cover %(number)s is being made. Try again in a moment.")
