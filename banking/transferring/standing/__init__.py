"""Standing orders: the same payment each week, month, quarter or year, once per period."""
