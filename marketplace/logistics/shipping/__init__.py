"""Shipping: what a carrier asks, the parcel on its way, and everything that was scanned."""

__all__ = ["errors", "events", "queries", "service"]
