"""Money between a paid order and its end."""
