"""Currencies against each other: reference rates, quotes, exchanges."""
