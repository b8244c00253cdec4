"""Every movement of all wallets: searched, filtered, paged by key, taken along as a table."""

__all__ = ["queries"]
