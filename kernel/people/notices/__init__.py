"""Which mails somebody wants: packages say what they write, people say what they read."""

__all__ = ["queries", "service"]
