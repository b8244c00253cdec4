"""What is paid to insurer and states for a closed month, and how long the claims money lasts."""

__all__ = ["errors", "queries", "service"]
