"""What can go wrong with customers."""

from __future__ import annotations

from kernel.errors import NotFound
from kernel.text import N_


class CustomerUnknown(NotFound):
    """The bank knows no such customer."""

    code = "customer_unknown"
    message = N_("The bank doesn't know this customer.")
