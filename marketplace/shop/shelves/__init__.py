"""The read model that listings and search results are served from."""
