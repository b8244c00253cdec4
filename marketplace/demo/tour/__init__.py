"""One purchase walked through the whole house, as `make demo` shows it; the commands."""

__all__ = []
