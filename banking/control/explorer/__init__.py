"""The books as the operator sees them: account kinds by currency, proved on request."""

__all__ = ["queries"]
