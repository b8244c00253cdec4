"""The insurer's desk: months with their bordereaux, and the records behind each line."""

__all__ = ["forms"]
