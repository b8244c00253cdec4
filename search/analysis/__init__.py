"""Text to tokens, once, in Python, for every engine."""
