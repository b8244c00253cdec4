"""What can go wrong with addresses of programs."""

from __future__ import annotations

from kernel.errors import Invalid, NotFound, RuleBroken
from kernel.text import N_


class EndpointUnknown(NotFound):
    """The person has no such address, or no such letter went there."""

    code = "endpoint_unknown"
    message = N_("We can't find this address.")


class AddressRefused(Invalid):
    """Letters go over https to hosts of the open network alone."""

    code = "endpoint_address_refused"
    message = N_("Use an https address that anyone on the internet can reach.")


class TooManyEndpoints(RuleBroken):
    """An account has as many addresses as it may."""

    code = "too_many_endpoints"
    message = N_("You have %(most)d addresses. Remove one you don't use.")
