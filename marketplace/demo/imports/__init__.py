"""Catalogues from files, of any size: read line by line, refused line by line."""

__all__ = ["bulk", "loading"]
