"""What claims cost against earned premium: by product, lane, carrier and month, to each policy."""

__all__ = ["queries", "shops"]
