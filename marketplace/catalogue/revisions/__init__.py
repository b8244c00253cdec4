"""The history of a listing: who changed what, when, and what it said before."""
