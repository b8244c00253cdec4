"""What can go wrong on a product page."""

from __future__ import annotations

from kernel.errors import NotFound
from kernel.text import N_


class ProductGone(NotFound):
    """There is no such product on any shelf."""

    code = "product_gone"
    message = N_("We don't have this product (any more).")
