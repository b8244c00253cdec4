"""Trade: cover that a business decides on once, for many parcels."""
