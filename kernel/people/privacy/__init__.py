"""What somebody wrote in any room: one file of it, and one way to let all of it go."""

__all__ = ["queries", "service"]
