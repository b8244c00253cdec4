"""Shop: the pages that shoppers see, and what they are read from."""
