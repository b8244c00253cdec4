"""Premium that is earned by the day while a parcel travels, and the rest when its cover ends."""

__all__ = ["queries", "service"]
