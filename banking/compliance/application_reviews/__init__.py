"""The desk where officers look at applications, two on each decision."""

__all__ = ["queries"]
