"""The house put together: its packages, and the application for any WSGI server.

`gunicorn "wsgi:create_app()"`, or what `entrepot serve` does.
"""

from kernel.app import create_app

__all__ = ["PACKAGES", "create_app"]

# Lowest floor first. Every process reads this, so that no floor has to know those above it.
PACKAGES = ("kernel", "search", "banking", "insurance", "marketplace")
