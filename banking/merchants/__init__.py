"""Merchants: money kept for orders, paid out to vendors, and told in statements."""
