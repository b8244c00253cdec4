"""The package marketplace."""
