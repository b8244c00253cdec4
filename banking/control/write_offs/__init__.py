"""What the house takes as a loss: debts written off, disputes given up; two people for each."""

__all__ = ["errors", "queries", "service"]
