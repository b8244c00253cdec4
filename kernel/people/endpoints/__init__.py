"""Where programs of people want to hear of what happens: signed letters to addresses of theirs."""

__all__ = ["errors", "queries", "service"]
