"""People, the companies they work for, and their sessions."""
