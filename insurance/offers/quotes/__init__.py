"""Quotes for parcels: one stored price for every page until it is bound or has run out."""

__all__ = ["changed", "errors", "lifting", "queries", "rules", "service", "taxed"]
