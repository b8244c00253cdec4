"""Reports, what is decided on them, objections, and the second look: one for every kind of subject.

What may be reported, rooms above say in their `reportable`; none of them is known here.
"""

__all__ = ["errors", "forms", "letters", "queries", "rules", "service", "subjects"]
