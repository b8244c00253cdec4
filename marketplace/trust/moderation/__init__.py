"""Reports about listings, what was decided on them, and objections to that."""
