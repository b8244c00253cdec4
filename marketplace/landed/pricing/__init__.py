"""What a price is in the buyer's currency, and where that figure comes from."""

__all__ = ["errors", "queries"]
