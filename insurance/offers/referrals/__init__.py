"""Risks that the gate refers: asked of an underwriter, answered within a working day."""

__all__ = ["errors", "events", "parcels", "queries", "service", "subjects", "words"]
