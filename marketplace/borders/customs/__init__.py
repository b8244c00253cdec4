"""Customs: what a parcel costs at a border, why, and what the authority says about it."""

__all__ = ["errors", "events", "queries", "service"]
