"""Listings that are not finished: kept as typed, and never overwritten unseen."""
