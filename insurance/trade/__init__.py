"""Trade: cover that a business decides on once, for many parcels."""
"""Cover for cargo of traders: its clauses, its papers, its policies."""
