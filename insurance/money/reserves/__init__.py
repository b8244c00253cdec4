"""What losses that nobody has reported yet will probably cost, month by month."""

__all__ = ["queries", "service"]
