"""When the claims office works, by which its promises are counted."""

__all__ = ["queries"]
