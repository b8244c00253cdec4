"""Shipping: the parcel on its way, its papers, and everything that was scanned."""

__all__ = ["errors", "events", "passing", "queries", "service"]
