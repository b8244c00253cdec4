"""How a buyer follows an order: each parcel's journey, its money and its cover in one story."""

__all__ = ["queries"]
