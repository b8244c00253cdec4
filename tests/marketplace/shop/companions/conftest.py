"""Rates, a shelf, and a browser in Germany, as the shop's pages have them."""

from tests.marketplace.shop.storefront.conftest import german, rates

__all__ = ["german", "rates"]
