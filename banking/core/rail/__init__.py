"""The payment rail to other banks: its days and cut-offs, what it is sent, what it notifies."""

__all__ = ["errors", "events", "queries", "service"]
