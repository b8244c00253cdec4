"""What can go wrong with listings."""

from __future__ import annotations

from kernel.errors import NotFound
from kernel.text import N_


class NoSuchProduct(NotFound):
    """There is no such product, or it is not for this actor's eyes."""

    code = "no_such_product"
    message = N_("We do not have this product (any more).")


class NoSuchCategory(NotFound):
    """There is no such shelf."""

    code = "no_such_category"
    message = N_("There is no such shelf.")
