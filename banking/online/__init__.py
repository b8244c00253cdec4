"""Online: the pages of one's own bank."""
