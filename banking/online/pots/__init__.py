"""Pots: money that an owner sets aside inside a wallet for something to come."""

__all__ = ["errors", "queries", "service"]
