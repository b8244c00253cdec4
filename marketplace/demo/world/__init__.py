"""The demonstration's world and the bulk doors into the catalogue: seeds and imports."""

__all__ = []
