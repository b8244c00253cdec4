"""Finding products in every language: an index that is only ever a cache of the database."""
