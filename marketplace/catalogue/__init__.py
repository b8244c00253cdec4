"""Catalogue: what is sold, by whom, at what price, how many there are, and what shows it."""
