"""Purchases paid by card without a wallet: charged, placed once, or given back."""

__all__ = ["errors", "events", "queries", "service"]
