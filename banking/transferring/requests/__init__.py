"""Asking for money: a link and a code that fill in the payer's form and can be paid once."""

__all__ = ["errors", "queries", "service"]
