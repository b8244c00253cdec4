"""What one parcel costs at the door: its ways, what the border takes, what its cover costs."""

__all__ = ["errors", "queries", "service"]
