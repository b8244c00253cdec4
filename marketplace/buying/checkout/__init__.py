"""From a cart to a paid order: address, delivery, cover, one review, one payment."""

__all__ = ["errors", "queries", "service"]
