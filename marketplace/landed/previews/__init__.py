"""What goods would cost at the door, for pages: nothing is promised and nothing is written."""

__all__ = ["queries"]
