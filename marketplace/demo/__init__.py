"""Demonstration: its people, goods and story."""
