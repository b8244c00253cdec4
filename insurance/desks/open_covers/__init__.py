"""The underwriter's desk of open covers: applications, terms, notices, and the year's end."""

__all__: list[str] = []
