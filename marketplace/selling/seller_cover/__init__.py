"""The pages on which a shop insures its own parcels: rules, their cost, and losses by lane."""

__all__ = ["queries"]
