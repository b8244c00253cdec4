"""The desk on which underwriters judge what the gate refers, and the letters that tell of it."""

__all__: list[str] = []
