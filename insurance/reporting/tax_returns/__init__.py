"""Premium tax that insurers owe to states: due by period, prepared, confirmed and paid."""

__all__ = ["errors", "queries", "service"]
