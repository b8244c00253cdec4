"""The tariff: pure rating, refunds, endorsements and claim amounts over dated data."""

__all__ = ["queries"]
