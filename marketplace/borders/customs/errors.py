"""Why a promise does not hold or a declaration cannot go on, in the field's words."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken, Upstream
from kernel.text import N_


class QuoteUnknown(NotFound):
    """No such stored quote."""

    code = "customs_quote_unknown"
    message = N_("We couldn't find that customs quote.")


class QuoteExpired(Conflict):
    """The guarantee has run out."""

    code = "customs_quote_expired"
    message = N_("The customs quote has expired. Please check the new one.")


class DeclarationUnknown(NotFound):
    """No such declaration for this person."""

    code = "declaration_unknown"
    message = N_("We couldn't find that customs declaration.")


class StepNotAllowed(RuleBroken):
    """The life cycle has no such step from here."""

    code = "declaration_step"
    message = N_("A declaration that is “%(state)s” can't become “%(wanted)s”.")


class AuthorityDown(Upstream):
    """The single window does not answer."""

    code = "authority_down"
    message = N_("Customs isn't responding right now. We'll try again.")
