"""The demonstration's people, shops, goods and stock, written down as data."""

__all__ = ["known", "seed"]
