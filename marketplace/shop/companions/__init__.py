"""Which goods shoppers put together, told only where several of them did."""

__all__ = ["service"]
