"""Which pictures a product shows, in which order, and what they say they show."""
