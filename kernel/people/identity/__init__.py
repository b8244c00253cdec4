"""People, the companies they work for, and their sessions."""

__all__ = [
    "at_sign_in",
    "cli",
    "errors",
    "events",
    "forms",
    "guest_rows",
    "operators",
    "permissions",
    "queries",
    "safety_log",
    "service",
]
