"""Cover for trade: rules and clauses that a business decides on once, for many parcels."""
