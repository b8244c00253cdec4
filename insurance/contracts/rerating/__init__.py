"""What a tariff that is being written would have made of the policies of late."""

__all__ = ["events", "queries", "service"]
