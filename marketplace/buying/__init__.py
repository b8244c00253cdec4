"""Buying: buyers, their carts, the checkout and what was ordered."""
