"""What is seen of the house from outside: statements, and from them lines, figures and traces."""

__all__ = ["commands", "metrics", "outages", "outgoing", "starting", "statements", "tracing"]
