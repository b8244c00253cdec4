"""The demonstration's mailbox: every mail the house sent, readable in a page."""

__all__ = []
