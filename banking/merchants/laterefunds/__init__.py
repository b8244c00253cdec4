"""Giving money of an order back that was paid out: who bears it is seen before it is pressed."""
