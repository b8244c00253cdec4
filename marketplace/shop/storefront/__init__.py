"""The shop's public pages: home, shelves, search, products, vendors."""
