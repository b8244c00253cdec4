"""Documents that customers showed: who of the house opened one and why, and how long they stay."""

__all__ = ["errors", "queries", "service"]
