"""Landed: what goods cost at a door, before and in a checkout."""
