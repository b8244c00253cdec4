"""Card payments that a cardholder disputes: what their bank takes, and what comes back."""

__all__ = ["errors", "events", "queries", "service"]
