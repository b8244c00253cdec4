"""Whether a certificate of cargo would be taken by a bank and by a buyer, point by point."""

__all__ = ["queries"]
