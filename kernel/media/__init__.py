"""Media: pictures that people send."""
