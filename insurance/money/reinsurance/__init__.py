"""A share of premiums and claims that is ceded to reinsurers, by treaties as dated rows."""

__all__ = ["queries", "service"]
