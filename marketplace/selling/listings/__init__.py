"""The pages on which vendors list, price and stock their goods."""

__all__ = ["queries", "service"]
