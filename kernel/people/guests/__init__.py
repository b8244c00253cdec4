"""Guests: they buy without an account, open their order by a letter's link, and may keep it in one.

A guest is a row among people with an address for letters alone, and has a session as everybody has;
`actor.is_guest` tells them apart, and the role `guest` opens what one needs for an order of one's
own.
"""

__all__ = ["errors", "events", "queries", "service"]
