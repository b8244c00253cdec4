"""Two sets of books: the platform's as agent, and the insurer's own."""
