"""Pages on which holders change, hand over and end their cover."""

__all__ = ["pages", "words"]
