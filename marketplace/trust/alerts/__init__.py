"""Who wants to hear when sold-out goods are back."""

__all__ = ["errors", "queries", "service"]
