"""What was booked for a policy or a claim, and what was ceded, for who may look at the insurer."""

__all__ = ["queries"]
