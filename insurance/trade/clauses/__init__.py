"""Sets of clauses for cargo: what each pays for, peril by peril, and a page that compares them."""

__all__ = ["queries"]
