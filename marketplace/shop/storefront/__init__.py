"""The shop's public pages: home, shelves, search, products, vendors."""

__all__ = ["errors", "product_cards", "queries"]
