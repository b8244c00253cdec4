"""Carriers: what they ask for a parcel, what they take, how fast they are, and what they scan."""

__all__ = ["errors", "gateway", "queries", "rules"]
