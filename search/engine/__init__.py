"""Where documents are kept and found: one port, one mapping, three engines."""
