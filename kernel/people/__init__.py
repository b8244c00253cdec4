"""People: who somebody is, how they prove it, and what they may settle about their account."""
