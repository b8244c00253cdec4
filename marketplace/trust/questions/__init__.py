"""Questions about goods, which whoever sells them answers in public, once."""
