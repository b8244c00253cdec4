"""The vendor's desk: orders to pack, goods for sale, money earned."""

__all__ = ["errors", "queries"]
