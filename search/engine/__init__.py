"""Text to tokens, tokens to a plan, a plan to a page; one port, one mapping, three engines.

Read: scripts, words → mapping, port → embedded, elastic, memory → planner, pages.
"""

__all__ = ["mapping", "port", "words"]
