"""What a customer sees of limits and of getting known."""

__all__ = ["queries", "service"]
