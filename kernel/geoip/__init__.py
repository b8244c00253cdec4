"""Where a network is, as far as it is known: sign-ins show it to their person."""

__all__ = ["queries", "rules"]
